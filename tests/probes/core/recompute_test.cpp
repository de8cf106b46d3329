#include "probes/core/recompute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/decision.h"
#include "tests/support/lines.h"
#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::attempt;
using tests::outcome_line;
using tests::walk_plan;

Outcome outcome_of(std::vector<Attempt> attempts, Gap gap = Gap::none) {
  Outcome outcome;
  outcome.attempts = std::move(attempts);
  outcome.gap = gap;
  return outcome;
}

TEST(EndOf, IsToldByTheAttemptsAndTheGap) {
  const Attempt good = attempt(0, Reason::none);
  const Attempt bad = attempt(0, Reason::overloaded);
  EXPECT_EQ(end_of(outcome_of({good})), RunEnd::finished);
  EXPECT_EQ(end_of(outcome_of({bad})), RunEnd::finished);
  EXPECT_EQ(end_of(outcome_of({bad}, Gap::interrupted)), RunEnd::aborted) << "in a wait";
  EXPECT_EQ(end_of(outcome_of({attempt(0, Reason::aborted)}, Gap::interrupted)), RunEnd::aborted);
  EXPECT_EQ(end_of(outcome_of({attempt(0, Reason::unknown_crash)}, Gap::interrupted)),
            RunEnd::crashed);
  EXPECT_EQ(end_of(outcome_of({}, Gap::interrupted)), RunEnd::aborted) << "in the queue";
  EXPECT_EQ(end_of(outcome_of({}, Gap::credential)), RunEnd::paused);
  EXPECT_EQ(end_of(outcome_of({})), RunEnd::paused) << "and without a gap, which will differ";
}

TEST(Recompute, MakesEveryOutcomeAnewAsItWas) {
  const ProbePlan plan = walk_plan();
  const Attempt busy = attempt(0, Reason::overloaded);
  for (const Outcome& recorded :
       {outcome_line(1, {attempt(0, Reason::none)}).outcome,
        outcome_line(2, {busy, attempt(0, Reason::none, Milliseconds{250})}).outcome,
        outcome_line(3, {busy, attempt(1, Reason::none)}, Trigger::confirm).outcome,
        outcome_line(4, {attempt(0, Reason::auth)}).outcome,
        outcome_line(5, {busy}, Trigger::schedule, RunEnd::aborted).outcome,
        outcome_line(6, {attempt(0, Reason::aborted)}, Trigger::manual, RunEnd::aborted).outcome,
        outcome_line(7, {}, Trigger::schedule, RunEnd::paused).outcome}) {
    EXPECT_EQ(recompute(plan, recorded, 0), recorded) << recorded.check_id;
  }
}

TEST(Recompute, TakesWhatNoPolicyMakes) {
  const ProbePlan plan = walk_plan();
  Outcome recorded = outcome_line(1, {attempt(0, Reason::none)}).outcome;
  recorded.caller_uid = 7;
  recorded.environment = "elsewhere";
  recorded.config_sha256 = std::string(64, 'f');
  recorded.evidence_links = {"https://example.com"};
  recorded.unresolved = {"environment_mismatch:model.primary"};
  recorded.check_result = CheckResult::investigate;  // because of what is unresolved
  EXPECT_EQ(recompute(plan, recorded, 0), recorded);
}

TEST(Recompute, KnowsWhichFactsFollowFromTheAttempts) {
  const ProbePlan plan = walk_plan();
  Outcome recorded =
      outcome_line(1, {attempt(0, Reason::aborted)}, Trigger::schedule, RunEnd::aborted).outcome;
  ASSERT_THAT(recorded.unresolved, ElementsAre("result_of_last_attempt_unknown"));
  recorded.unresolved.clear();
  EXPECT_THAT(recompute(plan, recorded, 0).unresolved,
              ElementsAre("result_of_last_attempt_unknown"));

  recorded = outcome_line(1, {attempt(0, Reason::none)}).outcome;
  recorded.unresolved = {"contract_changed:responses", "policy_of_the_run_not_loaded"};
  EXPECT_THAT(recompute(plan, recorded, 0).unresolved, ElementsAre("contract_changed:responses"));
}

TEST(ContractChanged, IsSaidOfOneFamily) {
  Outcome outcome;
  outcome.unresolved = {contract_changed_fact(EndpointFamily::responses)};
  EXPECT_TRUE(contract_changed(outcome, EndpointFamily::responses));
  EXPECT_FALSE(contract_changed(outcome, EndpointFamily::messages));
}

struct Judged {
  std::optional<int> http_status;
  Reason reason;
  StatusClass status_class;
  FailureClass failure_class;
  std::vector<std::string> differs;
};

TEST(ClassDifferences, AreThoseOfStatusAndReason) {
  const auto retryable = FailureClass::retryable;
  const auto terminal = FailureClass::terminal;
  const auto none = StatusClass::no_response;
  for (const auto& [http_status, reason, status_class, failure_class, differs] : {
           Judged{200, Reason::none, StatusClass::s2xx, FailureClass::none, {}},
           {429, Reason::throttled, StatusClass::s4xx, retryable, {}},
           {408, Reason::timeout, StatusClass::s4xx, retryable, {}},
           {200, Reason::truncated, StatusClass::s2xx, terminal, {}},
           {500, Reason::bad_request, StatusClass::s5xx, terminal, {}},
           {{}, Reason::timeout, none, retryable, {}},
           {{}, Reason::tls, none, terminal, {}},
           {{}, Reason::aborted, none, terminal, {}},
           {{}, Reason::unknown_crash, StatusClass::unknown, terminal, {}},
           {404, Reason::probe_defect, StatusClass::s5xx, terminal, {"attempts[0].status_class"}},
           {{}, Reason::connect, StatusClass::unknown, retryable, {"attempts[0].status_class"}},
           {429, Reason::throttled, StatusClass::s4xx, terminal, {"attempts[0].failure_class"}},
           {503, Reason::none, StatusClass::s5xx, FailureClass::none, {"attempts[0].reason"}},
           {{}, Reason::none, none, FailureClass::none, {"attempts[0].reason"}},
           {502, Reason::dns, StatusClass::s5xx, retryable, {"attempts[0].reason"}},
           {{}, Reason::server_error, none, retryable, {"attempts[0].reason"}},
           {200, Reason::server_error, StatusClass::s2xx, retryable, {"attempts[0].reason"}},
       }) {
    Attempt one = attempt(0, reason);
    one.http_status = http_status;
    one.status_class = status_class;
    one.failure_class = failure_class;
    std::vector<std::string> fields;
    for (const auto& difference : class_differences(outcome_of({one}))) {
      fields.push_back(difference.field);
    }
    EXPECT_EQ(fields, differs) << http_status.value_or(0) << ' ' << word(reason);
  }
}

TEST(ClassDifferences, CallAReplyThatTheParserDidNotAcceptNoSuccess) {
  Attempt one = attempt(0, Reason::none);
  EXPECT_THAT(class_differences(outcome_of({one})), IsEmpty());
  one.parser_result = ParserResult::inconclusive;
  EXPECT_THAT(class_differences(outcome_of({one})),
              ElementsAre(Difference{
                  "attempts[0].reason", "none", "a failure: the parser did not accept the reply"}));
}

}  // namespace
}  // namespace smokeledger::probes::core
