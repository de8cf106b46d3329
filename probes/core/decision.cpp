#include "probes/core/decision.h"

#include <algorithm>
#include <array>

#include "probes/core/pressure.h"

namespace smokeledger::probes::core {
namespace {

bool last_is_usable(const Outcome& outcome) {
  return !outcome.attempts.empty() && outcome.attempts.back().usable();
}

template <class... Reasons>
bool any_reason(const Outcome& outcome, Reasons... reasons) {
  return std::any_of(outcome.attempts.begin(), outcome.attempts.end(), [&](const Attempt& attempt) {
    return ((attempt.reason == reasons) || ...);
  });
}

template <Gap of>
bool paused_for(const Outcome&, RunEnd end, Gap gap) {
  return end == RunEnd::paused && gap == of;
}

bool token_cap_reached(const Outcome& outcome, RunEnd end, Gap gap) {
  return paused_for<Gap::budget>(outcome, end, gap) && says(outcome.unresolved, tokens_reached);
}

// What the stub counted is known: not of a live drill, nor of one that sent nothing.
bool is_counted(const Outcome& outcome) {
  return outcome.mode == Mode::drill && outcome.arrivals;
}

bool drill_not_exercised(const Outcome& outcome, RunEnd, Gap) {
  return is_counted(outcome) && *outcome.arrivals == 0;
}

bool drill_over_budget(const Outcome& outcome, RunEnd, Gap) {
  return is_counted(outcome) && outcome.within_budget == WithinBudget::no;
}

bool drill_did_not_stop(const Outcome& outcome, RunEnd, Gap) {
  return is_counted(outcome) && says(outcome.unresolved, arrivals_after_answer);
}

bool drill_count_differs(const Outcome& outcome, RunEnd, Gap) {
  return is_counted(outcome) && (says(outcome.unresolved, arrivals_not_as_declared) ||
                                 says(outcome.unresolved, counted_other_than_sent));
}

bool drill_within_budget(const Outcome& outcome, RunEnd, Gap) {
  return is_counted(outcome) && outcome.observed_layer == Layer::external_client;
}

bool run_interrupted(const Outcome&, RunEnd end, Gap) {
  return end != RunEnd::finished;
}

bool network_is_gone(const Outcome& outcome, RunEnd, Gap) {
  return failed_before_connecting(outcome) && says(outcome.pressure, pressure::no_provider_reached);
}

bool gateway_evidence_missing(const Outcome& outcome, RunEnd, Gap) {
  return without_evidence(outcome) != nullptr;
}

bool gateway_gave(const Outcome& outcome) {
  return outcome.observed_layer == Layer::gateway && last_is_usable(outcome);
}

bool gateway_fell_back(const Outcome& outcome, RunEnd, Gap) {
  return gateway_gave(outcome) && outcome.attempts.back().gateway_fallbacks.value_or(0) > 0;
}

bool gateway_retried(const Outcome& outcome, RunEnd, Gap) {
  return gateway_gave(outcome) && outcome.attempts.back().gateway_retries.value_or(0) > 0;
}

bool gateway_sent_once(const Outcome& outcome, RunEnd, Gap) {
  return gateway_gave(outcome) && outcome.attempts.back().gateway_retries == 0U &&
         outcome.attempts.back().gateway_fallbacks == 0U;
}

bool gateway_does_not_tell(const Outcome& outcome, RunEnd, Gap) {
  return gateway_gave(outcome) && !is_counted(outcome);
}

bool first_attempt_usable(const Outcome& outcome, RunEnd, Gap) {
  return last_is_usable(outcome) && outcome.attempts.size() == 1;
}

bool usable_after_retry(const Outcome& outcome, RunEnd, Gap) {
  return last_is_usable(outcome) && outcome.fallback_layer != Layer::client;
}

bool fallback_usable(const Outcome& outcome, RunEnd, Gap) {
  return last_is_usable(outcome);
}

bool account_context_needed(const Outcome& outcome, RunEnd, Gap) {
  return any_reason(outcome, Reason::auth, Reason::account_state);
}

bool probe_is_wrong(const Outcome& outcome, RunEnd, Gap) {
  return any_reason(outcome, Reason::probe_defect);
}

bool shape_unusable(const Outcome& outcome, RunEnd, Gap) {
  return any_reason(outcome,
                    Reason::shape_rejected,
                    Reason::in_stream_error,
                    Reason::truncated,
                    Reason::too_large,
                    Reason::protocol);
}

bool under_retry_pressure(const Outcome& outcome, RunEnd, Gap) {
  return outcome.failure_class == FailureClass::retryable &&
         (says(outcome.pressure, pressure::without_recovery) ||
          says(outcome.pressure, pressure::tokens_short));
}

bool budget_exhausted(const Outcome& outcome, RunEnd, Gap) {
  return outcome.failure_class == FailureClass::retryable;
}

bool always(const Outcome&, RunEnd, Gap) {
  return true;
}

// To add a rule: its function above, its row here, at its priority.
constexpr auto table = std::to_array<Rule>({
    {"credential_missing",
     "Nothing was sent: the credential is missing, unusable or still the placeholder.",
     Decision::paused,
     paused_for<Gap::credential>,
     Gap::credential},
    {"quiet_window",
     "Nothing was sent: a quiet window of this probe is open.",
     Decision::paused,
     paused_for<Gap::window>,
     Gap::window},
    {"token_cap_reached",
     "Nothing was sent: the output tokens allowed to this probe for the day may not suffice.",
     Decision::paused,
     token_cap_reached,
     Gap::budget},
    {"call_cap_reached",
     "Nothing was sent: the calls allowed to this probe for the day are used.",
     Decision::paused,
     paused_for<Gap::budget>,
     Gap::budget},
    {"contract_review_overdue",
     "Nothing was sent: nobody opened the documentation behind a contract for too long.",
     Decision::paused,
     paused_for<Gap::contract_review>,
     Gap::contract_review},
    {"drill_script_in_use",
     "Nothing was sent: another drill by the same script was under way.",
     Decision::paused,
     paused_for<Gap::not_exercised>,
     Gap::not_exercised},
    {"drill_over_budget",
     "More requests arrived at the stub than the budget allows: reduce retry pressure.",
     Decision::escalate,
     drill_over_budget},
    {"run_interrupted",
     "The run was cut short by this process, so its result is not known.",
     Decision::paused,
     run_interrupted,
     Gap::interrupted},
    {"local_network_gone",
     "No provider could be reached at the same time: this host's network, not a route.",
     Decision::paused,
     network_is_gone,
     Gap::local_network},
    {"drill_not_exercised",
     "Nothing arrived at the stub, so the drill showed nothing.",
     Decision::paused,
     drill_not_exercised,
     Gap::not_exercised},
    {"drill_did_not_stop",
     "Requests still arrived at the stub after the caller had its answer.",
     Decision::escalate,
     drill_did_not_stop},
    {"drill_count_differs",
     "The stub counted other requests than were sent or declared.",
     Decision::escalate,
     drill_count_differs},
    {"drill_within_budget",
     "The client's requests arrived within the budget and stopped.",
     Decision::keep_primary,
     drill_within_budget},
    {"gateway_evidence_missing",
     "A usable reply did not tell what this probe requires its gateway to tell.",
     Decision::escalate,
     gateway_evidence_missing},
    {"gateway_fell_back",
     "The gateway tells that it went on to a fallback, which gave a usable reply.",
     Decision::use_fallback,
     gateway_fell_back},
    {"gateway_retried",
     "The gateway tells that a usable reply came after at least one retry of its own.",
     Decision::retry_primary,
     gateway_retried},
    {"gateway_sent_once",
     "The gateway tells that its first attempt gave the usable reply.",
     Decision::keep_primary,
     gateway_sent_once},
    {"gateway_does_not_tell",
     "The reply was usable; whether the gateway retried or fell back is not known.",
     Decision::keep_primary,
     gateway_does_not_tell},
    {"first_attempt_usable",
     "The primary route gave a usable reply at the first attempt.",
     Decision::keep_primary,
     first_attempt_usable},
    {"usable_after_retry",
     "The primary route gave a usable reply after at least one retry.",
     Decision::retry_primary,
     usable_after_retry},
    {"fallback_usable",
     "The primary route gave no usable reply; a later route did.",
     Decision::use_fallback,
     fallback_usable},
    {"account_context_needed",
     "A refusal needs account-specific context that only a person has.",
     Decision::escalate,
     account_context_needed},
    {"probe_defect",
     "The request of this probe was refused as wrong: repair the probe first.",
     Decision::escalate,
     probe_is_wrong},
    {"shape_unusable",
     "A reply came whose shape the parser cannot use.",
     Decision::escalate,
     shape_unusable},
    {"retry_pressure",
     "Retries kept happening without recovery, so less was sent and no fallback on top.",
     Decision::escalate,
     under_retry_pressure},
    {"budget_exhausted",
     "The last failure looks transient, and the policy allowed no further attempt.",
     Decision::escalate,
     budget_exhausted},
    {"not_transient",
     "The failure does not look transient, so it was not retried.",
     Decision::escalate,
     always},
});

bool expectation_met(Expectation expect, const Outcome& outcome) {
  switch (expect) {
    case Expectation::usable_response:
      return outcome.caller_received == CallerReceived::usable_response;
    case Expectation::controlled_failure:
      return outcome.caller_received == CallerReceived::controlled_failure &&
             outcome.within_budget != WithinBudget::no && outcome.backoff_policy_seen != Seen::no;
    case Expectation::keep_primary:
      return outcome.decision == Decision::keep_primary;
    case Expectation::retry_primary:
      return outcome.decision == Decision::retry_primary;
    case Expectation::use_fallback:
      return outcome.decision == Decision::use_fallback;
    case Expectation::escalate:
      return outcome.decision == Decision::escalate;
  }
  return false;
}

// By a rule of drills alone, whatever else was expected.
bool drill_failed(const Outcome& outcome) {
  constexpr auto finished = RunEnd::finished;
  return drill_over_budget(outcome, finished, Gap::none) ||
         drill_did_not_stop(outcome, finished, Gap::none) ||
         drill_count_differs(outcome, finished, Gap::none);
}

// A real client is judged by what it received only where its exit code says that.
bool is_silent_client(const Outcome& outcome) {
  return outcome.observed_layer == Layer::external_client &&
         outcome.caller_received == CallerReceived::unknown;
}

// A wrong probe, a host that cannot send or a reply beyond our reader says nothing of the route.
// The stub's refusal of a request is scripted.
bool could_not_tell(const Outcome& outcome) {
  const bool wrong_probe = any_reason(outcome, Reason::probe_defect) && !is_counted(outcome);
  return wrong_probe || any_reason(outcome, Reason::local_network) ||
         std::any_of(outcome.attempts.begin(), outcome.attempts.end(), [](const Attempt& attempt) {
           return attempt.parser_result == ParserResult::inconclusive;
         });
}

// A decision that rests on what the gateway did not tell: it might have been the expected one.
bool might_be_met(Expectation expect, const Outcome& outcome) {
  if (!gateway_gave(outcome)) return false;
  const Attempt& call = outcome.attempts.back();
  if (expect == Expectation::use_fallback) return !call.gateway_fallbacks;
  return expect == Expectation::retry_primary && !call.gateway_retries &&
         call.gateway_fallbacks.value_or(0) == 0;
}

// Met, but something was seen that a person should look at.
bool has_findings(Expectation expect, const Outcome& outcome) {
  const bool other_model =
      std::any_of(outcome.attempts.begin(), outcome.attempts.end(), [](const Attempt& attempt) {
        return attempt.served_model_match == ServedModelMatch::different;
      });
  // Whether a gateway fell back does not matter where what arrived behind it was counted.
  const bool fell_back = outcome.fallback_taken == Tristate::yes ||
                         (outcome.fallback_taken == Tristate::unknown && !is_counted(outcome));
  const bool unexpected_fallback =
      fell_back && expect != Expectation::use_fallback && !failure_expected(expect);
  return unexpected_fallback || other_model || !outcome.unresolved.empty() ||
         outcome.within_budget != WithinBudget::yes;
}

}  // namespace

bool failure_expected(Expectation expect) {
  return expect == Expectation::controlled_failure || expect == Expectation::escalate;
}

std::span<const Rule> rules() {
  return table;
}

const Attempt* without_evidence(const Outcome& outcome) {
  for (const Attempt& attempt : outcome.attempts) {
    const bool missing =
        std::any_of(attempt.findings.begin(), attempt.findings.end(), [](const Finding& finding) {
          return finding.code == FindingCode::gateway_evidence_missing;
        });
    if (missing) return &attempt;
  }
  return nullptr;
}

CheckResult grade(Expectation expect, const Outcome& outcome) {
  if (outcome.decision == Decision::paused) return CheckResult::investigate;
  if (drill_failed(outcome)) return CheckResult::fail;
  // Also where a failure was expected: could not check is never passed.
  const bool usable = outcome.caller_received == CallerReceived::usable_response;
  if (!usable && could_not_tell(outcome)) return CheckResult::investigate;
  if (without_evidence(outcome) != nullptr) return CheckResult::fail;
  if (!is_silent_client(outcome) && !expectation_met(expect, outcome)) {
    return might_be_met(expect, outcome) ? CheckResult::investigate : CheckResult::fail;
  }
  return has_findings(expect, outcome) ? CheckResult::investigate : CheckResult::pass;
}

Outcome decide(const ProbePlan& plan, Outcome observed, RunEnd end, Gap gap) {
  const auto rule = std::find_if(table.begin(), table.end(), [&](const Rule& candidate) {
    return candidate.applies(observed, end, gap);
  });
  observed.decision = rule->decision;
  observed.rule = rule->id;
  observed.because = rule->because;
  observed.gap = rule->gap;
  observed.check_result = grade(plan.expect, observed);
  return observed;
}

bool backs_off(const Outcome& outcome) {
  return outcome.decision == Decision::escalate && outcome.check_result != CheckResult::pass;
}

}  // namespace smokeledger::probes::core
