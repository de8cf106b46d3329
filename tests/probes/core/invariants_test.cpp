// The bounds of retries, schedules and fleets, over random runs of the real policy code. The seed
// is printed with what it breaks; SMOKELEDGER_SEED=N replays one.
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "tests/support/walk_simulation.h"

namespace smokeledger::tests {
namespace {

constexpr std::uint64_t first_seed = 20'261'122;

using Simulation = std::optional<std::string> (*)(std::uint64_t);

// The seeds to run: one, or so many from the first.
std::pair<std::uint64_t, std::uint64_t> seeds(std::uint64_t count) {
  if (const char* one = std::getenv("SMOKELEDGER_SEED")) {
    const std::uint64_t seed = std::strtoull(one, nullptr, 10);
    return {seed, seed + 1};
  }
  return {first_seed, first_seed + count};
}

void expect_kept(std::uint64_t count, Simulation simulate) {
  const auto [from, to] = seeds(count);
  for (std::uint64_t seed = from; seed < to; ++seed) {
    const auto broken = simulate(seed);
    ASSERT_FALSE(broken) << "invariant " << *broken << "; replay with SMOKELEDGER_SEED=" << seed;
  }
  std::cout << to - from << " simulations from seed " << from << ", none broken\n";
}

// Sanitizers make a run some twenty times as long.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t share = 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t share = 20;
#else
constexpr std::uint64_t share = 1;
#endif
#else
constexpr std::uint64_t share = 1;
#endif

TEST(Invariants, AreKeptByTwoHundredThousandRuns) {
  expect_kept(200'000 / share, [](std::uint64_t seed) { return broken_by_run(seed); });
}

TEST(Invariants, AreKeptByHostsThatRestartSleepAndHaveTheirClocksSet) {
  expect_kept(2'000 / share, broken_by_host);
}

TEST(Invariants, AreKeptByFleetsOfIndependentHosts) {
  expect_kept(20 / share, broken_by_fleet);
}

// --- the bounds moved on purpose: each must be noticed

std::string first_broken(const Policy& policy) {
  for (std::uint64_t seed = first_seed; seed < first_seed + 20'000; ++seed) {
    if (const auto broken = broken_by_run(seed, policy)) return broken->substr(0, 2);
  }
  return "nothing";
}

TEST(Invariants, NoticeABudgetThatIsOneTooLarge) {
  EXPECT_EQ(first_broken([](core::ProbePlan plan,
                            std::span<const core::Past> history,
                            core::Milliseconds elapsed,
                            core::Draw draw,
                            const core::Allowance& allowance) {
              plan.retry.attempt_budget += 1;
              return core::next_step(plan, history, elapsed, draw, allowance);
            }),
            "1:");
}

TEST(Invariants, NoticeADeadlineThatForgetsTheTimeGone) {
  EXPECT_EQ(first_broken([](const core::ProbePlan& plan,
                            std::span<const core::Past> history,
                            core::Milliseconds,
                            core::Draw draw,
                            const core::Allowance& allowance) {
              return core::next_step(plan, history, core::Milliseconds{0}, draw, allowance);
            }),
            "2:");
}

TEST(Invariants, NoticeARetryAfterThatIsNotHeeded) {
  EXPECT_EQ(first_broken([](const core::ProbePlan& plan,
                            std::span<const core::Past> history,
                            core::Milliseconds elapsed,
                            core::Draw draw,
                            const core::Allowance& allowance) {
              std::vector<core::Past> deaf(history.begin(), history.end());
              for (core::Past& past : deaf) past.wish.wait.reset();
              return core::next_step(plan, deaf, elapsed, draw, allowance);
            }),
            "4:");
}

TEST(Invariants, NoticeRetriesThatCostNoToken) {
  EXPECT_EQ(first_broken([](const core::ProbePlan& plan,
                            std::span<const core::Past> history,
                            core::Milliseconds elapsed,
                            core::Draw draw,
                            const core::Allowance& allowance) {
              const core::Allowance free{.retry_tokens = {},
                                         .under_pressure = allowance.under_pressure};
              return core::next_step(plan, history, elapsed, draw, free);
            }),
            "5:");
}

}  // namespace
}  // namespace smokeledger::tests
