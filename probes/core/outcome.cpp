#include "probes/core/outcome.h"

#include <algorithm>
#include <optional>

#include "probes/core/retry.h"

namespace smokeledger::probes::core {
namespace {

// A wait before a retry, beside the bounds that our policy sets for it.
struct RetryWait {
  Milliseconds waited{0};
  WaitBounds bounds;
  bool asked_for = false;  // the reply named a wait that we heeded
};

std::vector<RetryWait> retry_waits(const RetryPolicy& retry, const std::vector<Attempt>& attempts) {
  std::vector<RetryWait> waits;
  std::uint32_t number = 0;
  for (std::size_t i = 1; i < attempts.size(); ++i) {
    if (attempts[i].route != attempts[i - 1].route) {
      number = 0;
      continue;
    }
    const RetryAfterSeen seen = attempts[i - 1].retry_after;
    const bool asked_for = seen == RetryAfterSeen::obeyed || seen == RetryAfterSeen::capped;
    WaitBounds bounds = backoff_bounds(retry, number++, attempts[i - 1].planned_wait);
    if (asked_for) bounds.most = std::max(bounds.most, retry.retry_after_cap);
    waits.push_back({attempts[i].planned_wait, bounds, asked_for});
  }
  return waits;
}

Seen backoff_seen(const std::vector<RetryWait>& waits) {
  if (waits.empty()) return Seen::not_exercised;
  const bool bounded = std::all_of(waits.begin(), waits.end(), [](const RetryWait& wait) {
    return wait.waited >= wait.bounds.least && wait.waited <= wait.bounds.most;
  });
  return bounded ? Seen::yes : Seen::no;
}

// Two or more jittered waits are needed to see jitter; it shows when they stand at different places
// between their bounds.
Seen jitter_seen(const std::vector<RetryWait>& waits) {
  std::vector<std::int64_t> shares;
  for (const RetryWait& wait : waits) {
    const Milliseconds width = wait.bounds.most - wait.bounds.least;
    if (wait.asked_for || width <= Milliseconds{0}) continue;
    shares.push_back((wait.waited - wait.bounds.least).count() * 1000 / width.count());
  }
  if (shares.size() < 2) return Seen::not_exercised;
  const bool differ = std::any_of(
      shares.begin(), shares.end(), [&](std::int64_t share) { return share != shares.front(); });
  return differ ? Seen::yes : Seen::no;
}

CallerReceived caller_received(RunEnd end, const std::vector<Attempt>& attempts) {
  if (attempts.empty()) return CallerReceived::nothing;
  if (end == RunEnd::crashed || end == RunEnd::aborted) return CallerReceived::unknown;
  return attempts.back().usable() ? CallerReceived::usable_response
                                  : CallerReceived::controlled_failure;
}

// Cut off in flight: a run that ends while it waits knows the result of all that it sent.
bool last_result_unknown(const std::vector<Attempt>& attempts) {
  return !attempts.empty() && (attempts.back().reason == Reason::aborted ||
                               attempts.back().reason == Reason::unknown_crash);
}

Gateway gateway_of(const ProbePlan& plan, const Attempt& attempt) {
  const auto on = std::find_if(plan.routes.begin(), plan.routes.end(), [&](const auto& route) {
    return route->name == attempt.route;
  });
  return on == plan.routes.end() ? Gateway::none : (*on)->provider->gateway;
}

// Of a direct probe nobody asked what a gateway may add. Two layers that both retry multiply: of a
// walk and of gateway mode all that is known to have reached what stands behind a gateway counts,
// and where a gateway that tells its retries did not tell them, nobody knows.
WithinBudget within_budget(const ProbePlan& plan, const Outcome& outcome) {
  if (outcome.attempts.size() > outcome.attempt_budget) return WithinBudget::no;
  const Mode mode = sends_as(plan);
  if (mode == Mode::direct) return WithinBudget::yes;
  std::uint64_t calls = 0;
  bool known = true;
  for (const Attempt& attempt : outcome.attempts) {
    const Gateway gateway = gateway_of(plan, attempt);
    const UpstreamCalls upstream =
        upstream_calls(gateway, attempt.gateway_retries, attempt.gateway_fallbacks);
    calls += upstream.at_least;
    const bool told =
        upstream.exact || (mode == Mode::walk && !can_tell(gateway, Evidence::retries));
    known = known && told;
  }
  if (calls > outcome.attempt_budget) return WithinBudget::no;
  return known ? WithinBudget::yes : WithinBudget::unknown;
}

// Our client's own fallback has a route and is named before one that a gateway took meanwhile.
void describe_fallback(Outcome& outcome) {
  const Attempt& last = outcome.attempts.back();
  if (last.route != outcome.attempts.front().route) {
    outcome.fallback_taken = Tristate::yes;
    outcome.fallback_route = last.route;
    outcome.fallback_layer = Layer::client;
  } else if (std::any_of(outcome.attempts.begin(), outcome.attempts.end(), [](const auto& attempt) {
               return attempt.gateway_fallbacks.value_or(0) > 0;
             })) {
    outcome.fallback_taken = Tristate::yes;
    outcome.fallback_layer = Layer::gateway;
  } else if (outcome.observed_layer == Layer::gateway && !last.gateway_fallbacks) {
    outcome.fallback_taken = Tristate::unknown;
  }
}

void name_what_gateways_did_not_tell(const ProbePlan& plan, Outcome& outcome) {
  // In a drill the stub counts what the gateway does not tell.
  if (last_result_unknown(outcome.attempts) || is_counted_by_stub(plan)) return;
  const Attempt& last = outcome.attempts.back();
  const bool gateway_mode = plan.mode == Mode::gateway;
  if (gateway_mode ? !last.gateway_retries : outcome.within_budget == WithinBudget::unknown) {
    outcome.unresolved.emplace_back(gateway_retries_unknown);
  }
  if (gateway_mode && !last.gateway_fallbacks) {
    outcome.unresolved.emplace_back(gateway_fallbacks_unknown);
  }
}

void describe_attempts(const ProbePlan& plan, Outcome& outcome) {
  const Attempt& last = outcome.attempts.back();
  outcome.family = last.family;
  outcome.provider = last.provider;
  outcome.status_class = last.status_class;
  outcome.failure_class = last.failure_class;
  outcome.reason = last.reason;
  describe_fallback(outcome);
  const auto waits = retry_waits(plan.retry, outcome.attempts);
  outcome.retry_count = static_cast<std::uint32_t>(waits.size());
  outcome.within_budget = within_budget(plan, outcome);
  outcome.backoff_policy_seen = backoff_seen(waits);
  outcome.jitter_seen = jitter_seen(waits);
  name_what_gateways_did_not_tell(plan, outcome);
}

}  // namespace

Outcome summarise(const ProbePlan& plan, const RunFacts& facts, std::vector<Attempt> attempts) {
  Outcome outcome;
  outcome.check_id = facts.check_id;
  outcome.probe = plan.name;
  outcome.mode = plan.mode;
  outcome.trigger = facts.trigger;
  outcome.policy_sha256 = plan.policy_sha256;
  outcome.config_sha256 = plan.config_sha256;
  outcome.environment = plan.environment;
  outcome.build = facts.build;
  outcome.attempts = std::move(attempts);
  const Mode mode = sends_as(plan);
  outcome.attempt_budget = mode == Mode::direct ? 1 : plan.retry.attempt_budget;
  if (mode == Mode::gateway) outcome.observed_layer = Layer::gateway;
  outcome.caller_received = caller_received(facts.end, outcome.attempts);
  outcome.follow_up_owner = plan.owner;
  outcome.evidence_links = plan.evidence_links;
  outcome.pressure = facts.pressure;
  outcome.unresolved = plan.unresolved;
  outcome.unresolved.insert(
      outcome.unresolved.end(), facts.unresolved.begin(), facts.unresolved.end());
  if (last_result_unknown(outcome.attempts)) {
    outcome.unresolved.emplace_back(result_unknown);
  }
  if (!outcome.attempts.empty()) {
    describe_attempts(plan, outcome);
  } else if (!plan.routes.empty()) {
    outcome.family = plan.routes.front()->contract->family;
    outcome.provider = plan.routes.front()->provider->name;
  }
  return outcome;
}

}  // namespace smokeledger::probes::core
