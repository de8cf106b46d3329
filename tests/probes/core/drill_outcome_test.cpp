#include "probes/core/drill_outcome.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/drill_outcomes.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using tests::counted;
using tests::drill_plan;
using tests::ours;
using tests::theirs;

const std::vector<Attempt> retried{tests::attempt(0, Reason::throttled),
                                   tests::attempt(0, Reason::none, 250ms)};

struct Case {
  const char* rule;
  Decision decision;
  CheckResult result;
  Outcome outcome;
};

std::vector<Case> cases() {
  using enum Decision;
  using enum CheckResult;
  const ProbePlan walk = drill_plan(DrillOf::walk);
  const ProbePlan gateway = drill_plan(DrillOf::gateway);
  const ProbePlan client = drill_plan(DrillOf::client);
  const std::vector<Attempt> usable{tests::attempt(0, Reason::none)};
  return {
      {"usable_after_retry", retry_primary, pass, ours(walk, retried, counted(2))},
      {"drill_count_differs", escalate, fail, ours(walk, retried, counted(3))},
      {"drill_not_exercised", paused, investigate, ours(walk, retried, counted(0))},
      {"run_interrupted", paused, investigate, ours(walk, retried, counted(2), RunEnd::aborted)},
      {"first_attempt_usable", keep_primary, pass, ours(gateway, usable, counted(4))},
      {"drill_over_budget", escalate, fail, ours(gateway, usable, counted(5))},
      {"drill_not_exercised", paused, investigate, ours(gateway, usable, counted(0))},
      {"drill_did_not_stop",
       escalate,
       fail,
       ours(gateway, usable, counted(3, {"arrivals_after_answer"}))},
      {"drill_count_differs",
       escalate,
       fail,
       ours(gateway, usable, counted(3, {"arrivals_not_as_declared"}))},
      {"first_attempt_usable",
       keep_primary,
       investigate,
       ours(gateway, usable, counted(3, {"retry_after_not_obeyed"}))},
      {"drill_script_in_use", paused, investigate, tests::script_in_use(gateway)},
      {"drill_within_budget", keep_primary, pass, theirs(client, counted(4))},
      {"drill_within_budget",
       keep_primary,
       investigate,
       theirs(client, counted(4, {"arrivals_not_told_apart"}))},
      {"drill_over_budget", escalate, fail, theirs(client, counted(12))},
      {"drill_not_exercised", paused, investigate, theirs(client, counted(0))},
      {"drill_did_not_stop", escalate, fail, theirs(client, counted(2, {"arrivals_after_answer"}))},
      {"run_interrupted", paused, investigate, theirs(client, counted(2), RunEnd::aborted)},
      {"drill_over_budget", escalate, fail, theirs(client, counted(12), RunEnd::aborted)},
  };
}

TEST(DrillOutcome, IsDecidedByTheFirstRuleThatApplies) {
  for (const Case& row : cases()) {
    EXPECT_EQ(row.outcome.rule, row.rule);
    EXPECT_EQ(word(row.outcome.decision), word(row.decision)) << row.rule;
    EXPECT_EQ(word(row.outcome.check_result), word(row.result)) << row.rule;
  }
}

TEST(DrillOutcome, ReachesEveryRuleOfDrills) {
  std::set<std::string_view> reached;
  const auto all = cases();
  for (const Case& row : all) reached.insert(row.rule);
  for (const Rule& rule : rules()) {
    if (!rule.id.starts_with("drill_")) continue;
    EXPECT_THAT(reached, Contains(rule.id));
  }
}

TEST(DrillOutcome, NamesItsGapWhereNothingArrived) {
  EXPECT_EQ(theirs(drill_plan(DrillOf::client), counted(0)).gap, Gap::not_exercised);
}

TEST(DrillOutcome, CarriesWhatTheStubCounted) {
  DrillVerdict verdict = counted(2, {"should_retry_not_obeyed"});
  verdict.gaps = {260ms};
  verdict.backoff_policy_seen = Seen::yes;
  verdict.jitter_seen = Seen::no;
  const Outcome outcome = theirs(drill_plan(DrillOf::client), verdict);
  EXPECT_EQ(outcome.arrivals, 2U);
  EXPECT_THAT(outcome.arrival_gaps, ElementsAre(260ms));
  EXPECT_EQ(outcome.attempt_budget, 4U);
  EXPECT_EQ(outcome.observed_layer, Layer::external_client);
  EXPECT_EQ(outcome.backoff_policy_seen, Seen::yes);
  EXPECT_EQ(outcome.jitter_seen, Seen::no);
  EXPECT_THAT(outcome.unresolved, ElementsAre("should_retry_not_obeyed"));
  EXPECT_THAT(outcome.attempts, IsEmpty());
}

