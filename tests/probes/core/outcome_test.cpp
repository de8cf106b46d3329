#include "probes/core/outcome.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

RunFacts facts(RunEnd end = RunEnd::finished, Gap gap = Gap::none) {
  return {"chat-walk-20261121-001", Trigger::schedule, "0.1.0", end, gap};
}

Outcome summary(std::vector<Attempt> attempts, RunEnd end = RunEnd::finished) {
  return summarise(tests::walk_plan(), facts(end), std::move(attempts));
}

// Attempts on the primary with these waits; each but the last met a full server.
std::vector<Attempt> waited(const std::vector<Milliseconds>& waits) {
  std::vector<Attempt> attempts{tests::attempt(0, Reason::overloaded)};
  for (const Milliseconds wait : waits) {
    attempts.push_back(tests::attempt(0, Reason::overloaded, wait));
  }
  return attempts;
}

TEST(Summarise, CarriesThePlanAndTheRun) {
  ProbePlan plan = tests::walk_plan();
  plan.unresolved = {"environment_mismatch:feature_flags"};
  const Outcome outcome = summarise(plan, facts(), {tests::attempt(0, Reason::none)});
  EXPECT_EQ(outcome.check_id, "chat-walk-20261121-001");
  EXPECT_EQ(outcome.probe, "chat-walk");
  EXPECT_EQ(outcome.mode, Mode::walk);
  EXPECT_EQ(outcome.trigger, Trigger::schedule);
  EXPECT_EQ(outcome.policy_sha256, plan.policy_sha256);
  EXPECT_EQ(outcome.config_sha256, plan.config_sha256);
  EXPECT_EQ(outcome.environment, "test");
  EXPECT_EQ(outcome.build, "0.1.0");
  EXPECT_EQ(outcome.follow_up_owner, "platform");
  EXPECT_EQ(outcome.evidence_links, plan.evidence_links);
  EXPECT_EQ(outcome.unresolved, plan.unresolved);
  EXPECT_EQ(outcome.attempt_budget, 4U);
}

TEST(Summarise, AllowsOneAttemptInDirectMode) {
  ProbePlan plan = tests::walk_plan();
  plan.mode = Mode::direct;
  EXPECT_EQ(summarise(plan, facts(), {tests::attempt(0, Reason::none)}).attempt_budget, 1U);
  EXPECT_EQ(summarise(plan, facts(), waited({1ms})).within_budget, WithinBudget::no);
}

TEST(Summarise, DescribesTheLastAttempt) {
  const Outcome outcome =
      summary({tests::attempt(0, Reason::throttled), tests::attempt(1, Reason::none)});
  EXPECT_EQ(outcome.family, EndpointFamily::responses);
  EXPECT_EQ(outcome.provider, "two");
  EXPECT_EQ(outcome.status_class, StatusClass::s2xx);
  EXPECT_EQ(outcome.failure_class, FailureClass::none);
  EXPECT_EQ(outcome.reason, Reason::none);
}

TEST(Summarise, DescribesThePrimaryWhenNothingWasSent) {
  const Outcome outcome = summary({}, RunEnd::paused);
  EXPECT_EQ(outcome.family, EndpointFamily::chat_completions);
  EXPECT_EQ(outcome.provider, "one");
  EXPECT_EQ(outcome.status_class, StatusClass::not_sent);
  EXPECT_EQ(outcome.caller_received, CallerReceived::nothing);
  EXPECT_EQ(outcome.retry_count, 0U);
  EXPECT_EQ(outcome.fallback_taken, Tristate::no);
}

TEST(RetryCount, CountsAttemptsThatRepeatTheSameRouteOnly) {
  EXPECT_EQ(summary({tests::attempt(0, Reason::none)}).retry_count, 0U);
  EXPECT_EQ(summary(waited({1ms, 1ms})).retry_count, 2U);
  EXPECT_EQ(summary({tests::attempt(0, Reason::timeout),
                     tests::attempt(1, Reason::timeout),
                     tests::attempt(1, Reason::none, 1ms)})
                .retry_count,
            1U);
}

TEST(Fallback, IsTakenWhenTheLastAttemptIsOnALaterRoute) {
  EXPECT_EQ(summary(waited({1ms})).fallback_taken, Tristate::no);
  EXPECT_EQ(summary(waited({1ms})).fallback_route, "");
  const Outcome outcome =
      summary({tests::attempt(0, Reason::tls), tests::attempt(1, Reason::overloaded)});
  EXPECT_EQ(outcome.fallback_taken, Tristate::yes) << "taken, though it did not help";
  EXPECT_EQ(outcome.fallback_route, "fallback");
}

