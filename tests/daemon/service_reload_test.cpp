// Another configuration comes into force while the service runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::ServiceHouse;
using tests::service::changed;
using tests::service::hourly;

TEST(Reload, LeavesTheDueTimeOfAnUnchangedProbe) {
  ServiceHouse house({hourly("a")});
  house.random = tests::ListedDraws({0.5, 0.9});
  house.start();
  house.advance(10min);
  core::ProbePlan same = hourly("a");
  same.config_sha256 = std::string(64, 'd');
  house.use({same});
  EXPECT_EQ(house.due("a"), 30min);
  house.advance(21min);
  EXPECT_THAT(house.sent_at(), ElementsAre(30min));
  EXPECT_EQ(house.outcomes().at(0).config_sha256, same.config_sha256)
      << "it runs by the configuration in force";
}

TEST(Reload, ArmsAChangedProbeAnewFromItsLastRun) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(20min);
  EXPECT_EQ(house.due("a"), 60min);
  core::ProbePlan sooner = changed(hourly("a"));
  sooner.schedule.interval = 30min;
  house.use({sooner});
  EXPECT_EQ(house.due("a"), 30min);
  house.advance(1h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 30min, 60min));
}

TEST(Reload, NeverBringsAProbeBelowItsMinimumInterval) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(1min);
  for (int i = 0; i < 20; ++i) {
    core::ProbePlan sooner = hourly("a");
    sooner.policy_sha256 = std::string(64, i % 2 == 0 ? 'c' : 'd');
    sooner.schedule.interval = 10min;
    house.use({sooner});
    EXPECT_EQ(house.due("a"), 10min);
    house.advance(20s);
  }
  house.advance(3min);
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 10min));
}

TEST(Reload, SplaysANewProbe) {
  ServiceHouse house({hourly("a")});
  house.random = tests::ListedDraws({0.0, 0.0, 0.5});
  house.start();
  house.advance(20min);
  house.use({hourly("a"), hourly("b")});
  EXPECT_EQ(house.due("b"), 50min);
}

TEST(Reload, DropsARemovedProbeAtOnceWhenItDoesNotRun) {
  ServiceHouse house({hourly("a"), hourly("b")});
  house.random = tests::ListedDraws({0.5});
  house.start();
  house.use({hourly("b")});
  EXPECT_THAT(house.gone, ElementsAre("a"));
  house.advance(2h);
  for (const auto& out : house.transport.sent) EXPECT_EQ(out.line.probe, "b");
  EXPECT_FALSE(house.due_at.contains("a"));
}

TEST(Reload, LetsTheRunOfARemovedProbeFinish) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  ASSERT_EQ(house.transport.in_flight, 1U);
  house.use({});
  EXPECT_THAT(house.gone, IsEmpty());
  house.advance(3h);
  ASSERT_EQ(house.outcomes().size(), 1U);
  EXPECT_EQ(house.outcomes()[0].decision, core::Decision::keep_primary);
  EXPECT_THAT(house.gone, ElementsAre("a"));
  EXPECT_EQ(house.clock.pending(), 0U);
}

TEST(Reload, FinishesARunByThePlanItBeganWith) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  core::ProbePlan other = changed(hourly("a"));
  other.schedule.interval = 2h;
  house.use({other});
  EXPECT_EQ(house.clock.pending(), 1U) << "the reply alone: no second run is armed";
  house.advance(1min);
  ASSERT_EQ(house.outcomes().size(), 1U);
  EXPECT_EQ(house.outcomes()[0].policy_sha256, hourly("a").policy_sha256);
  EXPECT_EQ(house.due("a"), 2h) << "the next one comes by the new plan";
}

TEST(Reload, TakesBackAProbeThatWasRemovedDuringItsRun) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.use({});
  house.use({hourly("a")});
  house.advance(61min);
  EXPECT_THAT(house.gone, IsEmpty());
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 60min));
}

TEST(Reload, KeepsTheDistanceOfAProbeThatWasRemovedAndComesBack) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(1min);
  house.use({});
  EXPECT_THAT(house.gone, ElementsAre("a"));
  core::ProbePlan sooner = hourly("a");
  sooner.schedule.interval = 10min;
  house.use({sooner});
  house.advance(20min);
  ASSERT_GE(house.sent_at().size(), 2U);
  EXPECT_GE(house.sent_at()[1] - house.sent_at()[0], 10min);
}

TEST(Reload, ChangesHowManyRequestsMayBeInFlight) {
  ServiceHouse house({hourly("a"), hourly("b"), hourly("c")});
  house.max_in_flight = 3;
  house.start();
  house.max_in_flight = 1;
  house.use({hourly("a"), hourly("b"), hourly("c")});
  house.advance(1min);
  EXPECT_EQ(house.outcomes().size(), 3U);
  EXPECT_EQ(house.transport.most_in_flight, 1U);
}

}  // namespace
}  // namespace smokeledger::daemon
