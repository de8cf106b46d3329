// How a run ends before its policy does: aborted, or destroyed.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "probes/run/run.h"
#include "tests/support/run_house.h"

namespace smokeledger::probes::run {
namespace {

using namespace std::chrono_literals;
using core::Decision;
using core::Milliseconds;
using tests::House;
using tests::overloaded;

void expect_nothing_left(const House& house) {
  EXPECT_EQ(house.clock.pending(), 0U);
  EXPECT_EQ(house.slots.in_flight(), 0U);
  EXPECT_EQ(house.transport.in_flight, 0U);
}

TEST(Abort, InFlightRecordsAnAttemptWhoseResultIsUnknown) {
  House house({tests::chat_ok()});
  const auto run = house.run(tests::walk_plan());
  run->start();
  house.clock.advance(10ms);
  run->abort();
  ASSERT_EQ(house.outcomes.size(), 1U);
  const core::Outcome& outcome = house.outcomes[0];
  EXPECT_EQ(outcome.rule, "run_interrupted");
  EXPECT_EQ(outcome.decision, Decision::paused);
  ASSERT_EQ(outcome.attempts.size(), 1U);
  EXPECT_EQ(outcome.attempts[0].reason, core::Reason::aborted);
  EXPECT_EQ(outcome.attempts[0].request_id, "chat-walk-20261121-001.1a2b3c4d.1");
  EXPECT_EQ(outcome.unresolved, (std::vector<std::string>{"result_of_last_attempt_unknown"}));
  EXPECT_EQ(house.transport.cancelled, 1U);
  expect_nothing_left(house);
}

TEST(Abort, InAWaitKeepsWhatWasSeen) {
  House house({overloaded()});
  const auto run = house.run(tests::walk_plan());
  run->start();
  house.clock.advance(100ms);
  run->abort();
  ASSERT_EQ(house.outcomes.size(), 1U);
  EXPECT_EQ(house.outcomes[0].rule, "run_interrupted");
  ASSERT_EQ(house.outcomes[0].attempts.size(), 1U);
  EXPECT_EQ(house.outcomes[0].attempts[0].reason, core::Reason::overloaded);
  EXPECT_TRUE(house.outcomes[0].unresolved.empty());
  expect_nothing_left(house);
}

TEST(Abort, InTheQueueSendsNothing) {
  House house({tests::chat_ok()});
  const auto first = house.run(tests::walk_plan(), 1);
  const auto second = house.run(tests::walk_plan(), 2);
  first->start();
  second->start();
  house.clock.advance(10ms);
  second->abort();
  ASSERT_EQ(house.outcomes.size(), 1U);
  EXPECT_EQ(house.outcomes[0].status_class, core::StatusClass::not_sent);
  EXPECT_TRUE(house.outcomes[0].attempts.empty());
  house.clock.run_until_idle();
  EXPECT_EQ(house.transport.sent.size(), 1U);
  expect_nothing_left(house);
}

TEST(Abort, BetweenTheGrantAndTheRequestGivesTheSlotBack) {
  House house({tests::chat_ok()});
  const auto run = house.run(tests::walk_plan());
  run->start();
  EXPECT_EQ(house.slots.in_flight(), 1U);
  run->abort();
  EXPECT_TRUE(house.transport.sent.empty());
  EXPECT_EQ(house.outcomes.size(), 1U);
  expect_nothing_left(house);
}

TEST(Abort, AfterTheEndHasNoEffect) {
  House house({tests::chat_ok()});
  const auto run = house.run(tests::walk_plan());
  run->start();
  house.clock.run_until_idle();
  run->abort();
  EXPECT_EQ(house.outcomes.size(), 1U);
  EXPECT_EQ(house.outcomes[0].decision, Decision::keep_primary);
}

TEST(Run, MayBeDestroyedInsideItsLastCallback) {
  for (const bool aborted : {false, true}) {
    House house({tests::chat_ok()});
    std::unique_ptr<probes::run::Run> run;
    int calls = 0;
    RunSetup setup;
    setup.plan = std::make_shared<core::ProbePlan>(tests::walk_plan());
    run = std::make_unique<probes::run::Run>(
        World{house.clock, house.random, house.transport, house.slots, house.retry_tokens},
        std::move(setup),
        [&](const core::Outcome&) {
          ++calls;
          run.reset();
        });
    run->start();
    house.clock.advance(10ms);
    if (aborted) run->abort();
    house.clock.run_until_idle();
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(run);
    expect_nothing_left(house);
  }
}

TEST(Run, CancelsWhatIsUnderWayWhenItIsDestroyed) {
  // Before the request goes, in flight, in a wait, in flight again.
  for (const Milliseconds moment : {0ms, 10ms, 100ms, 280ms}) {
    House house({overloaded()});
    auto run = house.run(tests::walk_plan());
    run->start();
    if (moment > 0ms) house.clock.advance(moment);
    run.reset();
    expect_nothing_left(house);
    house.clock.run_until_idle();
    EXPECT_TRUE(house.outcomes.empty()) << moment.count();
  }
}

TEST(Run, GivesUpItsPlaceInTheQueueWhenItIsDestroyed) {
  House house({tests::chat_ok()});
  const auto first = house.run(tests::walk_plan(), 1);
  auto second = house.run(tests::walk_plan(), 2);
  first->start();
  second->start();
  second.reset();
  house.clock.run_until_idle();
  EXPECT_EQ(house.transport.sent.size(), 1U);
  EXPECT_EQ(house.outcomes.size(), 1U);
  expect_nothing_left(house);
}

}  // namespace
}  // namespace smokeledger::probes::run
