// From attempts through a gateway to the decision: summarise, decide.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/decision.h"
#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

using Count = std::optional<std::uint32_t>;
constexpr Count unknown = std::nullopt;

// A usable or failed attempt on the primary of walk_plan(), with these counts of a gateway.
Attempt counted(Count retries, Count fallbacks, Reason reason = Reason::none) {
  Attempt attempt = tests::attempt(0, reason);
  attempt.gateway_retries = retries;
  attempt.gateway_fallbacks = fallbacks;
  return attempt;
}

Outcome decided(const ProbePlan& plan, std::vector<Attempt> attempts) {
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0", RunEnd::finished};
  return decide(plan, summarise(plan, facts, std::move(attempts)), RunEnd::finished, Gap::none);
}

Outcome expected_to(Expectation expect, Count retries, Count fallbacks) {
  ProbePlan plan = tests::gateway_plan();
  plan.expect = expect;
  return decided(plan, {counted(retries, fallbacks)});
}

TEST(RequiredEvidence, ThatIsMissingEscalatesAndFailsWhateverWasExpected) {
  for (const auto make : {tests::gateway_plan, tests::walk_through}) {
    ProbePlan plan = make(Gateway::litellm);
    plan.require_evidence = {Evidence::retries};
    Attempt attempt = counted(unknown, 0);
    attempt.findings = {{FindingCode::gateway_evidence_missing, "gateway.retries"}};
    for (const Expectation expect : every<Expectation>()) {
      plan.expect = expect;
      const Outcome outcome = decided(plan, {attempt});
      EXPECT_EQ(outcome.rule, "gateway_evidence_missing");
      EXPECT_EQ(outcome.decision, Decision::escalate);
      EXPECT_EQ(outcome.check_result, CheckResult::fail) << word(expect);
      EXPECT_EQ(outcome.caller_received, CallerReceived::usable_response);
    }
  }
}

struct GatewayCase {
  Count retries;
  Count fallbacks;
  const char* rule;
  Decision decision;
  Tristate fallback_taken;
  WithinBudget within;
  std::vector<std::string> unresolved;
  CheckResult result;
};

const std::string no_retries = "gateway_retries_unknown";
const std::string no_fallbacks = "gateway_fallbacks_unknown";

// LiteLLM, which tells both; the budget allows four requests behind it.
const std::vector<GatewayCase>& gateway_cases() {
  using enum Decision;
  using Result = CheckResult;
  using Within = WithinBudget;
  static const std::vector<GatewayCase> rows{
      {0, 0, "gateway_sent_once", keep_primary, Tristate::no, Within::yes, {}, Result::pass},
      {1, 0, "gateway_retried", retry_primary, Tristate::no, Within::yes, {}, Result::pass},
      {3, 0, "gateway_retried", retry_primary, Tristate::no, Within::yes, {}, Result::pass},
      {4, 0, "gateway_retried", retry_primary, Tristate::no, Within::no, {}, Result::investigate},
      {unknown,
       1,
       "gateway_fell_back",
       use_fallback,
       Tristate::yes,
       Within::unknown,
       {no_retries},
       Result::investigate},
      {unknown,
       4,
       "gateway_fell_back",
       use_fallback,
       Tristate::yes,
       Within::no,
       {no_retries},
       Result::investigate},
      {unknown,
       0,
       "gateway_does_not_tell",
       keep_primary,
       Tristate::no,
       Within::unknown,
       {no_retries},
       Result::investigate},
      {0,
       unknown,
       "gateway_does_not_tell",
       keep_primary,
       Tristate::unknown,
       Within::unknown,
       {no_fallbacks},
       Result::investigate},
      {2,
       unknown,
       "gateway_retried",
       retry_primary,
       Tristate::unknown,
       Within::unknown,
       {no_fallbacks},
       Result::investigate},
      {unknown,
       unknown,
       "gateway_does_not_tell",
       keep_primary,
       Tristate::unknown,
       Within::unknown,
       {no_retries, no_fallbacks},
       Result::investigate},
  };
  return rows;
}

TEST(GatewayMode, DecidesByWhatTheGatewayTellsAndPassesNothingThatItDoesNotTell) {
  for (const GatewayCase& row : gateway_cases()) {
    const Outcome outcome = decided(tests::gateway_plan(), {counted(row.retries, row.fallbacks)});
    const std::string what = row.rule + (' ' + std::to_string(row.retries.value_or(99))) + ' ' +
                             std::to_string(row.fallbacks.value_or(99));
    EXPECT_EQ(outcome.rule, row.rule) << what;
    EXPECT_EQ(word(outcome.decision), word(row.decision)) << what;
    EXPECT_EQ(word(outcome.fallback_taken), word(row.fallback_taken)) << what;
    EXPECT_EQ(outcome.fallback_layer.has_value(), row.fallback_taken == Tristate::yes) << what;
    EXPECT_EQ(word(outcome.within_budget), word(row.within)) << what;
    EXPECT_EQ(outcome.unresolved, row.unresolved) << what;
    EXPECT_EQ(word(outcome.check_result), word(row.result)) << what;
  }
}

