#include "probes/core/forecast.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

std::uint64_t how_often(Milliseconds window, Milliseconds every) {
  return static_cast<std::uint64_t>((window + every - Milliseconds{1}) / every);
}

}  // namespace

std::uint32_t attempts_at_most(const ProbePlan& plan) {
  if (plan.mode == Mode::direct) return 1;
  const auto routes = static_cast<std::uint32_t>(plan.routes.size());
  return std::min(plan.retry.attempt_budget, plan.retry.attempts_per_route * routes);
}

std::uint64_t output_tokens_at_most(const ProbePlan& plan) {
  std::uint64_t dearest = 0;
  for (const auto& route : plan.routes) {
    dearest = std::max<std::uint64_t>(dearest, route->contract->output_tokens_at_most);
  }
  return dearest * attempts_at_most(plan);
}

Forecast forecast(const ProbePlan& plan, Milliseconds window, std::uint32_t hosts) {
  const Schedule& schedule = plan.schedule;
  // A decision that flips at every run asks for a confirm run after each.
  Milliseconds shortest = schedule.interval;
  if (schedule.confirm_after > Milliseconds{0}) {
    shortest = std::min(shortest, std::max(schedule.confirm_after, schedule.minimum_interval));
  }
  const std::uint64_t attempts = attempts_at_most(plan);
  const std::uint64_t days = how_often(window, std::chrono::hours{24});
  // A window that is no whole number of days touches one more day, with a cap of its own.
  const bool whole = window % Milliseconds{std::chrono::hours{24}} == Milliseconds{0};
  const std::uint64_t cap = schedule.calls_per_day * (days + (whole ? 0 : 1));

  Forecast forecast;
  forecast.runs = how_often(window, schedule.interval);
  forecast.calls_expected = std::min(forecast.runs, cap);
  const std::uint64_t uncapped = how_often(window, shortest) * attempts;
  forecast.calls_at_worst = std::min(uncapped, cap);
  forecast.binding = uncapped > cap ? "calls_per_day" : "interval";
  std::uint64_t tokens = 0;
  for (const auto& route : plan.routes) {
    tokens = std::max<std::uint64_t>(tokens, route->contract->output_tokens_at_most);
  }
  forecast.output_tokens_at_worst = forecast.calls_at_worst * tokens;
  forecast.runs *= hosts;
  forecast.calls_expected *= hosts;
  forecast.calls_at_worst *= hosts;
  forecast.output_tokens_at_worst *= hosts;
  return forecast;
}

}  // namespace smokeledger::probes::core
