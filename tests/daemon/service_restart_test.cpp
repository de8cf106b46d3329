// What a restart knows, all of it from the ledger.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/time_zone.h"
#include "daemon/service.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::Decision;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::ServiceHouse;
using tests::service::changed;
using tests::service::hourly;
using tests::service::hourly_walk;
using tests::service::refused;
using tests::service::with_credential;

// The kinds of the lines from this one on.
std::vector<std::string> kinds_from(const ServiceHouse& house, std::size_t first) {
  std::vector<std::string> kinds;
  for (std::size_t i = first; i < house.lines.size(); ++i) {
    kinds.emplace_back(core::kind_of(house.lines[i].line()));
  }
  return kinds;
}

TEST(Crash, InFlightEndsAsUnknownBeforeAnythingElseIsSent) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  ASSERT_EQ(house.transport.in_flight, 1U);
  house.crash();
  const std::size_t before = house.lines.size();
  house.start();
  EXPECT_THAT(kinds_from(house, before), ElementsAre("outcome"));
  const core::Outcome outcome = house.outcomes().at(0);
  EXPECT_EQ(outcome.check_id, "a-20261121-001");
  EXPECT_EQ(outcome.reason, core::Reason::unknown_crash);
  EXPECT_EQ(outcome.status_class, core::StatusClass::unknown);
  EXPECT_EQ(outcome.decision, Decision::paused);
  EXPECT_FALSE(house.state_of("a").open_run);
  house.advance(2h);
  ASSERT_GE(house.transport.sent.size(), 2U);
  EXPECT_EQ(house.outcomes().at(1).check_id, "a-20261121-002");
  EXPECT_GE(house.sent_at()[1] - house.sent_at()[0], 10min);
}

TEST(Crash, BetweenTheAttemptLineAndItsRequestSendsNothingInItsName) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.tick();
  house.tick();  // the line is on its way to the disk
  house.restart();
  EXPECT_THAT(house.transport.sent, IsEmpty());
  ASSERT_THAT(house.outcomes(), SizeIs(1));
  EXPECT_EQ(house.outcomes()[0].reason, core::Reason::unknown_crash);
  EXPECT_EQ(house.state_of("a").calls_today, 1U) << "what might have been sent counts";
}

TEST(Crash, DuringAWalkKeepsWhatWasJudgedBefore) {
  ServiceHouse house({hourly_walk("a")}, {tests::throttled()});
  house.random = tests::ListedDraws({0.0, 0.5});
  house.transport.each_takes = {20ms, 10s};
  house.start();
  house.advance(2s);
  ASSERT_EQ(house.transport.sent.size(), 2U);
  house.restart();
  const auto attempts = house.outcomes().at(0).attempts;
  ASSERT_THAT(attempts, SizeIs(2));
  EXPECT_EQ(attempts[0].reason, core::Reason::throttled);
  EXPECT_EQ(attempts[1].reason, core::Reason::unknown_crash);
  EXPECT_EQ(house.outcomes()[0].within_budget, core::WithinBudget::yes);
}

TEST(Crash, OfAProbeThatIsNoLongerConfiguredIsClosedToo) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.crash();
  house.plans.clear();
  house.start();
  ASSERT_THAT(house.outcomes(), SizeIs(1));
  EXPECT_THAT(house.outcomes()[0].unresolved, testing::Contains("policy_of_the_run_not_loaded"));
}

TEST(Crash, TwiceInARowClosesARunOnce) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.restart();
  house.restart();
  EXPECT_THAT(house.outcomes(), SizeIs(1));
}