TEST(GatewayMode, ObservesTheGatewayAndNothingOfItsWaits) {
  const Outcome outcome = decided(tests::gateway_plan(), {counted(unknown, 1)});
  EXPECT_EQ(outcome.mode, Mode::gateway);
  EXPECT_EQ(outcome.observed_layer, Layer::gateway);
  EXPECT_EQ(outcome.fallback_layer, Layer::gateway);
  EXPECT_EQ(outcome.fallback_route, "") << "which one it was is the gateway's own affair";
  EXPECT_EQ(outcome.retry_count, 0U) << "we made none";
  EXPECT_EQ(outcome.attempt_budget, 4U);
  EXPECT_EQ(outcome.backoff_policy_seen, Seen::not_exercised);
  EXPECT_EQ(outcome.jitter_seen, Seen::not_exercised);
}

TEST(GatewayMode, EscalatesAFailureByTheCommonRules) {
  const Outcome spent =
      decided(tests::gateway_plan(Gateway::portkey), {counted(unknown, 0, Reason::overloaded)});
  EXPECT_EQ(spent.rule, "budget_exhausted");
  EXPECT_EQ(spent.decision, Decision::escalate);
  EXPECT_EQ(spent.within_budget, WithinBudget::unknown);
  EXPECT_THAT(spent.unresolved, ElementsAre(no_retries));
  EXPECT_EQ(spent.check_result, CheckResult::fail);
}

TEST(GatewayMode, PassesAnExpectedFailureOnlyWhereItsRequestsAreKnown) {
  ProbePlan plan = tests::gateway_plan(Gateway::envoy);
  plan.expect = Expectation::controlled_failure;
  EXPECT_EQ(decided(plan, {counted(unknown, unknown, Reason::overloaded)}).check_result,
            CheckResult::investigate);
  EXPECT_EQ(decided(plan, {counted(9, unknown, Reason::overloaded)}).check_result,
            CheckResult::fail)
      << "beyond the budget";
  plan = tests::gateway_plan(Gateway::portkey);
  plan.expect = Expectation::controlled_failure;
  EXPECT_EQ(decided(plan, {counted(0, 0, Reason::overloaded)}).check_result, CheckResult::pass);
}

TEST(GatewayMode, NamesAnInterruptedRunOnce) {
  const ProbePlan plan = tests::gateway_plan();
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0", RunEnd::aborted};
  const Outcome outcome = summarise(plan, facts, {counted(unknown, unknown, Reason::aborted)});
  EXPECT_THAT(outcome.unresolved, ElementsAre("result_of_last_attempt_unknown"));
  EXPECT_EQ(outcome.within_budget, WithinBudget::unknown);
  EXPECT_EQ(outcome.fallback_taken, Tristate::unknown);
}

TEST(GatewayMode, ThatSentNothingSaysSo) {
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0", RunEnd::paused};
  const Outcome outcome = summarise(tests::gateway_plan(), facts, {});
  EXPECT_EQ(outcome.fallback_taken, Tristate::no);
  EXPECT_EQ(outcome.within_budget, WithinBudget::yes);
  EXPECT_EQ(outcome.observed_layer, Layer::gateway);
}

struct ExpectationCase {
  Expectation expect;
  Count retries;
  Count fallbacks;
  CheckResult result;
};

TEST(GatewayMode, CannotTellWhetherADecisionWasMetThatTheGatewayDoesNotShow) {
  using enum Expectation;
  using enum CheckResult;
  for (const ExpectationCase& row : std::vector<ExpectationCase>{
           {use_fallback, unknown, 1, investigate},  // met, with retries unknown
           {use_fallback, 0, 0, fail},
           {use_fallback, 0, unknown, investigate},
           {use_fallback, 2, unknown, investigate},
           {retry_primary, 1, 0, pass},
           {retry_primary, 0, 0, fail},
           {retry_primary, unknown, 0, investigate},
           {retry_primary, unknown, unknown, investigate},
           {retry_primary, 0, unknown, fail},
           {retry_primary, unknown, 1, fail},
           {keep_primary, 0, 0, pass},
           {keep_primary, 1, 0, fail},
           {keep_primary, unknown, unknown, investigate},
           {escalate, unknown, unknown, fail},
           {controlled_failure, unknown, unknown, fail},
       }) {
    const Outcome outcome = expected_to(row.expect, row.retries, row.fallbacks);
    EXPECT_EQ(word(outcome.check_result), word(row.result))
        << word(row.expect) << ' ' << row.retries.value_or(99) << ' ' << row.fallbacks.value_or(99);
  }
}

