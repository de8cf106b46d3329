#include "probes/core/forecast.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

std::uint64_t how_often(Milliseconds window, Milliseconds every) {
  return static_cast<std::uint64_t>((window + every - Milliseconds{1}) / every);
}

// A window that is no whole number of days touches one more day, with caps of its own.
std::uint64_t days_touched(Milliseconds window) {
  constexpr Milliseconds day = std::chrono::hours{24};
  return how_often(window, day) + (window % day == Milliseconds{0} ? 0 : 1);
}

// A decision that flips at every run asks for a confirm run after each.
Milliseconds shortest_interval(const Schedule& schedule) {
  if (schedule.confirm_after == Milliseconds{0}) return schedule.interval;
  return std::min(schedule.interval, std::max(schedule.confirm_after, schedule.minimum_interval));
}

std::uint64_t primary_tokens(const ProbePlan& plan) {
  return plan.routes.empty() || is_counted_by_stub(plan)
             ? 0
             : plan.routes.front()->contract->output_tokens_at_most;
}

}  // namespace

std::uint32_t attempts_at_most(const ProbePlan& plan) {
  if (is_client_drill(plan)) return 0;
  if (sends_as(plan) != Mode::walk) return 1;
  const auto routes = static_cast<std::uint32_t>(plan.routes.size());
  return std::min(plan.retry.attempt_budget, plan.retry.attempts_per_route * routes);
}

std::uint64_t output_tokens_at_most(const ProbePlan& plan) {
  if (is_counted_by_stub(plan)) return 0;  // no provider is called
  std::uint64_t dearest = 0;
  for (const auto& route : plan.routes) {
    dearest = std::max<std::uint64_t>(dearest, route->contract->output_tokens_at_most);
  }
  return dearest * attempts_at_most(plan);
}

Forecast forecast(const ProbePlan& plan, Milliseconds window, std::uint32_t hosts) {
  if (is_client_drill(plan)) return {.binding = "not_scheduled"};
  const Schedule& schedule = plan.schedule;
  const std::uint64_t attempts = attempts_at_most(plan);
  const std::uint64_t run_tokens = output_tokens_at_most(plan);
  const std::uint64_t days = days_touched(window);
  // A run begins only where all that it may send fits into what the day has left.
  const std::uint64_t by_calls = schedule.calls_per_day / attempts;
  const std::uint64_t by_tokens = schedule.output_tokens_per_day == 0 || run_tokens == 0
                                      ? by_calls
                                      : schedule.output_tokens_per_day / run_tokens;
  const std::uint64_t fitting = days * std::min(by_calls, by_tokens);
  const std::uint64_t most_runs = how_often(window, shortest_interval(schedule));

  Forecast forecast;
  forecast.runs = how_often(window, schedule.interval);
  forecast.calls_expected =
      std::min(forecast.runs,
               days * (schedule.calls_per_day -
                       std::min<std::uint64_t>(attempts - 1, schedule.calls_per_day)));
  forecast.calls_at_worst = std::min(most_runs, fitting) * attempts;
  forecast.output_tokens_expected = forecast.calls_expected * primary_tokens(plan);
  forecast.output_tokens_at_worst = std::min(most_runs, fitting) * run_tokens;
  forecast.runs_not_fitting = forecast.runs - std::min(forecast.runs, fitting);
  forecast.binding = most_runs <= fitting   ? "interval"
                     : by_tokens < by_calls ? "output_tokens_per_day"
                                            : "calls_per_day";
  for (auto* count : {&forecast.runs,
                      &forecast.calls_expected,
                      &forecast.calls_at_worst,
                      &forecast.output_tokens_expected,
                      &forecast.output_tokens_at_worst,
                      &forecast.runs_not_fitting}) {
    *count *= hosts;
  }
  return forecast;
}

}  // namespace smokeledger::probes::core
