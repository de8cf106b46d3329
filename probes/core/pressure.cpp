#include "probes/core/pressure.h"

#include <algorithm>
#include <set>

#include "probes/core/decision.h"
#include "probes/core/forecast.h"

namespace smokeledger::probes::core {
namespace {

constexpr std::chrono::hours same_time{4};

std::set<std::string_view> providers_of(const Outcome& outcome) {
  std::set<std::string_view> names;
  for (const Attempt& attempt : outcome.attempts) names.insert(attempt.provider);
  return names;
}

bool newest_attempt_unreached(const State& state, const std::string& provider, WallTime now) {
  const auto known = state.providers.reach.find(provider);
  return known != state.providers.reach.end() && !known->second.reached &&
         now - known->second.tried_at <= same_time;
}

}  // namespace

bool says(std::span<const std::string> facts, std::string_view word) {
  return std::any_of(
      facts.begin(), facts.end(), [&](const std::string& fact) { return fact.starts_with(word); });
}

std::optional<std::string> retry_pressure(const ProbePlan& plan, const ProbeState* state) {
  if (state == nullptr || plan.retry.pressure_after == 0 || sends_as(plan) != Mode::walk ||
      failure_expected(plan.expect) || plan.expect == Expectation::use_fallback ||
      state->retries_without_recovery < plan.retry.pressure_after) {
    return std::nullopt;
  }
  return std::string(pressure::without_recovery) + std::to_string(state->retries_without_recovery);
}

bool failed_before_connecting(const Outcome& outcome) {
  return !outcome.attempts.empty() &&
         std::all_of(outcome.attempts.begin(), outcome.attempts.end(), [](const Attempt& attempt) {
           return failed_before_connecting(attempt);
         });
}

std::vector<std::string> outside_providers(
    std::span<const std::shared_ptr<const ProbePlan>> plans) {
  std::set<std::string> names;
  for (const auto& plan : plans) {
    for (const auto& route : plan->routes) {
      if (!route->provider->loopback) names.insert(route->provider->name);
    }
  }
  return {names.begin(), names.end()};
}

std::optional<std::string> local_network_gone(const State& state,
                                              std::span<const std::string> outside,
                                              const Outcome& outcome,
                                              WallTime now) {
  if (!failed_before_connecting(outcome)) return std::nullopt;
  const auto tried = providers_of(outcome);
  const bool kernel_says_so =
      std::all_of(outcome.attempts.begin(), outcome.attempts.end(), [](const Attempt& attempt) {
        return attempt.reason == Reason::local_network;
      });
  const auto is_outside = [&](std::string_view name) {
    return std::find(outside.begin(), outside.end(), name) != outside.end();
  };
  const bool all =
      outside.size() >= 2 && std::all_of(tried.begin(), tried.end(), is_outside) &&
      std::all_of(outside.begin(), outside.end(), [&](const std::string& provider) {
        return tried.contains(provider) || newest_attempt_unreached(state, provider, now);
      });
  if (!kernel_says_so && !all) return std::nullopt;
  return std::string(pressure::no_provider_reached) +
         std::to_string(all ? outside.size() : tried.size());
}

std::optional<std::string_view> daily_cap_reached(const ProbePlan& plan,
                                                  const ProbeState* state,
                                                  WallTime now) {
  if (state == nullptr || !state->last_attempt ||
      utc_day(state->last_attempt->wall) != utc_day(now)) {
    return std::nullopt;
  }
  if (std::uint64_t{state->calls_today} + attempts_at_most(plan) > plan.schedule.calls_per_day) {
    return calls_reached;
  }
  const std::uint64_t cap = plan.schedule.output_tokens_per_day;
  if (cap != 0 && state->output_tokens_today + output_tokens_at_most(plan) > cap) {
    return tokens_reached;
  }
  return std::nullopt;
}

}  // namespace smokeledger::probes::core