TEST(WalkThroughAGateway, KeepsOurOwnCountsAndShowsTheGatewaysBesideThem) {
  const Outcome outcome = decided(tests::walk_through(Gateway::portkey),
                                  {counted(0, 0, Reason::overloaded), counted(1, 0)});
  EXPECT_EQ(outcome.rule, "usable_after_retry");
  EXPECT_EQ(outcome.observed_layer, Layer::client);
  EXPECT_EQ(outcome.retry_count, 1U);
  EXPECT_EQ(outcome.attempts[1].gateway_retries, 1U);
  EXPECT_EQ(outcome.within_budget, WithinBudget::yes) << "three requests of four";
  EXPECT_EQ(outcome.check_result, CheckResult::pass);
}

TEST(WalkThroughAGateway, LeavesItsBudgetWhereBothLayersRetry) {
  const Outcome outcome = decided(tests::walk_through(Gateway::envoy),
                                  {counted(2, unknown, Reason::overloaded), counted(1, unknown)});
  EXPECT_EQ(outcome.attempts.size(), 2U) << "of our own, within the budget of four";
  EXPECT_EQ(outcome.within_budget, WithinBudget::no) << "the provider saw five";
  EXPECT_EQ(outcome.check_result, CheckResult::investigate);
}

TEST(WalkThroughAGateway, DoesNotKnowItsBudgetWhereTheGatewayShowsNothingOfAFailure) {
  const Outcome outcome = decided(tests::walk_through(Gateway::litellm),
                                  {counted(unknown, unknown, Reason::overloaded), counted(0, 0)});
  EXPECT_EQ(outcome.within_budget, WithinBudget::unknown);
  EXPECT_THAT(outcome.unresolved, ElementsAre(no_retries));
  EXPECT_EQ(outcome.check_result, CheckResult::investigate);
}

TEST(WalkThroughAGateway, CountsItsOwnRequestsWhereTheGatewayNeverTellsRetries) {
  const Outcome outcome = decided(tests::walk_through(Gateway::azure), {counted(unknown, 0)});
  EXPECT_EQ(outcome.within_budget, WithinBudget::yes);
  EXPECT_THAT(outcome.unresolved, IsEmpty());
  EXPECT_EQ(outcome.check_result, CheckResult::pass);
}

TEST(WalkThroughAGateway, NamesAFallbackThatTheGatewayTook) {
  const Outcome outcome = decided(tests::walk_through(Gateway::portkey),
                                  {counted(unknown, 1, Reason::overloaded), counted(0, 0)});
  EXPECT_EQ(outcome.fallback_taken, Tristate::yes);
  EXPECT_EQ(outcome.fallback_layer, Layer::gateway);
  EXPECT_EQ(outcome.fallback_route, "");
  EXPECT_EQ(outcome.rule, "usable_after_retry") << "of our two routes the primary was usable";
  EXPECT_EQ(outcome.check_result, CheckResult::investigate);
}

TEST(WalkThroughAGateway, NamesItsOwnFallbackBeforeTheGateways) {
  const Outcome outcome =
      decided(tests::walk_through(Gateway::portkey),
              {counted(unknown, 1, Reason::tls), tests::attempt(1, Reason::none)});
  EXPECT_EQ(outcome.rule, "fallback_usable");
  EXPECT_EQ(outcome.fallback_layer, Layer::client);
  EXPECT_EQ(outcome.fallback_route, "fallback");
}

TEST(DirectThroughAGateway, JudgesItsOwnRequestAloneAndNamesAFallback) {
  ProbePlan plan = tests::walk_through(Gateway::portkey);
  plan.mode = Mode::direct;
  const Outcome retried = decided(plan, {counted(3, 0)});
  EXPECT_EQ(retried.within_budget, WithinBudget::yes);
  EXPECT_EQ(retried.rule, "first_attempt_usable");
  EXPECT_EQ(retried.check_result, CheckResult::pass);
  const Outcome elsewhere = decided(plan, {counted(unknown, 1)});
  EXPECT_EQ(elsewhere.fallback_layer, Layer::gateway);
  EXPECT_EQ(elsewhere.check_result, CheckResult::investigate);
}

}  // namespace
}  // namespace smokeledger::probes::core
