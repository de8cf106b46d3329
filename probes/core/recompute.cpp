#include "probes/core/recompute.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "probes/core/decision.h"
#include "probes/core/drill_outcome.h"
#include "probes/core/pressure.h"
#include "probes/core/recompute_drill.h"
#include "probes/core/state.h"

namespace smokeledger::probes::core {
namespace {

// Facts that follow from the attempts and the end of a run: they stand there exactly then.
constexpr std::array derived_facts{result_unknown,
                                   policy_not_loaded,
                                   gateway_retries_unknown,
                                   gateway_fallbacks_unknown,
                                   arrivals_not_as_declared,
                                   counted_other_than_sent,
                                   gap_below_planned_wait,
                                   gateway_evidence_differs,
                                   no_backoff_seen,
                                   refused_for_another_reason};

bool holds(const std::vector<std::string>& facts, std::string_view fact) {
  return std::find(facts.begin(), facts.end(), fact) != facts.end();
}

// The recorded facts, with those that follow from the attempts there exactly when they follow.
std::vector<std::string> unresolved_of(const Outcome& recorded,
                                       const std::vector<std::string>& derived) {
  std::vector<std::string> facts = recorded.unresolved;
  for (const auto& fact : derived) {
    if (!holds(facts, fact)) facts.push_back(fact);
  }
  std::erase_if(facts, [&](const std::string& fact) {
    const bool follows =
        std::find(derived_facts.begin(), derived_facts.end(), fact) != derived_facts.end();
    return follows && !holds(derived, fact);
  });
  return facts;
}

// The recorded facts, but for the one that the lines of the probe itself tell.
std::vector<std::string> pressure_of(const ProbePlan& plan,
                                     const Outcome& recorded,
                                     std::uint32_t retries_without_recovery) {
  ProbeState state;
  state.retries_without_recovery = retries_without_recovery;
  std::vector<std::string> facts;
  if (auto fact = retry_pressure(plan, &state)) facts.push_back(std::move(*fact));
  for (const auto& fact : recorded.pressure) {
    if (!fact.starts_with(pressure::without_recovery)) facts.push_back(fact);
  }
  return facts;
}

// What no policy makes.
void take_inputs(Outcome& outcome, const Outcome& recorded) {
  outcome.caller_uid = recorded.caller_uid;
  outcome.policy_sha256 = recorded.policy_sha256;
  outcome.config_sha256 = recorded.config_sha256;
  outcome.environment = recorded.environment;
  outcome.evidence_links = recorded.evidence_links;
  outcome.unresolved = unresolved_of(recorded, outcome.unresolved);
}

StatusClass status_class_of(const Attempt& attempt) {
  if (attempt.http_status) return core::status_class_of(*attempt.http_status);
  return attempt.reason == Reason::unknown_crash ? StatusClass::unknown : StatusClass::no_response;
}

// Reasons that are read from the status alone, or from an error behind one.
constexpr std::array refusals{Reason::throttled,
                              Reason::overloaded,
                              Reason::server_error,
                              Reason::redirect,
                              Reason::auth,
                              Reason::account_state,
                              Reason::bad_request,
                              Reason::probe_defect};

// Why no client can have had this reason beside this status; empty: it can.
std::string_view objection(const Attempt& attempt) {
  const bool success =
      attempt.http_status && core::status_class_of(*attempt.http_status) == StatusClass::s2xx;
  if (attempt.reason == Reason::none) {
    if (!success) return "a failure: its status is not 2xx";
    if (attempt.parser_result != ParserResult::accepted) {
      return "a failure: the parser did not accept the reply";
    }
  }
  if (attempt.http_status && !is_of_a_reply(attempt.reason)) return "a reason of a reply";
  if (std::find(refusals.begin(), refusals.end(), attempt.reason) == refusals.end()) return {};
  if (!attempt.http_status) return "a reason of a request without a reply";
  return success ? "a reason of a 2xx reply" : std::string_view{};
}

template <Worded E>
void compare(std::vector<Difference>& differences, std::string field, E recorded, E recomputed) {
  if (recorded == recomputed) return;
  differences.push_back(
      {std::move(field), std::string(word(recorded)), std::string(word(recomputed))});
}

}  // namespace

RunEnd end_of(const Outcome& outcome) {
  const bool interrupted = outcome.gap == Gap::interrupted;
  if (outcome.attempts.empty() && interrupted) return RunEnd::aborted;
  // Of a client drill nothing was sent by us, and what arrived was counted.
  if (outcome.attempts.empty()) return outcome.arrivals ? RunEnd::finished : RunEnd::paused;
  const Reason last = outcome.attempts.back().reason;
  if (last == Reason::unknown_crash) return RunEnd::crashed;
  return last == Reason::aborted || interrupted ? RunEnd::aborted : RunEnd::finished;
}

bool closed_without_policy(const Outcome& outcome) {
  return end_of(outcome) == RunEnd::crashed && holds(outcome.unresolved, policy_not_loaded);
}

std::string contract_changed_fact(EndpointFamily family) {
  return "contract_changed:" + std::string(word(family));
}

bool contract_changed(const Outcome& outcome, EndpointFamily family) {
  return holds(outcome.unresolved, contract_changed_fact(family));
}

Outcome recompute(const ProbePlan& plan,
                  const Outcome& recorded,
                  std::uint32_t retries_without_recovery) {
  const RunEnd end = end_of(recorded);
  RunFacts facts{recorded.check_id, recorded.trigger, recorded.build, end};
  if (end == RunEnd::paused) {
    facts.gap = recorded.gap;
  } else {
    facts.pressure = pressure_of(plan, recorded, retries_without_recovery);
  }
  Outcome outcome = summarise(plan, facts, recorded.attempts);
  if (plan.drill) outcome = conclude_anew(plan, facts, std::move(outcome), recorded);
  take_inputs(outcome, recorded);
  return decide(plan, std::move(outcome), end, facts.gap);
}

Outcome recompute_crashed(const OpenRun& run, const ProbePlan* plan, const Outcome& recorded) {
  ProbeState state;
  state.open_run = run;
  Outcome outcome = close_crashed(state, plan, recorded.build);
  take_inputs(outcome, recorded);
  // The owner of that day's configuration, which no line holds.
  if (plan == nullptr) outcome.follow_up_owner = recorded.follow_up_owner;
  return outcome;
}

std::vector<Difference> class_differences(const Outcome& outcome) {
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < outcome.attempts.size(); ++i) {
    const Attempt& attempt = outcome.attempts[i];
    const std::string at = "attempts[" + std::to_string(i) + "].";
    compare(differences, at + "status_class", attempt.status_class, status_class_of(attempt));
    compare(
        differences, at + "failure_class", attempt.failure_class, failure_class_of(attempt.reason));
    if (const auto instead = objection(attempt); !instead.empty()) {
      differences.push_back(
          {at + "reason", std::string(word(attempt.reason)), std::string(instead)});
    }
  }
  return differences;
}

}  // namespace smokeledger::probes::core
