#include "probes/core/retry.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

Past failed(std::size_t route, Reason reason, std::optional<Milliseconds> retry_after = {}) {
  Past past;
  past.route = route;
  past.attempt.reason = reason;
  past.attempt.failure_class = retries(after(documented_classes(), reason))
                                   ? FailureClass::retryable
                                   : FailureClass::terminal;
  past.wish = {retry_after, retry_after.has_value(), false};
  return past;
}

Past usable(std::size_t route) {
  Past past;
  past.route = route;
  past.attempt.reason = Reason::none;
  past.attempt.failure_class = FailureClass::none;
  return past;
}

Step step(const ProbePlan& plan,
          const std::vector<Past>& history,
          Milliseconds elapsed = 0ms,
          double draw = 0.5) {
  return next_step(plan, history, elapsed, {draw});
}

TEST(Backoff, OfFullJitterIsDrawnFromZeroToACappedPower) {
  const RetryPolicy retry{.base = 500ms, .multiplier = 2, .cap = 8s};
  EXPECT_EQ(backoff(retry, 0, 0ms, {0.5}), 250ms);
  EXPECT_EQ(backoff(retry, 1, 0ms, {0.5}), 500ms);
  EXPECT_EQ(backoff(retry, 3, 0ms, {0.5}), 2s);
  EXPECT_EQ(backoff(retry, 4, 0ms, {0.5}), 4s);
  EXPECT_EQ(backoff(retry, 5, 0ms, {0.5}), 4s);
  EXPECT_EQ(backoff(retry, 5, 0ms, {0.0}), 0ms);
}

TEST(Backoff, OfEqualJitterWaitsAtLeastHalf) {
  const RetryPolicy retry{.jitter = Jitter::equal, .base = 500ms, .multiplier = 2, .cap = 8s};
  EXPECT_EQ(backoff_bounds(retry, 0, 0ms), (WaitBounds{250ms, 500ms}));
  EXPECT_EQ(backoff_bounds(retry, 2, 0ms), (WaitBounds{1s, 2s}));
  EXPECT_EQ(backoff_bounds(retry, 9, 0ms), (WaitBounds{4s, 8s}));
  EXPECT_EQ(backoff(retry, 0, 0ms, {0.0}), 250ms);
  EXPECT_EQ(backoff(retry, 0, 0ms, {0.5}), 375ms);
}

TEST(Backoff, OfDecorrelatedJitterGrowsWithTheWaitBefore) {
  const RetryPolicy retry{
      .jitter = Jitter::decorrelated, .base = 500ms, .multiplier = 3, .cap = 8s};
  EXPECT_EQ(backoff_bounds(retry, 0, 7s), (WaitBounds{500ms, 1500ms})) << "none was made before";
  EXPECT_EQ(backoff_bounds(retry, 1, 1s), (WaitBounds{500ms, 3s}));
  EXPECT_EQ(backoff_bounds(retry, 2, 3s), (WaitBounds{500ms, 8s}));
  EXPECT_EQ(backoff_bounds(retry, 2, 0ms), (WaitBounds{500ms, 1500ms}));
  EXPECT_EQ(backoff(retry, 1, 1s, {0.5}), 1750ms);
}

TEST(Backoff, DoesNotOverflowAtAnyRetryNumber) {
  const RetryPolicy retry{.base = 1h, .multiplier = 1000, .cap = 24h};
  for (const std::uint32_t number : {0U, 31U, 1000U, std::numeric_limits<std::uint32_t>::max()}) {
    for (const Jitter jitter : every<Jitter>()) {
      RetryPolicy drawn = retry;
      drawn.jitter = jitter;
      EXPECT_GE(backoff(drawn, number, Milliseconds::max(), {0.999}), 0ms) << word(jitter);
      EXPECT_LE(backoff(drawn, number, Milliseconds::max(), {0.999}), 24h) << word(jitter);
    }
  }
  const RetryPolicy flat{.base = 1s, .multiplier = 1, .cap = 8s};
  EXPECT_EQ(backoff_bounds(flat, std::numeric_limits<std::uint32_t>::max(), 0ms).most, 1s);
}

TEST(NextStep, BeginsWithThePrimaryAtOnce) {
  const auto send = std::get<Send>(step(tests::walk_plan(), {}));
  EXPECT_EQ(send.route, 0U);
  EXPECT_EQ(send.after, 0ms);
  EXPECT_EQ(send.timeout, 30s);
}

