// Whatever happens to a service, what it recorded can be replayed.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/replayable.h"
#include "tests/support/run_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::MatchesRegex;
using testing::SizeIs;
using tests::chat_ok;
using tests::overloaded;
using tests::replayed;
using tests::ServiceHouse;
using tests::throttled;
using tests::with_own_policy;
using tests::write_policies;
using tests::service::hourly;
using tests::service::hourly_walk;
using tests::service::with_credential;

std::unique_ptr<ServiceHouse> house_of(std::vector<core::ProbePlan> plans,
                                       std::vector<core::Exchange> script) {
  for (auto& plan : plans) plan = with_own_policy(std::move(plan));
  auto house = std::make_unique<ServiceHouse>(std::move(plans), std::move(script));
  house->random = tests::ListedDraws({0.5, 0.25, 0.75, 0.1, 0.9});
  house->start();
  write_policies(*house);
  return house;
}

TEST(Replay, IsCleanOverADayOfRetriesFallbacksAndPauses) {
  const auto house =
      house_of({hourly_walk("a"), hourly("b"), with_credential(hourly("c"), "missing-key")},
               {chat_ok(), overloaded(), throttled({{"retry-after", "3"}}), chat_ok(), chat_ok()});
  house->advance(24h);
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << testing::PrintToString(found);
  EXPECT_THAT(found.back(),
              MatchesRegex("7[0-9] outcomes replayed, 0 differ, 0 could not be replayed"));
}

TEST(Replay, IsCleanWhereARunWasStoppedOrCrashed) {
  const auto house = house_of({hourly_walk("a")}, {overloaded()});
  house->advance(30min);  // the first attempt is under way, or in its wait
  while (house->transport.sent.size() < 2) house->advance(100ms);
  house->restart();
  write_policies(*house);
  house->advance(90min);
  while (house->transport.in_flight == 0) house->tick(), house->settle();
  house->stop();
  house->settle();
  ASSERT_TRUE(house->stopped);
  const auto outcomes = house->outcomes();
  EXPECT_EQ(outcomes.front().reason, core::Reason::unknown_crash);
  EXPECT_EQ(outcomes.back().gap, core::Gap::interrupted);
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << testing::PrintToString(found);
}

TEST(Replay, IsCleanWhereTheServiceThatClosedARunHadAnotherPolicy) {
  const auto house = house_of({hourly_walk("a")}, {overloaded()});
  while (house->transport.sent.size() < 2) house->advance(100ms);
  core::ProbePlan other = hourly_walk("a");
  other.owner = "others";
  other.retry.attempt_budget = 2;
  house->plans = {tests::service::planned(with_own_policy(other))};
  house->restart();
  const auto outcomes = house->outcomes();
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_THAT(outcomes[0].unresolved, testing::Contains(core::policy_not_loaded));
  EXPECT_THAT(replayed(*house),
              ElementsAre("1 outcome replayed, 0 differ, 0 could not be replayed"));
}

TEST(Replay, IsCleanWhereAReloadCameIntoARun) {
  const auto house = house_of({hourly_walk("a")}, {overloaded(), overloaded(), chat_ok()});
  while (house->transport.sent.size() < 2) house->advance(100ms);
  core::ProbePlan other = hourly_walk("a");
  other.expect = core::Expectation::escalate;
  other.retry.attempts_per_route = 1;
  house->use({with_own_policy(other)});
  write_policies(*house);
  house->advance(3h);
  EXPECT_NE(house->outcomes().front().policy_sha256, house->outcomes().back().policy_sha256);
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << testing::PrintToString(found);
}

TEST(Replay, IsCleanWhereTheNetworkOfTheHostWasGoneWhileARunWasReloaded) {
  core::ProbePlan plan = hourly_walk("a");
  const auto house = house_of({plan}, {core::Fault{.reason = core::Reason::local_network}});
  while (house->transport.sent.empty()) house->advance(1min);
  plan.expect = core::Expectation::controlled_failure;
  house->use({with_own_policy(plan)});
  write_policies(*house);
  house->advance(5h);
  ASSERT_EQ(house->outcomes().front().gap, core::Gap::local_network);
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << testing::PrintToString(found);
}

TEST(Replay, IsCleanUnderRetryPressureAndWithoutRetryTokens) {
  core::ProbePlan plan = hourly_walk("a");
  auto route = std::make_shared<core::Route>(*plan.routes[0]);
  auto provider = std::make_shared<core::Provider>(*route->provider);
  provider->retry_tokens = 7;
  route->provider = provider;
  plan.routes[0] = route;
  const auto house = house_of({plan}, {overloaded()});
  house->advance(48h);
  std::set<std::string> facts;
  for (const auto& outcome : house->outcomes()) {
    for (const auto& fact : outcome.pressure) facts.insert(fact.substr(0, fact.find(':')));
  }
  EXPECT_THAT(facts, ElementsAre("retries_without_recovery", "retry_tokens_short"));
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << testing::PrintToString(found);
}

TEST(Replay, IsCleanOverRandomFaultsRestartsAndReboots) {
  std::mt19937 engine(20261121);
  const auto below = [&](std::uint32_t end) {
    return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(engine);
  };
  std::vector<core::Exchange> script;
  for (int i = 0; i < 4'000; ++i) {
    switch (below(8)) {
      case 0:
        script.emplace_back(overloaded());
        break;
      case 1:
        script.emplace_back(throttled({{"retry-after", std::to_string(below(60))}}));
        break;
      case 2:
        script.emplace_back(core::Fault{.reason = core::Reason::timeout});
        break;
      case 3:
        script.emplace_back(core::Fault{.reason = core::Reason::connect});
        break;
      case 4:
        script.emplace_back(tests::service::refused());
        break;
      default:
        script.emplace_back(chat_ok());
    }
  }
  const auto house = house_of({hourly_walk("a"), hourly_walk("b"), hourly("c")}, script);
  house->segment_bytes = 40'000;
  for (int day = 0; day < 30; ++day) {
    house->advance(core::Milliseconds{below(86'400'000)});
    const auto sent = house->transport.sent.size();
    for (int i = 0; i < 2'000 && house->transport.sent.size() < sent + 2; ++i) {
      house->tick();
      house->settle();
    }
    if (below(3) == 0) {
      house->crash();
      house->clock.reboot(core::Milliseconds{below(3'600'000)});
      house->start();
    } else {
      house->restart();
    }
    write_policies(*house);
  }
  const auto found = replayed(*house);
  EXPECT_THAT(found, SizeIs(1)) << found.front();
  EXPECT_GT(house->outcomes().size(), 500U);
}

}  // namespace
}  // namespace smokeledger::daemon
