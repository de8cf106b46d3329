// How the service ends: on request in any state, or because the ledger cannot be written.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.h"
#include "exporters/ledger/verify.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using tests::ServiceHouse;
using tests::service::hourly;
using tests::service::hourly_walk;
using tests::service::with_credential;

struct Moment {
  const char* name;
  std::function<void(ServiceHouse&)> reach;
  std::size_t outcomes;
  const char* rule;  // of the last outcome
  std::size_t sent;
};

// Fires timers, without what they lead to on other threads, until the attempt line is on its way.
void begin_writing_an_attempt(ServiceHouse& house) {
  house.tick();  // due
  house.tick();  // its slot
}

const std::vector<Moment>& moments() {
  static const std::vector<Moment> list{
      {"nothing under way", [](ServiceHouse&) {}, 0, "", 0},
      {"due, with a slot", [](ServiceHouse& house) { house.tick(); }, 1, "run_interrupted", 0},
      {"its attempt line is being written", begin_writing_an_attempt, 1, "run_interrupted", 0},
      {"its request is in flight",
       [](ServiceHouse& house) { house.advance(10ms); },
       1,
       "run_interrupted",
       1},
      {"it waits in backoff",
       [](ServiceHouse& house) { house.advance(100ms); },
       1,
       "run_interrupted",
       1},
      {"its next attempt line is being written",
       [](ServiceHouse& house) {
         house.advance(100ms);
         begin_writing_an_attempt(house);
       },
       1,
       "run_interrupted",
       1},
      {"its outcome line is being written",
       [](ServiceHouse& house) {
         while (house.transport.sent.size() < 4) house.advance(10ms);
         house.tick();
       },
       1,
       "budget_exhausted",
       4},
      {"between two runs",
       [](ServiceHouse& house) { house.advance(5min); },
       1,
       "budget_exhausted",
       4},
  };
  return list;
}

void expect_the_end(ServiceHouse& house, const Moment& moment) {
  EXPECT_TRUE(house.stopped);
  EXPECT_EQ(house.clock.pending(), 0U);
  EXPECT_EQ(house.transport.in_flight, 0U);
  EXPECT_EQ(house.transport.sent.size(), moment.sent);
  ASSERT_THAT(house.outcomes(), SizeIs(moment.outcomes));
  const std::string rule = moment.outcomes == 0 ? "" : house.outcomes().back().rule;
  EXPECT_EQ(rule, moment.rule);
  for (const auto& [name, state] : house.journal().state().probes) {
    EXPECT_FALSE(state.open_run) << name;
  }
  house.crash();
  const auto verified = exporters::ledger::verify(house.dir.path());
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem);
}

TEST(Stop, EndsEveryRunWithADurableOutcomeLineInAnyState) {
  for (const auto& moment : moments()) {
    SCOPED_TRACE(moment.name);
    ServiceHouse house({hourly_walk("a")}, {tests::throttled()});
    house.random = tests::ListedDraws({0.0, 0.9});
    house.start();
    moment.reach(house);
    const auto before = house.clock.now();
    house.stop();
    house.settle();
    EXPECT_EQ(house.clock.now(), before) << "without waiting for anything";
    expect_the_end(house, moment);
  }
}

TEST(Stop, IsNotOverBeforeTheOutcomeLineIsDurable) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.stop();
  EXPECT_FALSE(house.stopped);
  house.settle();
  EXPECT_TRUE(house.stopped);
}

TEST(Stop, EndsARunThatWaitsForASlot) {
  ServiceHouse house({hourly("a"), hourly("b")});
  house.max_in_flight = 1;
  house.start();
  house.advance(10ms);
  house.stop();
  house.settle();
  EXPECT_TRUE(house.stopped);
  ASSERT_THAT(house.outcomes(), SizeIs(2));
  EXPECT_EQ(house.outcomes()[1].probe, "b");
  EXPECT_EQ(house.outcomes()[1].status_class, core::StatusClass::not_sent);
  EXPECT_EQ(house.outcomes()[1].gap, core::Gap::interrupted);
}

TEST(Stop, SaysOfARequestInFlightThatItsResultIsNotKnown) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.stop();
  house.settle();
  const core::Outcome outcome = house.outcomes().at(0);
  EXPECT_EQ(outcome.decision, core::Decision::paused);
  EXPECT_EQ(outcome.caller_received, core::CallerReceived::unknown);
  ASSERT_THAT(outcome.attempts, SizeIs(1));
  EXPECT_EQ(outcome.attempts[0].reason, core::Reason::aborted);
}

TEST(Stop, BeginsNothingAfterwards) {
  ServiceHouse house({hourly("a"), hourly("b")});
  house.random = tests::ListedDraws({0.5});
  house.start();
  house.stop();
  EXPECT_TRUE(house.stopped);
  house.use({hourly("a"), hourly("c")});
  house.advance(24h);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  EXPECT_THAT(house.outcomes(), IsEmpty());
}

struct Breakage {
  const char* name;
  std::function<void(ServiceHouse&)> reach;
  std::size_t sent;
};

const std::vector<Breakage>& breakages() {
  static const std::vector<Breakage> list{
      {"before the first attempt line", [](ServiceHouse&) {}, 0},
      {"while a request is in flight", [](ServiceHouse& house) { house.advance(10ms); }, 1},
      {"while a run waits in backoff", [](ServiceHouse& house) { house.advance(100ms); }, 1},
      {"between two runs", [](ServiceHouse& house) { house.advance(5min); }, 4},
  };
  return list;
}

TEST(AJournalThatCannotBeWritten, StopsEverythingAndNothingIsSentAfterwards) {
  for (const auto& breakage : breakages()) {
    SCOPED_TRACE(breakage.name);
    ServiceHouse house({hourly_walk("a")}, {tests::throttled()});
    house.random = tests::ListedDraws({0.0, 0.9});
    house.start();
    breakage.reach(house);
    const std::size_t lines = house.lines.size();
    house.disk.break_now();
    house.advance(48h);
    EXPECT_THAT(house.failures, SizeIs(1)) << "told once";
    EXPECT_TRUE(house.stopped);
    EXPECT_EQ(house.transport.sent.size(), breakage.sent);
    EXPECT_EQ(house.transport.in_flight, 0U);
    EXPECT_EQ(house.lines.size(), lines) << "what is not durable is told to nobody";
    EXPECT_EQ(house.clock.pending(), 0U);
  }
}

TEST(AJournalThatCannotBeWritten, StopsTheOtherProbesToo) {
  ServiceHouse house({hourly("a"), hourly("b"), with_credential(hourly("c"), "none-there")});
  house.random = tests::ListedDraws({0.0, 0.1, 0.2});
  house.start();
  house.disk.break_now();
  house.advance(24h);
  EXPECT_TRUE(house.stopped);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  EXPECT_FALSE(house.journal().writable());
}

TEST(AJournalThatCannotBeWritten, LeavesALedgerFromWhichTheNextProcessGoesOn) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.disk.break_now();
  house.advance(1min);
  house.crash();
  EXPECT_FALSE(exporters::ledger::verify(house.dir.path())->problem);
}

}  // namespace
}  // namespace smokeledger::daemon