TEST(NextStep, StopsAtAUsableReply) {
  EXPECT_TRUE(std::holds_alternative<Stop>(step(tests::walk_plan(), {usable(0)})));
  EXPECT_TRUE(std::holds_alternative<Stop>(
      step(tests::walk_plan(), {failed(0, Reason::overloaded), usable(0)})));
}

TEST(NextStep, RetriesWithBackoffThenFallsBackAtOnceThenStopsForLackOfBudget) {
  ProbePlan plan = tests::walk_plan();
  std::vector<Past> history{failed(0, Reason::overloaded)};
  EXPECT_EQ(std::get<Send>(step(plan, history)).after, 250ms);
  history.push_back(failed(0, Reason::overloaded));
  EXPECT_EQ(std::get<Send>(step(plan, history)).after, 500ms);
  history.push_back(failed(0, Reason::overloaded));
  const auto fallback = std::get<Send>(step(plan, history));
  EXPECT_EQ(fallback.route, 1U);
  EXPECT_EQ(fallback.after, 0ms);
  history.push_back(failed(1, Reason::overloaded));
  EXPECT_TRUE(std::holds_alternative<Stop>(step(plan, history)));
  plan.retry.attempt_budget += 1;
  EXPECT_EQ(std::get<Send>(step(plan, history)).route, 1U);
}

TEST(NextStep, RetriesAndFallsBackInWalkModeOnly) {
  ProbePlan plan = tests::walk_plan();
  for (const Mode mode : {Mode::direct, Mode::gateway}) {
    plan.mode = mode;
    for (const Reason reason : every<Reason>()) {
      if (reason == Reason::none) continue;
      EXPECT_TRUE(std::holds_alternative<Stop>(step(plan, {failed(0, reason)}))) << word(reason);
    }
  }
}

struct ResponseCase {
  Reason reason;
  bool retried;
  bool falls_back;
};

TEST(NextStep, TreatsEachReasonByTheClassTable) {
  const std::vector<ResponseCase> cases{{Reason::throttled, true, true},
                                        {Reason::overloaded, true, true},
                                        {Reason::server_error, true, true},
                                        {Reason::timeout, true, true},
                                        {Reason::dns, true, true},
                                        {Reason::connect, true, true},
                                        {Reason::local_network, true, false},
                                        {Reason::tls, false, true},
                                        {Reason::redirect, false, true},
                                        {Reason::auth, false, false},
                                        {Reason::account_state, false, false},
                                        {Reason::bad_request, false, false},
                                        {Reason::probe_defect, false, false},
                                        {Reason::in_stream_error, false, true},
                                        {Reason::truncated, false, true},
                                        {Reason::shape_rejected, false, true},
                                        {Reason::too_large, false, true},
                                        {Reason::protocol, false, true},
                                        {Reason::aborted, false, false},
                                        {Reason::unknown_crash, false, false}};
  EXPECT_EQ(cases.size() + 1, every<Reason>().size());
  for (const auto& row : cases) {
    const Step next = step(tests::walk_plan(), {failed(0, row.reason)});
    const auto* send = std::get_if<Send>(&next);
    EXPECT_EQ(send != nullptr && send->route == 0, row.retried) << word(row.reason);
    EXPECT_EQ(falls_back(after(documented_classes(), row.reason)), row.falls_back)
        << word(row.reason);
    if (!row.retried) {
      EXPECT_EQ(send != nullptr && send->route == 1, row.falls_back) << word(row.reason);
    }
  }
}

ProbePlan plan_with(Reason reason, AfterFailure action) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.after[static_cast<std::size_t>(reason)] = action;
  return plan;
}

TEST(NextStep, WalksAroundARefusalOfTheAccountOnlyWhereThatIsDeclared) {
  for (const Reason reason : {Reason::auth, Reason::account_state}) {
    const ProbePlan plan = plan_with(reason, AfterFailure::fall_back);
    EXPECT_EQ(std::get<Send>(step(plan, {failed(0, reason)})).route, 1U) << word(reason);
  }
}

