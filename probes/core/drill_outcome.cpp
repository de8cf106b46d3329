#include "probes/core/drill_outcome.h"

#include <utility>

namespace smokeledger::probes::core {
namespace {

Layer layer_of(DrillOf of) {
  switch (of) {
    case DrillOf::gateway:
      return Layer::gateway;
    case DrillOf::client:
      return Layer::external_client;
    case DrillOf::walk:
      break;
  }
  return Layer::client;
}

void take_count(const ProbePlan& plan, const DrillVerdict& verdict, Outcome& outcome) {
  outcome.observed_layer = layer_of(plan.drill->of);
  outcome.attempt_budget = plan.drill->terms.budget;
  outcome.arrivals = verdict.arrivals;
  outcome.arrival_gaps = verdict.gaps;
  outcome.within_budget = verdict.within_budget;
  outcome.unresolved.insert(
      outcome.unresolved.end(), verdict.findings.begin(), verdict.findings.end());
}

// Of somebody else, whose waits only the stub saw.
void take_behaviour(const DrillVerdict& verdict, Outcome& outcome) {
  outcome.backoff_policy_seen = verdict.backoff_policy_seen;
  outcome.jitter_seen = verdict.jitter_seen;
  if (verdict.backoff_policy_seen == Seen::no) outcome.unresolved.emplace_back(no_backoff_seen);
}

// Our own waits are known to us; what the stub saw must agree with them.
void compare_with_sent(Outcome& outcome) {
  const auto& attempts = outcome.attempts;
  if (*outcome.arrivals != attempts.size()) {
    outcome.unresolved.emplace_back(counted_other_than_sent);
    return;
  }
  for (std::size_t i = 0; i < outcome.arrival_gaps.size() && i + 1 < attempts.size(); ++i) {
    if (outcome.arrival_gaps[i] + wait_tolerance >= attempts[i + 1].planned_wait) continue;
    outcome.unresolved.emplace_back(gap_below_planned_wait);
    return;
  }
}

// A gateway that tells how often it tried should tell what the stub counted.
void compare_with_evidence(const ProbePlan& plan, Outcome& outcome) {
  const Gateway gateway = plan.routes.front()->provider->gateway;
  if (outcome.attempts.empty() || gateway == Gateway::none) return;
  const Attempt& call = outcome.attempts.back();
  const UpstreamCalls told = upstream_calls(gateway, call.gateway_retries, call.gateway_fallbacks);
  const bool fits =
      told.exact ? *outcome.arrivals == told.at_least : *outcome.arrivals >= told.at_least;
  if (!fits) outcome.unresolved.emplace_back(gateway_evidence_differs);
}

}  // namespace

Outcome conclude_drill(const ProbePlan& plan, Outcome outcome, const DrillVerdict& verdict) {
  // Nothing was sent, or the run was cut short: there is nothing to compare.
  if (outcome.decision == Decision::paused) return outcome;
  take_count(plan, verdict, outcome);
  if (plan.drill->of == DrillOf::gateway) {
    take_behaviour(verdict, outcome);
    compare_with_evidence(plan, outcome);
  } else {
    compare_with_sent(outcome);
  }
  return decide(plan, std::move(outcome), RunEnd::finished, Gap::none);
}

Outcome conclude_client_drill(const ProbePlan& plan,
                              const RunFacts& facts,
                              const DrillVerdict& verdict) {
  Outcome outcome = summarise(plan, facts, {});
  take_count(plan, verdict, outcome);
  take_behaviour(verdict, outcome);
  outcome.caller_received = verdict.caller_received;
  return decide(plan, std::move(outcome), facts.end, Gap::none);
}

Outcome conclude_live_drill(const ProbePlan& plan, Outcome outcome) {
  if (outcome.decision == Decision::paused) return outcome;
  if (outcome.failure_class != FailureClass::none && outcome.reason != Reason::auth) {
    outcome.unresolved.emplace_back(refused_for_another_reason);
  }
  return decide(plan, std::move(outcome), RunEnd::finished, Gap::none);
}

}  // namespace smokeledger::probes::core
