// The members of a policy, each once and in the order of the text, for those who write them and
// those who read them: `members(name, value)`, with const structures for those who write. To add a
// member: one line here. Internal to policy.cpp.
#pragma once

#include <optional>
#include <type_traits>

#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// What follows each failure: a member for each reason.
template <class Members, class OfClasses>
void describe_classes(Members& members, OfClasses& classes) {
  for (const ClassRow& row : class_rows()) {
    if (row.reason == Reason::none) continue;
    members(word(row.reason), classes[static_cast<std::size_t>(row.reason)]);
  }
}

template <class Members, class OfRetry>
void describe_retry(Members& members, OfRetry& retry) {
  members("attempts_per_route", retry.attempts_per_route);
  members("attempt_budget", retry.attempt_budget);
  members("jitter", retry.jitter);
  members("base_ms", retry.base);
  members("multiplier_thousandths", retry.multiplier);
  members("cap_ms", retry.cap);
  members("retry_after_cap_ms", retry.retry_after_cap);
  members("attempt_timeout_ms", retry.attempt_timeout);
  members("deadline_ms", retry.deadline);
  members("on", retry.after);
  members("pressure_after", retry.pressure_after);
}

template <class Members, class OfWindow>
void describe_window(Members& members, OfWindow& window) {
  members("window", window.name);
  members("time_zone", window.time_zone);
  members("days", window.days);
  members("from_minute", window.from);
  members("to_minute", window.to);
}

template <class Members, class OfSchedule>
void describe_schedule(Members& members, OfSchedule& schedule) {
  members("interval_ms", schedule.interval);
  members("jitter_thousandths", schedule.jitter);
  members("minimum_interval_ms", schedule.minimum_interval);
  members("backoff_cap_ms", schedule.backoff_cap);
  members("confirm_after_ms", schedule.confirm_after);
  members("calls_per_day", schedule.calls_per_day);
  members("output_tokens_per_day", schedule.output_tokens_per_day);
  members("quiet", schedule.quiet);
}

template <class Members, class OfRoute, class OfProvider, class OfContract>
void describe_route(Members& members, OfRoute& route, OfProvider& provider, OfContract& contract) {
  members("route", route.name);
  members("endpoint_family", contract.family);
  members("provider", provider.name);
  members("base_url", provider.base_url);
  members("retry_tokens", provider.retry_tokens);
  members("auth_scheme", provider.auth);
  members("gateway", provider.gateway);
  members("request_id_header", provider.request_id_header);
  members("request_id_suffix", provider.request_id_suffix);
  members("model", route.model);
  members("stream", route.stream);
  members("model_verified_on", route.model_verified_on);
  members("model_link", route.model_link);
  members("request_contract_version", contract.version);
}

template <class Members, class OfDrill>
void describe_drill(Members& members, OfDrill& drill) {
  members("of", drill.of);
  members("live", drill.live);
  members("scripts", drill.scripts);
  members("asked", drill.terms.asked);
  members("budget", drill.terms.budget);
  members("arrivals", drill.terms.arrivals);
  members("exit_codes", drill.terms.exit_codes);
  members("settle_ms", drill.settle);
}

template <class Members, class OfPlan>
void describe_plan(Members& members, OfPlan& plan) {
  members("probe", plan.name);
  members("mode", plan.mode);
  members("expect", plan.expect);
  members("owner", plan.owner);
  members("require_evidence", plan.require_evidence);
  members("routes", plan.routes);
  members("retry", plan.retry);
  members("schedule", plan.schedule);
  // Only an age that pauses decides anything; one that is merely named changes no policy.
  std::optional<Milliseconds> pauses_at;
  if (plan.contract_review.pause) pauses_at = plan.contract_review.max_age;
  members("pause_when_contract_review_older_than_ms", pauses_at);
  // Written of drills alone: the hash of every other policy stays what it was.
  if (!std::is_const_v<OfPlan> || plan.drill) members("drill", plan.drill);
  if constexpr (!std::is_const_v<OfPlan>) {
    plan.contract_review.pause = pauses_at.has_value();
    if (pauses_at) plan.contract_review.max_age = *pauses_at;
  }
}

}  // namespace smokeledger::probes::core