TEST(NextStep, DoesWhatTheProbeSaysOfAReason) {
  const std::vector<Past> history{failed(0, Reason::overloaded)};
  const auto next = [&](AfterFailure action) {
    return step(plan_with(Reason::overloaded, action), history);
  };
  EXPECT_TRUE(std::holds_alternative<Stop>(next(AfterFailure::escalate)));
  EXPECT_EQ(std::get<Send>(next(AfterFailure::retry)).route, 0U);
  EXPECT_EQ(std::get<Send>(next(AfterFailure::fall_back)).route, 1U);
  EXPECT_EQ(std::get<Send>(next(AfterFailure::retry_then_fall_back)).route, 0U);
  ProbePlan once = plan_with(Reason::overloaded, AfterFailure::retry);
  once.retry.attempts_per_route = 1;
  EXPECT_TRUE(std::holds_alternative<Stop>(step(once, history)));
}

// Whatever the table of a plan that no configuration can give says.
TEST(NextStep, NeverRetriesBehindAStatusLineOfSuccess) {
  for (const Reason reason : every<Reason>()) {
    if (reason == Reason::none) continue;
    Past past = failed(0, reason);
    past.attempt.http_status = 200;
    const Step next = step(plan_with(reason, AfterFailure::retry_then_fall_back), {past});
    EXPECT_EQ(std::get<Send>(next).route, 1U) << word(reason);
  }
}

TEST(NextStep, DoesNotRetryWhereTheReplyForbidsIt) {
  Past past = failed(0, Reason::throttled, 1s);
  past.wish.forbids = true;
  const auto send = std::get<Send>(step(tests::walk_plan(), {past}));
  EXPECT_EQ(send.route, 1U);
  EXPECT_EQ(send.retry_after, RetryAfterSeen::forbidden);
  ProbePlan alone = tests::walk_plan();
  alone.routes.pop_back();
  EXPECT_EQ(std::get<Stop>(step(alone, {past})).retry_after, RetryAfterSeen::forbidden);
}

TEST(NextStep, MakesAtMostOneRetryAfterATimeoutInTheWholeRun) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.attempt_budget = 6;
  const auto timeout = [](std::size_t route) { return failed(route, Reason::timeout); };
  EXPECT_EQ(std::get<Send>(step(plan, {timeout(0)})).route, 0U);
  EXPECT_EQ(std::get<Send>(step(plan, {timeout(0), timeout(0)})).route, 1U);
  EXPECT_TRUE(std::holds_alternative<Stop>(step(plan, {timeout(0), timeout(0), timeout(1)})));
  EXPECT_EQ(std::get<Send>(step(plan, {failed(0, Reason::tls), timeout(1)})).route, 1U);
}

TEST(Allowance, WithoutTokensNothingFurtherIsSentNeitherRetryNorFallback) {
  const ProbePlan plan = tests::walk_plan();
  const Allowance none{.retry_tokens = 0};
  for (const Reason reason : {Reason::overloaded, Reason::tls}) {
    const std::vector<Past> history{failed(0, reason)};
    EXPECT_EQ(std::get<Stop>(next_step(plan, history, 0ms, {0.5}, none)).held, Held::retry_tokens);
    EXPECT_TRUE(
        std::holds_alternative<Send>(next_step(plan, history, 0ms, {0.5}, {.retry_tokens = 1})));
  }
  EXPECT_TRUE(std::holds_alternative<Send>(next_step(plan, {}, 0ms, {0.5}, none)))
      << "the first request is no retry";
  EXPECT_EQ(
      std::get<Stop>(next_step(plan, std::vector{failed(0, Reason::auth)}, 0ms, {}, none)).held,
      Held::no)
      << "nothing would have been sent";
}

TEST(Allowance, UnderPressureIsOneRequest) {
  const ProbePlan plan = tests::walk_plan();
  const Allowance pressed{.retry_tokens = {}, .under_pressure = true};
  EXPECT_TRUE(std::holds_alternative<Send>(next_step(plan, {}, 0ms, {0.5}, pressed)));
  const std::vector<Past> history{failed(0, Reason::overloaded)};
  EXPECT_EQ(std::get<Stop>(next_step(plan, history, 0ms, {0.5}, pressed)).held, Held::pressure);
}

TEST(RetryAfter, IsObeyedWithinTheCap) {
  const auto send =
      std::get<Send>(step(tests::walk_plan(), {failed(0, Reason::throttled, Milliseconds{7s})}));
  EXPECT_EQ(send.after, 7s);
  EXPECT_EQ(send.retry_after, RetryAfterSeen::obeyed);
}

