#include "probes/core/pressure.h"

#include <gtest/gtest.h>

#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

ProbeState after_vain_retries(std::uint32_t runs) {
  ProbeState state;
  state.retries_without_recovery = runs;
  return state;
}

TEST(RetryPressure, BeginsAfterTheRunsThatThePolicyAllows) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.pressure_after = 3;
  const ProbeState two = after_vain_retries(2);
  const ProbeState three = after_vain_retries(3);
  EXPECT_FALSE(retry_pressure(plan, nullptr));
  EXPECT_FALSE(retry_pressure(plan, &two));
  EXPECT_EQ(retry_pressure(plan, &three), "retries_without_recovery:3");
  plan.retry.pressure_after = 0;
  EXPECT_FALSE(retry_pressure(plan, &three)) << "switched off";
}

TEST(RetryPressure, LeavesOutProbesThatFailOnPurposeOrCannotRetry) {
  const ProbeState pressed = after_vain_retries(9);
  for (const Expectation expect : every<Expectation>()) {
    ProbePlan plan = tests::walk_plan();
    plan.expect = expect;
    const bool on_purpose = expect == Expectation::controlled_failure ||
                            expect == Expectation::escalate || expect == Expectation::use_fallback;
    EXPECT_EQ(retry_pressure(plan, &pressed).has_value(), !on_purpose) << word(expect);
  }
  ProbePlan direct = tests::walk_plan();
  direct.mode = Mode::direct;
  EXPECT_FALSE(retry_pressure(direct, &pressed));
}

// --- this host's network

const std::vector<std::string> both{"one", "two"};

Outcome ended(std::vector<Attempt> attempts) {
  return tests::outcome_line(1, std::move(attempts)).outcome;
}

State with_reach(const std::string& provider, bool reached, WallTime at) {
  State state;
  state.providers.reach[provider] = {reached, at};
  return state;
}

TEST(LocalNetwork, IsGoneWhenEveryOutsideProviderFailsBeforeConnectingAtTheSameTime) {
  const Outcome dns = ended({tests::attempt(0, Reason::dns), tests::attempt(0, Reason::connect)});
  const auto gone = [&](const State& state, std::vector<std::string> outside = both) {
    return local_network_gone(state, outside, dns, tests::morning + 1h);
  };
  EXPECT_EQ(gone(with_reach("two", false, tests::morning)), "no_provider_reached:2");
  EXPECT_FALSE(gone(with_reach("two", true, tests::morning))) << "the other one was reached";
  EXPECT_FALSE(gone({})) << "nothing is known of the other one";
  EXPECT_FALSE(gone(with_reach("two", false, tests::morning - 4h))) << "that was another time";
  EXPECT_FALSE(gone({}, {"one"})) << "one provider alone may be gone itself";
  EXPECT_FALSE(gone(with_reach("two", false, tests::morning), {"two", "three"}))
      << "a loopback provider says nothing of the network";
}

TEST(LocalNetwork, IsGoneWhenAWalkReachesNoneOfAllItsProviders) {
  const Outcome walk = ended({tests::attempt(0, Reason::dns), tests::attempt(1, Reason::dns)});
  EXPECT_EQ(local_network_gone({}, both, walk, tests::morning), "no_provider_reached:2");
}

TEST(LocalNetwork, IsGoneWhenTheKernelSaysSoWhateverElseIsKnown) {
  const Outcome walk = ended({tests::attempt(0, Reason::local_network)});
  EXPECT_EQ(local_network_gone({}, {}, walk, tests::morning), "no_provider_reached:1");
}

TEST(LocalNetwork, IsThereWhenAnyAttemptGotAnywhere) {
  for (const Reason reason : {Reason::timeout, Reason::tls, Reason::throttled, Reason::aborted}) {
    const Outcome walk = ended({tests::attempt(0, Reason::dns), tests::attempt(1, reason)});
    EXPECT_FALSE(local_network_gone({}, both, walk, tests::morning)) << word(reason);
  }
  EXPECT_FALSE(local_network_gone({}, both, Outcome{}, tests::morning)) << "nothing was tried";
}

TEST(OutsideProviders, AreThoseNotOnLoopbackEachOnce) {
  const auto outside = [](const std::string& name) {
    auto route = std::make_shared<Route>(*tests::route("r", name));
    auto provider = std::make_shared<Provider>(*route->provider);
    provider->loopback = false;
    route->provider = provider;
    return route;
  };
  ProbePlan plan = tests::walk_plan();
  plan.routes = {outside("b"), tests::route("r", "here"), outside("a"), outside("b")};
  const std::vector<std::shared_ptr<const ProbePlan>> plans{std::make_shared<ProbePlan>(plan)};
  EXPECT_EQ(outside_providers(plans), (std::vector<std::string>{"a", "b"}));
}

// --- daily caps

ProbeState sent_today(std::uint32_t calls, std::uint64_t tokens) {
  ProbeState state;
  state.last_attempt = Stamp{tests::morning, "", Instant{}};
  state.calls_today = calls;
  state.output_tokens_today = tokens;
  return state;
}

TEST(DailyCap, IsReachedWhenAWholeRunMayNotFit) {
  ProbePlan plan = tests::walk_plan();  // at most 4 requests a run
  plan.schedule.calls_per_day = 10;
  const auto reached = [&](std::uint32_t calls, WallTime now = tests::morning) {
    const ProbeState state = sent_today(calls, 0);
    return daily_cap_reached(plan, &state, now);
  };
  EXPECT_FALSE(daily_cap_reached(plan, nullptr, tests::morning));
  EXPECT_FALSE(reached(6));
  EXPECT_EQ(reached(7), calls_reached);
  EXPECT_FALSE(reached(7, tests::morning + 24h)) << "another day";
}

TEST(DailyCap, OfOutputTokensCountsWhatARunAsksForAtMost) {
  ProbePlan plan = tests::walk_plan();
  auto contract = std::make_shared<Contract>(*tests::chat_contract());
  contract->output_tokens_at_most = 100;
  plan.routes = {tests::route("primary", "one", contract), plan.routes[1]};
  const auto reached = [&](std::uint32_t cap, std::uint64_t tokens) {
    plan.schedule.output_tokens_per_day = cap;
    const ProbeState state = sent_today(1, tokens);
    return daily_cap_reached(plan, &state, tests::morning);
  };
  EXPECT_FALSE(reached(1000, 600));
  EXPECT_EQ(reached(1000, 601), tokens_reached);
  EXPECT_FALSE(reached(0, 1'000'000)) << "0 is no cap";
}

}  // namespace
}  // namespace smokeledger::probes::core
