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
  past.attempt.failure_class =
      response_to(reason, {}).retry ? FailureClass::retryable : FailureClass::terminal;
  past.retry_after = retry_after;
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

TEST(Backoff, IsFullJitterUnderACap) {
  const RetryPolicy retry{.base = 500ms, .multiplier = 2, .cap = 8s};
  EXPECT_EQ(backoff(retry, 0, {0.5}), 250ms);
  EXPECT_EQ(backoff(retry, 1, {0.5}), 500ms);
  EXPECT_EQ(backoff(retry, 3, {0.5}), 2s);
  EXPECT_EQ(backoff(retry, 4, {0.5}), 4s);
  EXPECT_EQ(backoff(retry, 5, {0.5}), 4s);
  EXPECT_EQ(backoff(retry, 5, {0.0}), 0ms);
}

TEST(Backoff, DoesNotOverflowAtAnyRetryNumber) {
  const RetryPolicy retry{.base = 1h, .multiplier = 1000, .cap = 24h};
  for (const std::uint32_t number : {0U, 31U, 1000U, std::numeric_limits<std::uint32_t>::max()}) {
    EXPECT_GE(backoff(retry, number, {0.999}), 0ms);
    EXPECT_LE(backoff(retry, number, {0.999}), 24h);
  }
  const RetryPolicy flat{.base = 1s, .multiplier = 1, .cap = 8s};
  EXPECT_EQ(backoff_bound(flat, std::numeric_limits<std::uint32_t>::max()), 1s);
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

TEST(NextStep, DirectModeNeverRetriesNorFallsBack) {
  ProbePlan plan = tests::walk_plan();
  plan.mode = Mode::direct;
  for (const Reason reason : every<Reason>()) {
    if (reason == Reason::none) continue;
    EXPECT_TRUE(std::holds_alternative<Stop>(step(plan, {failed(0, reason)}))) << word(reason);
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
    EXPECT_EQ(response_to(row.reason, {}).fall_back, row.falls_back) << word(row.reason);
    if (!row.retried) {
      EXPECT_EQ(send != nullptr && send->route == 1, row.falls_back) << word(row.reason);
    }
  }
}

TEST(NextStep, WalksAroundAnAuthRefusalOnlyWhenThatIsDeclared) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.fallback_on_auth = true;
  EXPECT_EQ(std::get<Send>(step(plan, {failed(0, Reason::auth)})).route, 1U);
  EXPECT_EQ(std::get<Send>(step(plan, {failed(0, Reason::account_state)})).route, 1U);
}

TEST(NextStep, RetriesATimeoutOfUnknownCostOnce) {
  const ProbePlan plan = tests::walk_plan();
  EXPECT_EQ(std::get<Send>(step(plan, {failed(0, Reason::timeout)})).route, 0U);
  const auto second =
      std::get<Send>(step(plan, {failed(0, Reason::timeout), failed(0, Reason::timeout)}));
  EXPECT_EQ(second.route, 1U);
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