TEST(DrillOutcome, OfAWalkKeepsWhatOurOwnPlannedWaitsSay) {
  DrillVerdict verdict = counted(2);
  verdict.gaps = {260ms};
  verdict.backoff_policy_seen = Seen::no;
  const Outcome outcome = ours(drill_plan(DrillOf::walk), retried, verdict);
  EXPECT_EQ(outcome.backoff_policy_seen, Seen::yes);
  EXPECT_EQ(outcome.observed_layer, Layer::client);
  EXPECT_THAT(outcome.unresolved, IsEmpty());
  verdict.gaps = {200ms};
  EXPECT_THAT(ours(drill_plan(DrillOf::walk), retried, verdict).unresolved,
              ElementsAre("gap_below_planned_wait"));
}

TEST(DrillOutcome, OfAGatewaySaysWhereItsOwnEvidenceDiffersFromTheCount) {
  const auto facts = [](std::optional<std::uint32_t> retries, std::uint32_t arrivals) {
    Attempt call = tests::attempt(0, Reason::none);
    call.gateway_retries = retries;
    call.gateway_fallbacks = 0;
    ProbePlan plan = drill_plan(DrillOf::gateway);
    plan.routes = tests::gateway_plan(Gateway::portkey).routes;
    return ours(plan, {call}, counted(arrivals)).unresolved;
  };
  EXPECT_THAT(facts(2, 3), IsEmpty());
  EXPECT_THAT(facts(0, 3), ElementsAre("gateway_evidence_differs"));
  EXPECT_THAT(facts(std::nullopt, 3), IsEmpty()) << "it says nothing";
}

TEST(DrillOutcome, OfAClientIsComparedWithTheExpectationWhereItsExitCodeSaysWhatItReceived) {
  const ProbePlan plan = drill_plan(DrillOf::client, Expectation::controlled_failure);
  const auto result = [&](CallerReceived received, std::vector<std::string> findings = {}) {
    DrillVerdict verdict = counted(3, std::move(findings));
    verdict.caller_received = received;
    return theirs(plan, verdict).check_result;
  };
  EXPECT_EQ(result(CallerReceived::controlled_failure), CheckResult::pass);
  EXPECT_EQ(result(CallerReceived::usable_response), CheckResult::fail);
  EXPECT_EQ(result(CallerReceived::unknown), CheckResult::pass);
  EXPECT_EQ(result(CallerReceived::unknown, {"exit_code_not_declared"}), CheckResult::investigate);
}

TEST(DrillOutcome, OfAGatewayOrAClientWithoutBackoffHasThatForAFact) {
  DrillVerdict verdict = counted(3);
  verdict.backoff_policy_seen = Seen::no;
  const Outcome outcome = theirs(drill_plan(DrillOf::client), verdict);
  EXPECT_THAT(outcome.unresolved, ElementsAre("no_backoff_seen"));
  EXPECT_EQ(outcome.check_result, CheckResult::investigate);
}

TEST(DrillOutcome, TakesAScriptedRefusalForNoDefectOfTheProbe) {
  const ProbePlan plan = drill_plan(DrillOf::walk, Expectation::controlled_failure);
  const std::vector<Attempt> refused{tests::attempt(0, Reason::probe_defect)};
  EXPECT_EQ(ours(plan, refused, counted(1)).check_result, CheckResult::pass);
}

TEST(LiveDrill, PassesOnlyWhereTheKeyWasRefusedAsAKey) {
  ProbePlan plan = drill_plan(DrillOf::walk, Expectation::controlled_failure);
  plan.drill->live = LiveDrill::invalid_key;
  const auto concluded = [&](Reason reason) {
    const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0"};
    Outcome outcome = summarise(plan, facts, {tests::attempt(0, reason)});
    return conclude_live_drill(plan, decide(plan, outcome, RunEnd::finished, Gap::none));
  };
  EXPECT_EQ(concluded(Reason::auth).check_result, CheckResult::pass);
  EXPECT_EQ(concluded(Reason::auth).arrivals, std::nullopt);
  EXPECT_EQ(concluded(Reason::none).check_result, CheckResult::fail) << "the key was let pass";
  for (const Reason other : {Reason::throttled, Reason::timeout, Reason::probe_defect}) {
    EXPECT_EQ(concluded(other).check_result, CheckResult::investigate) << word(other);
    EXPECT_THAT(concluded(other).unresolved, ElementsAre("refused_for_another_reason"));
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