TEST(RetryAfter, IsCappedBeyondIt) {
  const auto send =
      std::get<Send>(step(tests::walk_plan(), {failed(0, Reason::throttled, Milliseconds{90s})}));
  EXPECT_EQ(send.after, 30s);
  EXPECT_EQ(send.retry_after, RetryAfterSeen::capped);
}

TEST(RetryAfter, NeverShortensOurOwnBackoff) {
  const auto send = std::get<Send>(
      step(tests::walk_plan(), {failed(0, Reason::throttled, Milliseconds{0})}, 0ms, 0.5));
  EXPECT_EQ(send.after, 250ms);
}

TEST(RetryAfter, IsIgnoredWhereNothingIsSentAnyMore) {
  ProbePlan plan = tests::walk_plan();
  plan.mode = Mode::direct;
  const auto stop = std::get<Stop>(step(plan, {failed(0, Reason::throttled, Milliseconds{5s})}));
  EXPECT_EQ(stop.retry_after, RetryAfterSeen::ignored);
  EXPECT_EQ(std::get<Stop>(step(plan, {failed(0, Reason::throttled)})).retry_after,
            RetryAfterSeen::absent);
}

TEST(RetryAfter, OfTheLatestReplyCounts) {
  const auto send = std::get<Send>(step(
      tests::walk_plan(), {failed(0, Reason::throttled, 20s), failed(0, Reason::throttled, 3s)}));
  EXPECT_EQ(send.after, 3s);
}

TEST(RetryAfter, IsIgnoredByAnotherProvidersFallbackAndObeyedByTheSameOnes) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.attempts_per_route = 1;
  const std::vector<Past> history{failed(0, Reason::throttled, Milliseconds{5s})};
  auto send = std::get<Send>(step(plan, history));
  EXPECT_EQ(send.after, 0ms);
  EXPECT_EQ(send.retry_after, RetryAfterSeen::ignored);
  plan.routes[1] = tests::route("fallback", "one", tests::responses_contract());
  send = std::get<Send>(step(plan, history));
  EXPECT_EQ(send.after, 5s);
  EXPECT_EQ(send.retry_after, RetryAfterSeen::obeyed);
}

TEST(Deadline, NoWaitIsBegunThatWouldCrossIt) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.deadline = 10s;
  const auto send =
      std::get<Send>(step(plan, {failed(0, Reason::throttled, Milliseconds{9s})}, 2s));
  EXPECT_EQ(send.route, 1U) << "the fallback needs no wait";
  EXPECT_EQ(send.retry_after, RetryAfterSeen::ignored);
  EXPECT_EQ(send.timeout, 8s);
  const std::vector<Past> history{failed(0, Reason::throttled)};
  EXPECT_EQ(std::get<Send>(step(plan, history, 9'999ms)).timeout, 1ms);
  EXPECT_TRUE(std::holds_alternative<Stop>(step(plan, history, 10s)));
}

// Random histories against the bounds that every walk keeps.
TEST(NextStep, StaysWithinBudgetDeadlineAndRouteOrderForAnyHistory) {
  const unsigned seed = 20261121;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> draw(0.0, 1.0);
  for (int run = 0; run < 20'000; ++run) {
    ProbePlan plan = tests::walk_plan();
    plan.retry.attempt_budget = static_cast<std::uint32_t>(1 + random() % 6);
    plan.retry.attempts_per_route = static_cast<std::uint32_t>(1 + random() % 4);
    plan.retry.deadline = Milliseconds{1 + random() % 60'000};
    std::vector<Past> history;
    Milliseconds elapsed{0};
    for (;;) {
      const Step next = next_step(plan, history, elapsed, {draw(random)});
      const auto* send = std::get_if<Send>(&next);
      if (send == nullptr) break;
      ASSERT_LT(send->route, plan.routes.size());
      ASSERT_TRUE(history.empty() || send->route >= history.back().route) << "seed " << seed;
      elapsed += send->after;
      ASSERT_LE(elapsed + send->timeout, plan.retry.deadline) << "seed " << seed << " run " << run;
      elapsed += Milliseconds{random() % static_cast<unsigned>(send->timeout.count() + 1)};
      const auto reason = every<Reason>()[1 + random() % (every<Reason>().size() - 1)];
      std::optional<Milliseconds> asked;
      if (random() % 3 == 0) asked = Milliseconds{random() % 100'000};
      history.push_back(failed(send->route, reason, asked));
    }
    ASSERT_LE(history.size(), plan.retry.attempt_budget) << "seed " << seed << " run " << run;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
