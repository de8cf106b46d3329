#include "probes/core/recompute_drill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/recompute.h"
#include "tests/support/drill_outcomes.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using tests::counted;
using tests::drill_plan;
using tests::ours;
using tests::script_in_use;
using tests::theirs;

const std::vector<Attempt> usable{tests::attempt(0, Reason::none)};
const std::vector<Attempt> retried{tests::attempt(0, Reason::throttled),
                                   tests::attempt(0, Reason::none, 250ms)};

DrillVerdict seen(std::uint32_t arrivals, std::vector<Milliseconds> gaps) {
  DrillVerdict verdict = counted(arrivals);
  verdict.gaps = std::move(gaps);
  return verdict;
}

Outcome live(const ProbePlan& plan, Reason reason) {
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0"};
  return conclude_live_drill(
      plan,
      decide(
          plan, summarise(plan, facts, {tests::attempt(0, reason)}), RunEnd::finished, Gap::none));
}

ProbePlan live_plan() {
  ProbePlan plan = drill_plan(DrillOf::walk, Expectation::controlled_failure);
  plan.drill->live = LiveDrill::invalid_key;
  return plan;
}

ProbePlan client_plan() {
  ProbePlan plan = drill_plan(DrillOf::client);
  plan.drill->terms.arrivals = 3;
  plan.drill->terms.exit_codes = {{0, CallerReceived::usable_response}};
  return plan;
}

DrillVerdict three_of_a_client() {
  DrillVerdict verdict = seen(3, {100ms, 250ms});
  verdict.backoff_policy_seen = Seen::yes;
  verdict.caller_received = CallerReceived::usable_response;
  return verdict;
}

TEST(RecomputeDrill, MakesEveryOutcomeAnewAsItWas) {
  const ProbePlan walk = drill_plan(DrillOf::walk);
  const ProbePlan gateway = drill_plan(DrillOf::gateway);
  const ProbePlan client = client_plan();
  const std::vector<std::pair<ProbePlan, Outcome>> recorded{
      {walk, ours(walk, retried, seen(2, {260ms}))},
      {walk, ours(walk, retried, seen(2, {200ms}))},
      {walk, ours(walk, retried, counted(3))},
      {walk, ours(walk, retried, counted(0))},
      {walk, ours(walk, retried, counted(2), RunEnd::aborted)},
      {gateway, ours(gateway, usable, seen(4, {10ms, 20ms, 40ms}))},
      {gateway, ours(gateway, usable, counted(5, {"arrivals_after_answer"}))},
      {gateway, script_in_use(gateway)},
      {client, theirs(client, three_of_a_client())},
      {client, theirs(client, counted(2, {"arrivals_not_as_declared", "client_killed"}))},
      {client, theirs(client, counted(0, {"arrivals_not_as_declared", "client_not_started"}))},
      {client, theirs(client, three_of_a_client(), RunEnd::aborted)},
      {client, theirs(client, counted(12, {"arrivals_not_as_declared"}), RunEnd::aborted)},
      {live_plan(), live(live_plan(), Reason::auth)},
      {live_plan(), live(live_plan(), Reason::throttled)},
  };
  for (const auto& [plan, outcome] : recorded) {
    EXPECT_EQ(recompute(plan, outcome, 0), outcome) << outcome.rule << ' ' << outcome.because;
  }
}

struct Edit {
  const char* what;
  void (*change)(Outcome&);
};

void expect_noticed(const ProbePlan& plan, const Outcome& outcome, const Edit& edit) {
  Outcome edited = outcome;
  edit.change(edited);
  ASSERT_NE(edited, outcome) << edit.what;
  EXPECT_NE(recompute(plan, edited, 0), edited) << edit.what;
}

TEST(RecomputeDrill, NoticesWhatDoesNotFollowFromTheCountOfAClient) {
  const ProbePlan plan = client_plan();
  const Outcome outcome = theirs(plan, three_of_a_client());
  for (const Edit& edit : {
           Edit{"a request less", [](Outcome& of) { of.arrivals = 2; }},
           Edit{"beyond the budget", [](Outcome& of) { of.arrivals = 5; }},
           Edit{"not counted", [](Outcome& of) { of.arrivals.reset(); }},
           Edit{"a gap too many", [](Outcome& of) { of.arrival_gaps.push_back(1ms); }},
           Edit{"backoff of one gap", [](Outcome& of) { of.arrival_gaps.pop_back(); }},
           Edit{"jitter of one request", [](Outcome& of) { of.jitter_seen = Seen::yes; }},
           Edit{"not within", [](Outcome& of) { of.within_budget = WithinBudget::no; }},
           Edit{"no exit code says so",
                [](Outcome& of) { of.caller_received = CallerReceived::controlled_failure; }},
           Edit{"a fact that does not follow",
                [](Outcome& of) { of.unresolved.emplace_back("no_backoff_seen"); }},
           Edit{"no backoff, and nobody says so",
                [](Outcome& of) { of.backoff_policy_seen = Seen::no; }},
           Edit{"another budget", [](Outcome& of) { of.attempt_budget = 5; }},
           Edit{"another layer", [](Outcome& of) { of.observed_layer = Layer::client; }},
           Edit{"went on",
                [](Outcome& of) { of.unresolved.emplace_back("arrivals_after_answer"); }},
           Edit{"another result", [](Outcome& of) { of.check_result = CheckResult::fail; }},
       }) {
    expect_noticed(plan, outcome, edit);
  }
}

TEST(RecomputeDrill, NoticesWhatDoesNotFollowFromTheCountOfARunOfOurs) {
  const ProbePlan plan = drill_plan(DrillOf::walk);
  const Outcome outcome = ours(plan, retried, seen(2, {260ms}));
  for (const Edit& edit : {
           Edit{"one more than was sent", [](Outcome& of) { of.arrivals = 3; }},
           Edit{"not counted", [](Outcome& of) { of.arrivals.reset(); }},
           Edit{"too early", [](Outcome& of) { of.arrival_gaps = {200ms}; }},
           Edit{"not within", [](Outcome& of) { of.within_budget = WithinBudget::unknown; }},
       }) {
    expect_noticed(plan, outcome, edit);
  }
}

TEST(RecomputeDrill, TakesNoCountOfARunThatIsNoDrill) {
  const ProbePlan plan = tests::walk_plan();
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0"};
  const Outcome outcome = decide(plan, summarise(plan, facts, usable), RunEnd::finished, Gap::none);
  ASSERT_EQ(recompute(plan, outcome, 0), outcome);
  expect_noticed(plan, outcome, {"counted", [](Outcome& of) { of.arrivals = 1; }});
}

}  // namespace
}  // namespace smokeledger::probes::core
