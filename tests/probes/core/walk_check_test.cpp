#include "probes/core/walk_check.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/retry.h"
#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::attempt;
using tests::walk_plan;

// A walk whose requests took 10 ms each, with no delay beyond the planned waits.
struct Walk {
  std::vector<Attempt> attempts;
  std::vector<Milliseconds> sent{};
  bool ended_itself = true;
  std::optional<Milliseconds> ended{};
  std::vector<std::string> pressure{};
};

std::vector<Difference> differences(const ProbePlan& plan, Walk walk) {
  Milliseconds now{0};
  if (walk.sent.empty()) {
    for (const Attempt& of : walk.attempts) {
      if (&of != &walk.attempts.front()) now += 10ms + of.planned_wait;
      walk.sent.push_back(now);
    }
  }
  if (!walk.ended) walk.ended = walk.sent.back() + 10ms;
  return walk_differences(plan,
                          {walk.attempts, walk.sent, walk.ended_itself, walk.ended, walk.pressure});
}

Attempt asked_to_wait(RetryAfterSeen seen, Reason reason = Reason::throttled) {
  Attempt of = attempt(0, reason);
  of.http_status = 429;
  of.retry_after = seen;
  return of;
}

const Attempt busy = attempt(0, Reason::overloaded);
const Attempt good = attempt(0, Reason::none);

Attempt good_after(Milliseconds wait) {
  return attempt(0, Reason::none, wait);
}

TEST(WalkDifferences, AreNoneWhereSomeDrawLeadsToTheWaits) {
  for (const Milliseconds wait : {0ms, 1ms, 250ms, 499ms}) {
    EXPECT_THAT(differences(walk_plan(), {{busy, good_after(wait)}}), IsEmpty()) << wait.count();
  }
  EXPECT_THAT(differences(walk_plan(), {{busy, good_after(500ms)}}),
              ElementsAre(Difference{"attempts[1].planned_wait_ms", "500", "0 to 499"}));
}

