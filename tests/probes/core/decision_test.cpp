#include "probes/core/decision.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

Outcome decided(std::vector<Attempt> attempts,
                Expectation expect = Expectation::usable_response,
                RunEnd end = RunEnd::finished,
                Gap gap = Gap::none) {
  ProbePlan plan = tests::walk_plan();
  plan.expect = expect;
  const RunFacts facts{"chat-walk-20261121-001", Trigger::schedule, "0.1.0", end, gap};
  return decide(plan, summarise(plan, facts, std::move(attempts)), end, gap);
}

struct RuleCase {
  const char* rule;
  Decision decision;
  std::vector<Attempt> attempts;
  RunEnd end = RunEnd::finished;
  Gap gap = Gap::none;
  std::vector<std::string> pressure = {};
  std::vector<std::string> unresolved = {};
  Mode mode = Mode::walk;
};

// A usable reply through a gateway that tells these counts.
Attempt told(std::optional<std::uint32_t> retries, std::optional<std::uint32_t> fallbacks) {
  Attempt attempt = tests::attempt(0, Reason::none);
  attempt.gateway_retries = retries;
  attempt.gateway_fallbacks = fallbacks;
  return attempt;
}

Attempt without_evidence() {
  Attempt attempt = told(std::nullopt, 0);
  attempt.findings = {{FindingCode::gateway_evidence_missing, "gateway.retries"}};
  return attempt;
}

RuleCase of_gateway(const char* rule, Decision decision, const Attempt& attempt) {
  return {rule, decision, {attempt}, RunEnd::finished, Gap::none, {}, {}, Mode::gateway};
}

const std::vector<RuleCase>& rule_cases() {
  using enum Decision;
  using enum Reason;
  const auto on = [](std::size_t route, Reason reason) { return tests::attempt(route, reason); };
  static const std::vector<RuleCase> rows{
      {"credential_missing", paused, {}, RunEnd::paused, Gap::credential},
      {"quiet_window", paused, {}, RunEnd::paused, Gap::window},
      {"token_cap_reached",
       paused,
       {},
       RunEnd::paused,
       Gap::budget,
       {},
       {"output_tokens_per_day_reached"}},
      {"call_cap_reached", paused, {}, RunEnd::paused, Gap::budget},
      {"contract_review_overdue", paused, {}, RunEnd::paused, Gap::contract_review},
      {"run_interrupted", paused, {}, RunEnd::aborted},
      {"run_interrupted", paused, {}, RunEnd::paused, Gap::interrupted},
      {"run_interrupted", paused, {on(0, overloaded)}, RunEnd::aborted},
      {"run_interrupted", paused, {on(0, aborted)}, RunEnd::aborted},
      {"run_interrupted", paused, {on(0, unknown_crash)}, RunEnd::crashed},
      {"local_network_gone",
       paused,
       {on(0, dns), on(0, connect)},
       RunEnd::finished,
       Gap::none,
       {"no_provider_reached:2"}},
      {"budget_exhausted", escalate, {on(0, dns), on(0, connect)}},
      {"budget_exhausted",
       escalate,
       {on(0, dns), on(0, throttled)},
       RunEnd::finished,
       Gap::none,
       {"no_provider_reached:2"}},
      {"retry_pressure",
       escalate,
       {on(0, overloaded)},
       RunEnd::finished,
       Gap::none,
       {"retries_without_recovery:3"}},
      {"retry_pressure",
       escalate,
       {on(0, overloaded), on(0, timeout)},
       RunEnd::finished,
       Gap::none,
       {"retry_tokens_short:one"}},
      {"account_context_needed",
       escalate,
       {on(0, auth)},
       RunEnd::finished,
       Gap::none,
       {"retries_without_recovery:3"}},
      {"first_attempt_usable",
       keep_primary,
       {on(0, none)},
       RunEnd::finished,
       Gap::none,
       {"retries_without_recovery:3"}},
      of_gateway("gateway_evidence_missing", escalate, without_evidence()),
      {"gateway_evidence_missing", escalate, {on(0, overloaded), without_evidence()}},
      of_gateway("gateway_fell_back", use_fallback, told(std::nullopt, 1)),
      of_gateway("gateway_fell_back", use_fallback, told(1, 1)),
      of_gateway("gateway_retried", retry_primary, told(1, 0)),
      of_gateway("gateway_sent_once", keep_primary, told(0, 0)),
      of_gateway("gateway_does_not_tell", keep_primary, told(std::nullopt, 0)),
      of_gateway("budget_exhausted", escalate, on(0, overloaded)),
      {"first_attempt_usable", keep_primary, {on(0, none)}},
      {"usable_after_retry", retry_primary, {on(0, throttled), on(0, none)}},
      {"fallback_usable", use_fallback, {on(0, throttled), on(1, none)}},
      {"fallback_usable", use_fallback, {on(0, auth), on(1, none)}},
      {"fallback_usable", use_fallback, {on(0, tls), on(1, timeout), on(1, none)}},
      {"account_context_needed", escalate, {on(0, auth)}},
      {"account_context_needed", escalate, {on(0, account_state)}},
      {"account_context_needed", escalate, {on(0, throttled), on(1, auth)}},
      {"account_context_needed", escalate, {on(0, auth), on(1, probe_defect)}},
      {"probe_defect", escalate, {on(0, probe_defect)}},
      {"probe_defect", escalate, {on(0, shape_rejected), on(1, probe_defect)}},
      {"shape_unusable", escalate, {on(0, shape_rejected), on(1, overloaded)}},
      {"shape_unusable", escalate, {on(0, in_stream_error)}},
      {"shape_unusable", escalate, {on(0, truncated)}},
      {"shape_unusable", escalate, {on(0, too_large)}},
      {"shape_unusable", escalate, {on(0, protocol)}},
      {"budget_exhausted", escalate, {on(0, throttled), on(0, throttled), on(1, timeout)}},
      {"budget_exhausted", escalate, {on(0, local_network)}},
      {"budget_exhausted", escalate, {on(0, tls), on(1, connect)}},
      {"not_transient", escalate, {on(0, bad_request)}},
      {"not_transient", escalate, {on(0, tls)}},
      {"not_transient", escalate, {on(0, overloaded), on(1, redirect)}},
  };
  return rows;
}