TEST(BackoffSeen, IsNotExercisedWithoutARetry) {
  EXPECT_EQ(summary({tests::attempt(0, Reason::none)}).backoff_policy_seen, Seen::not_exercised);
  EXPECT_EQ(summary({tests::attempt(0, Reason::tls), tests::attempt(1, Reason::none)})
                .backoff_policy_seen,
            Seen::not_exercised);
}

TEST(BackoffSeen, HoldsEveryWaitAgainstThePolicysBound) {
  // base 500 ms, multiplier 2: the bounds are 500 ms, 1 s, 2 s.
  EXPECT_EQ(summary(waited({0ms})).backoff_policy_seen, Seen::yes);
  EXPECT_EQ(summary(waited({500ms, 1s, 2s})).backoff_policy_seen, Seen::yes);
  EXPECT_EQ(summary(waited({501ms})).backoff_policy_seen, Seen::no);
  EXPECT_EQ(summary(waited({500ms, 1001ms})).backoff_policy_seen, Seen::no);
  EXPECT_EQ(summary(waited({-1ms})).backoff_policy_seen, Seen::no);
}

TEST(BackoffSeen, BeginsAnewOnAnotherRoute) {
  auto attempts = waited({100ms, 100ms});
  attempts.push_back(tests::attempt(1, Reason::overloaded));
  attempts.push_back(tests::attempt(1, Reason::overloaded, 501ms));
  EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::no);
  attempts.back().planned_wait = 500ms;
  EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::yes);
}

TEST(BackoffSeen, AllowsALongerWaitOnlyWhereTheReplyAskedForIt) {
  auto attempts = waited({7s});
  EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::no);
  for (const auto seen : {RetryAfterSeen::obeyed, RetryAfterSeen::capped}) {
    attempts[0].retry_after = seen;
    EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::yes) << word(seen);
  }
  attempts[0].retry_after = RetryAfterSeen::ignored;
  EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::no);
  attempts[0].retry_after = RetryAfterSeen::obeyed;
  attempts[1].planned_wait = 30'001ms;
  EXPECT_EQ(summary(attempts).backoff_policy_seen, Seen::no) << "beyond the cap";
}

TEST(JitterSeen, NeedsTwoWaitsOfOurOwn) {
  EXPECT_EQ(summary(waited({})).jitter_seen, Seen::not_exercised);
  EXPECT_EQ(summary(waited({100ms})).jitter_seen, Seen::not_exercised);
  EXPECT_EQ(summary(waited({100ms, 100ms})).jitter_seen, Seen::yes) << "a fifth, then a tenth";
  EXPECT_EQ(summary(waited({100ms, 200ms})).jitter_seen, Seen::no) << "a fifth of each bound";
  auto asked = waited({100ms, 7s});
  asked[1].retry_after = RetryAfterSeen::obeyed;
  EXPECT_EQ(summary(asked).jitter_seen, Seen::not_exercised);
}

TEST(CallerReceived, SaysWhatTheCallerWasLeftWith) {
  using enum CallerReceived;
  EXPECT_EQ(summary({tests::attempt(0, Reason::none)}).caller_received, usable_response);
  EXPECT_EQ(summary(waited({1ms})).caller_received, controlled_failure);
  EXPECT_EQ(summary({tests::attempt(0, Reason::aborted)}, RunEnd::aborted).caller_received,
            unknown);
  EXPECT_EQ(summary({tests::attempt(0, Reason::unknown_crash)}, RunEnd::crashed).caller_received,
            unknown);
  EXPECT_EQ(summary({}, RunEnd::aborted).caller_received, nothing);
}

TEST(Unresolved, NamesAResultThatIsNotKnownAndOnlyThen) {
  const std::vector<std::string> unknown{"result_of_last_attempt_unknown"};
  EXPECT_EQ(summary({tests::attempt(0, Reason::aborted)}, RunEnd::aborted).unresolved, unknown);
  EXPECT_EQ(summary({tests::attempt(0, Reason::unknown_crash)}, RunEnd::crashed).unresolved,
            unknown);
  EXPECT_TRUE(summary(waited({}), RunEnd::aborted).unresolved.empty()) << "aborted while it waited";
  EXPECT_TRUE(summary({}, RunEnd::aborted).unresolved.empty()) << "nothing was sent";
}

TEST(WithinBudget, ComparesTheAttemptsWithTheBudget) {
  EXPECT_EQ(summary(waited({1ms, 1ms, 1ms})).within_budget, WithinBudget::yes);
  EXPECT_EQ(summary(waited({1ms, 1ms, 1ms, 1ms})).within_budget, WithinBudget::no);
}

}  // namespace
}  // namespace smokeledger::probes::core