TEST(Crash, WhoseRecoveryCannotBeWrittenGoesNoFurther) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.crash();
  const auto begins = [&house] {
    auto options = tests::options_in(house.dir.path());
    options.open_file = house.disk.opener();
    return exporters::ledger::Ledger::open(options).value();
  };
  auto opened = begins();
  house.disk.break_now();
  const core::State state = opened->state();
  exporters::ledger::LedgerThread ledger(std::move(opened));
  int failures = 0;
  Journal journal({ledger,
                   house.clock,
                   [&](auto work) { house.io.post(std::move(work)); },
                   [](const Records&) {},
                   [&](const std::string&) { ++failures; }},
                  {state, {}, {}});
  Log log({.level = LogLevel::off});
  Service service({house.clock,
                   house.random,
                   house.transport,
                   journal,
                   log,
                   "0badcafe",
                   "0.1.0",
                   {},
                   config::local_time,
                   [](const std::string&, std::optional<core::WallTime>) {}});
  bool went_on = false;
  service.close_crashed_runs(house.plans, [&] { went_on = true; });
  while (failures == 0) house.io.run();
  EXPECT_FALSE(went_on);
}

struct Past {
  const char* name;
  std::vector<core::Exchange> script;
  core::Milliseconds lasted;
  core::Milliseconds confirm_after{0};
};

TEST(Restart, FoldsTheLedgerToTheSameDueTime) {
  const std::vector<Past> pasts{
      {"after a usable reply", {tests::chat_ok()}, 125min},
      {"after failures in a row", {refused()}, 125min},
      {"with a confirm run to come", {tests::chat_ok(), refused()}, 65min, 15min},
  };
  for (const Past& past : pasts) {
    for (const bool reboot : {false, true}) {
      SCOPED_TRACE(past.name);
      core::ProbePlan plan = hourly("a");
      plan.schedule.confirm_after = past.confirm_after;
      ServiceHouse house({plan}, past.script);
      house.start();
      house.advance(past.lasted);
      const auto live = house.due("a");
      house.crash();
      if (reboot) house.clock.reboot(30s);
      house.start();
      // Whole-second stamps may only make it later.
      EXPECT_GE(house.due("a"), live);
      EXPECT_LE(house.due("a"), live + 2s);
    }
  }
}

TEST(Restart, DropsTheSlotsThatWereMissed) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(1min);
  house.crash();
  house.clock.move_to(house.clock.now() + 5h);
  house.start();
  EXPECT_THAT(house.transport.sent, SizeIs(1));
  house.advance(1h);
  EXPECT_THAT(house.transport.sent, SizeIs(2)) << "one run, not five";
}

TEST(Restart, DoesNotForgetTheCallsOfTheDay) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.calls_per_day = 3;
  ServiceHouse house({plan});
  house.start();
  for (int i = 0; i < 8; ++i) {
    house.advance(1h);
    house.restart();
  }
  EXPECT_THAT(house.transport.sent, SizeIs(3));
  EXPECT_EQ(house.outcomes().back().gap, core::Gap::budget);
}

TEST(Restart, CountsAPausedRunAsASlotThatWasUsed) {
  ServiceHouse house({with_credential(hourly("a"), "none-there")});
  house.start();
  house.advance(1min);
  house.restart();
  EXPECT_GE(house.due("a"), 60min);
}

TEST(Restart, InAFutureThatTheWallClockGoesBackFromUsesNoCheckIdTwice) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.interval = 10min;
  ServiceHouse house({plan});
  house.start();
  house.advance(35min);
  house.clock.step_wall(24h);
  house.advance(30min);
  house.clock.step_wall(-24h);
  house.advance(1h);
  house.restart();
  house.advance(1h);
  std::set<std::string> ids;
  for (const auto& outcome : house.outcomes()) {
    EXPECT_TRUE(ids.insert(outcome.check_id).second) << outcome.check_id;
  }
}

TEST(Restart, AfterARebootIsNotDeceivedByARecordedStepOfTheWallClock) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(1min);
  house.clock.step_wall(3h);
  house.journal().append({core::ClockStepLine{10'800'000}}, [](const Records*) {});
  house.settle();
  house.crash();
  house.clock.reboot(30s);
  house.start();
  const auto results = house.run_now({"a"});
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_FALSE(results[0].outcome) << "less than the minimum interval has passed";
}

}  // namespace
}  // namespace smokeledger::daemon