Outcome decided(const RuleCase& row) {
  const ProbePlan plan = row.mode == Mode::gateway ? tests::gateway_plan() : tests::walk_plan();
  const RunFacts facts{"chat-walk-20261121-001",
                       Trigger::schedule,
                       "0.1.0",
                       row.end,
                       row.gap,
                       row.unresolved,
                       row.pressure};
  return decide(plan, summarise(plan, facts, row.attempts), row.end, row.gap);
}

TEST(Decide, TakesTheFirstRuleThatApplies) {
  for (const RuleCase& row : rule_cases()) {
    const Outcome outcome = decided(row);
    EXPECT_EQ(outcome.rule, row.rule);
    EXPECT_EQ(word(outcome.decision), word(row.decision)) << row.rule;
    EXPECT_EQ(outcome.gap == Gap::none, row.decision != Decision::paused) << row.rule;
  }
}

TEST(Decide, NamesTheGapOfAPause) {
  const auto gap = [](RunEnd end, Gap given) {
    return decided({}, Expectation::usable_response, end, given).gap;
  };
  EXPECT_EQ(gap(RunEnd::paused, Gap::credential), Gap::credential);
  EXPECT_EQ(gap(RunEnd::paused, Gap::budget), Gap::budget);
  EXPECT_EQ(gap(RunEnd::paused, Gap::contract_review), Gap::contract_review);
  EXPECT_EQ(gap(RunEnd::aborted, Gap::none), Gap::interrupted);
  EXPECT_EQ(gap(RunEnd::crashed, Gap::none), Gap::interrupted);
}

TEST(Rules, AreEachReachedByARunOfTheseTests) {
  std::set<std::string_view> reached;
  for (const RuleCase& row : rule_cases()) reached.insert(row.rule);
  for (const Rule& rule : rules()) {
    if (rule.id.starts_with("drill_")) continue;  // drill_outcome_test.cpp
    EXPECT_TRUE(reached.contains(rule.id)) << rule.id;
  }
}

TEST(Rules, HaveTheirOwnIdAndSentence) {
  std::set<std::string_view> ids;
  std::set<std::string_view> sentences;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(sentences.insert(rule.because).second) << rule.id;
    EXPECT_TRUE(rule.because.ends_with('.')) << rule.id;
    EXPECT_LE(rule.because.size(), 120U) << rule.id;
    EXPECT_TRUE(std::all_of(rule.because.begin(), rule.because.end(), [](char c) {
      return c >= ' ' && c <= '~';
    })) << rule.id;
  }
}

TEST(Rules, EndWithOneThatAlwaysApplies) {
  EXPECT_TRUE(rules().back().applies({}, RunEnd::finished, Gap::none));
}

TEST(Decide, WritesTheSentenceOfTheRule) {
  for (const RuleCase& row : rule_cases()) {
    const auto rule = std::find_if(
        rules().begin(), rules().end(), [&](const Rule& r) { return r.id == row.rule; });
    ASSERT_NE(rule, rules().end()) << row.rule;
    EXPECT_EQ(decided(row).because, rule->because);
  }
}

// Runs that end in each decision, plainly.
Outcome ending_in(Decision decision, Expectation expect) {
  const auto on = [](std::size_t route, Reason reason) { return tests::attempt(route, reason); };
  switch (decision) {
    case Decision::keep_primary:
      return decided({on(0, Reason::none)}, expect);
    case Decision::retry_primary:
      return decided({on(0, Reason::overloaded), on(0, Reason::none)}, expect);
    case Decision::use_fallback:
      return decided({on(0, Reason::tls), on(1, Reason::none)}, expect);
    case Decision::escalate:
      return decided({on(0, Reason::bad_request)}, expect);
    case Decision::paused:
      break;
  }
  return decided({}, expect, RunEnd::paused, Gap::credential);
}

struct GradeCase {
  Expectation expect;
  // In the order of Decision: keep_primary, retry_primary, use_fallback, escalate, paused.
  std::array<CheckResult, 5> grades;
};