TEST(WalkDifferences, AreNoneWhereSomeRetryAfterLeadsToTheWaits) {
  const ProbePlan plan = walk_plan();
  for (const Milliseconds wait : {0ms, 700ms, 30'000ms}) {
    EXPECT_THAT(differences(plan, {{asked_to_wait(RetryAfterSeen::obeyed), good_after(wait)}}),
                IsEmpty())
        << wait.count();
  }
  EXPECT_THAT(differences(plan, {{asked_to_wait(RetryAfterSeen::capped), good_after(30s)}}),
              IsEmpty());
  EXPECT_THAT(differences(plan, {{asked_to_wait(RetryAfterSeen::ignored), good_after(400ms)}}),
              IsEmpty())
      << "it could not be read";
  EXPECT_THAT(differences(plan, {{asked_to_wait(RetryAfterSeen::capped), good_after(29s)}}),
              ElementsAre(Difference{"attempts[0].retry_after", "capped", "obeyed"},
                          Difference{"attempts[1].planned_wait_ms", "29000", "30000 to 30000"}));
  EXPECT_THAT(differences(plan, {{asked_to_wait(RetryAfterSeen::absent), good_after(700ms)}}),
              ElementsAre(Difference{"attempts[0].retry_after", "absent", "obeyed"},
                          Difference{"attempts[1].planned_wait_ms", "700", "0 to 499"}));
}

TEST(WalkDifferences, KnowThatNothingAsksForAWaitWithoutARefusal) {
  Attempt unanswered = attempt(0, Reason::timeout);
  unanswered.retry_after = RetryAfterSeen::obeyed;
  EXPECT_THAT(differences(walk_plan(), {{unanswered, good_after(100ms)}}),
              ElementsAre(Difference{"attempts[0].retry_after", "obeyed", "absent"}));
}

TEST(WalkDifferences, NameTheRouteThatIsNotNext) {
  EXPECT_THAT(differences(walk_plan(), {{attempt(1, Reason::none)}}),
              ElementsAre(Difference{"attempts[0].route", "fallback", "primary"}));
  EXPECT_THAT(differences(walk_plan(), {{busy, attempt(1, Reason::none)}}),
              ElementsAre(Difference{"attempts[1].route", "fallback", "primary"}));
  EXPECT_THAT(differences(walk_plan(), {{good, good}}),
              ElementsAre(Difference{"attempts[1].route", "primary", "no further attempt"}));
}

TEST(WalkDifferences, AllowAFallbackBeforeTheLastRetryOnlyWhereThatWouldCrossTheDeadline) {
  ProbePlan plan = walk_plan();
  plan.retry.deadline = 20s;
  const Attempt throttled = asked_to_wait(RetryAfterSeen::ignored);
  const Walk walk{{throttled, attempt(1, Reason::none)}};
  EXPECT_THAT(differences(plan, walk), IsEmpty()) << "30 s were asked for";
  plan.retry.deadline = 2min;
  EXPECT_THAT(differences(plan, walk),
              ElementsAre(Difference{"attempts[0].retry_after", "ignored", "forbidden"},
                          Difference{"attempts[1].route", "fallback", "primary"}));
}

TEST(WalkDifferences, SeeARunThatStoppedTooEarly) {
  EXPECT_THAT(
      differences(walk_plan(), {{busy}}),
      ElementsAre(Difference{"attempts", "1", "more: the policy goes on with route primary"}));
  EXPECT_THAT(differences(walk_plan(), {.attempts = {busy}, .ended_itself = false}), IsEmpty());
}

TEST(WalkDifferences, TakeARunThatMayHaveWaitedForItsTurnUntilTheDeadlineForRight) {
  ProbePlan plan = walk_plan();
  plan.retry.deadline = 20s;
  EXPECT_THAT(differences(plan, {.attempts = {busy}, .ended = 20s}), IsEmpty());
  EXPECT_THAT(
      differences(plan, {.attempts = {asked_to_wait(RetryAfterSeen::obeyed)}, .ended = 20s}),
      IsEmpty());
  EXPECT_THAT(differences(plan, {.attempts = {busy}, .ended = 19s}), testing::SizeIs(1));
}

TEST(WalkDifferences, KnowWhatOtherRunsLeftToThisOne) {
  const std::vector<std::string> in_vain{"retries_without_recovery:3"};
  EXPECT_THAT(differences(walk_plan(), {.attempts = {busy}, .pressure = in_vain}), IsEmpty());
  EXPECT_THAT(differences(walk_plan(), {.attempts = {busy, good}, .pressure = in_vain}),
              ElementsAre(Difference{"attempts[1].route", "primary", "no further attempt"}));
  const std::vector<std::string> short_of_one{"retry_tokens_short:one"};
  EXPECT_THAT(differences(walk_plan(), {.attempts = {busy, busy}, .pressure = short_of_one}),
              IsEmpty());
  EXPECT_THAT(
      differences(walk_plan(), {.attempts = {busy}, .pressure = {"retry_tokens_short:two"}}),
      ElementsAre(Difference{"pressure", "retry_tokens_short:...", "retry_tokens_short:one"}));
  EXPECT_THAT(differences(walk_plan(), {.attempts = {good}, .pressure = short_of_one}),
              ElementsAre(Difference{"pressure",
                                     "retry_tokens_short:one",
                                     "nothing of the tokens: no further request was due"}));
}

TEST(WalkDifferences, SeeABudgetThatWasOverspent) {
  ProbePlan plan = walk_plan();
  plan.retry.attempts_per_route = 9;
  plan.retry.attempt_budget = 2;
  EXPECT_THAT(differences(plan, {{busy, busy, good}}),
              ElementsAre(Difference{"attempts[2].route", "primary", "no further attempt"}));
}

// One walk of the policy itself, by chance.
Walk random_walk(const ProbePlan& plan, std::mt19937& engine) {
  const auto below = [&](std::uint32_t end) {
    return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(engine);
  };
  constexpr std::array reasons{Reason::none,
                               Reason::throttled,
                               Reason::overloaded,
                               Reason::timeout,
                               Reason::auth,
                               Reason::connect,
                               Reason::server_error,
                               Reason::tls};
  Walk walk;
  std::vector<Past> history;
  Milliseconds now{0};
  while (true) {
    Step step = next_step(plan, history, now, {below(1'000'000) / 1e6});
    const auto seen = std::visit([](const auto& of) { return of.retry_after; }, step);
    if (!history.empty()) history.back().attempt.retry_after = seen;
    const auto* send = std::get_if<Send>(&step);
    if (send == nullptr) break;
    now += send->after;
    walk.sent.push_back(now);
    Past past;
    past.route = send->route;
    past.attempt = attempt(send->route, reasons[below(reasons.size())], send->after);
    if (below(2) == 0 && past.attempt.reason == Reason::throttled) {
      past.attempt.http_status = 429;
      past.wish.names_a_wait = true;
      if (below(4) > 0) past.wish.wait = Milliseconds{below(40'000)};
    }
    history.push_back(past);
    now += Milliseconds{below(20'000)};
  }
  for (const Past& past : history) walk.attempts.push_back(past.attempt);
  walk.ended = now;
  return walk;
}

TEST(WalkDifferences, AreNoneForEveryWalkOfThePolicyItself) {
  std::mt19937 engine(20261121);
  std::size_t attempts = 0;
  for (int i = 0; i < 3'000; ++i) {
    ProbePlan plan = walk_plan();
    plan.retry.attempts_per_route = 1 + static_cast<std::uint32_t>(engine() % 4);
    plan.retry.attempt_budget = 1 + static_cast<std::uint32_t>(engine() % 6);
    plan.retry.deadline = Milliseconds{10'000 + engine() % 80'000};
    const Walk walk = random_walk(plan, engine);
    attempts += walk.attempts.size();
    const auto found = differences(plan, walk);
    ASSERT_THAT(found, IsEmpty()) << i << ": " << found.front().field << ' '
                                  << found.front().recorded << " / " << found.front().recomputed;
  }
  EXPECT_GT(attempts, 5'000U);
}

}  // namespace
}  // namespace smokeledger::probes::core