TEST(Grade, ComparesTheDecisionWithWhatWasExpected) {
  using enum CheckResult;
  const std::vector<GradeCase> rows{
      {Expectation::usable_response, {pass, pass, investigate, fail, investigate}},
      {Expectation::controlled_failure, {fail, fail, fail, pass, investigate}},
      {Expectation::keep_primary, {pass, fail, fail, fail, investigate}},
      {Expectation::retry_primary, {fail, pass, fail, fail, investigate}},
      {Expectation::use_fallback, {fail, fail, pass, fail, investigate}},
      {Expectation::escalate, {fail, fail, fail, pass, investigate}},
  };
  ASSERT_EQ(rows.size(), every<Expectation>().size());
  for (const GradeCase& row : rows) {
    for (const Decision decision : every<Decision>()) {
      const Outcome outcome = ending_in(decision, row.expect);
      ASSERT_EQ(outcome.decision, decision);
      EXPECT_EQ(word(outcome.check_result), word(row.grades[static_cast<std::size_t>(decision)]))
          << word(row.expect) << ' ' << word(decision);
      EXPECT_EQ(outcome.check_result, grade(row.expect, outcome));
    }
  }
}

TEST(Grade, IsCappedByAFactThatCouldNotBeChecked) {
  Outcome outcome = ending_in(Decision::keep_primary, Expectation::keep_primary);
  outcome.unresolved = {"environment_mismatch:feature_flags"};
  EXPECT_EQ(grade(Expectation::keep_primary, outcome), CheckResult::investigate);
}

TEST(Grade, IsCappedByAnotherModelThanTheOneAskedFor) {
  Outcome outcome = ending_in(Decision::keep_primary, Expectation::keep_primary);
  outcome.attempts[0].served_model_match = ServedModelMatch::different;
  EXPECT_EQ(grade(Expectation::keep_primary, outcome), CheckResult::investigate);
  outcome.attempts[0].served_model_match = ServedModelMatch::absent;
  EXPECT_EQ(grade(Expectation::keep_primary, outcome), CheckResult::pass);
}

TEST(Grade, IsCappedByABudgetThatWasNotKept) {
  Outcome outcome = ending_in(Decision::retry_primary, Expectation::usable_response);
  for (const WithinBudget within : {WithinBudget::no, WithinBudget::unknown}) {
    outcome.within_budget = within;
    EXPECT_EQ(grade(Expectation::usable_response, outcome), CheckResult::investigate);
  }
}

TEST(Grade, FailsAControlledFailureThatWasNotControlled) {
  Outcome outcome = ending_in(Decision::escalate, Expectation::controlled_failure);
  outcome.backoff_policy_seen = Seen::no;
  EXPECT_EQ(grade(Expectation::controlled_failure, outcome), CheckResult::fail);
  outcome.backoff_policy_seen = Seen::yes;
  outcome.within_budget = WithinBudget::no;
  EXPECT_EQ(grade(Expectation::controlled_failure, outcome), CheckResult::fail);
}

TEST(Grade, CannotTellFromAWrongProbeOrAHostThatCannotSend) {
  for (const Reason reason : {Reason::probe_defect, Reason::local_network}) {
    const Outcome outcome = decided({tests::attempt(0, reason)});
    EXPECT_EQ(outcome.decision, Decision::escalate) << word(reason);
    EXPECT_EQ(outcome.check_result, CheckResult::investigate) << word(reason);
  }
}

TEST(Grade, CannotTellFromAReplyBeyondTheReader) {
  Attempt beyond = tests::attempt(0, Reason::shape_rejected);
  beyond.parser_result = ParserResult::inconclusive;
  EXPECT_EQ(decided({beyond}).check_result, CheckResult::investigate);
  beyond.parser_result = ParserResult::rejected;
  EXPECT_EQ(decided({beyond}).check_result, CheckResult::fail);
}

TEST(BacksOff, AfterAnEscalationThatDidNotPass) {
  for (const Expectation expect : every<Expectation>()) {
    for (const Decision decision : every<Decision>()) {
      const Outcome outcome = ending_in(decision, expect);
      const bool wanted =
          expect == Expectation::escalate || expect == Expectation::controlled_failure;
      EXPECT_EQ(backs_off(outcome), decision == Decision::escalate && !wanted)
          << word(expect) << ' ' << word(decision);
    }
  }
  EXPECT_TRUE(backs_off(decided({tests::attempt(0, Reason::probe_defect)})))
      << "a wrong probe goes on being wrong";
}

TEST(Grade, DoesNotPassAnExpectedFailureThatCouldNotBeChecked) {
  for (const Expectation expect : {Expectation::escalate, Expectation::controlled_failure}) {
    for (const Reason reason : {Reason::local_network, Reason::probe_defect}) {
      const Outcome outcome = decided({tests::attempt(0, reason)}, expect);
      EXPECT_EQ(outcome.check_result, CheckResult::investigate) << word(reason);
    }
    EXPECT_EQ(decided({tests::attempt(0, Reason::auth)}, expect).check_result, CheckResult::pass);
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
