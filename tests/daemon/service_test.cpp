// The schedule as the service keeps it: when runs begin, what they are called, when nothing is
// sent.
#include "daemon/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/verify.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::Decision;
using core::Milliseconds;
using core::Trigger;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::ServiceHouse;
using tests::service::hourly;
using tests::service::hourly_walk;
using tests::service::refused;
using tests::service::with_credential;

std::vector<std::string> check_ids(const ServiceHouse& house) {
  std::vector<std::string> ids;
  for (const auto& outcome : house.outcomes()) ids.push_back(outcome.check_id);
  return ids;
}

TEST(Schedule, SplaysFirstRunsOverTheWholeInterval) {
  ServiceHouse house({hourly("a"), hourly("b"), hourly("c"), hourly("d")});
  house.random = tests::ListedDraws({0.0, 0.25, 0.5, 0.75});
  house.start();
  EXPECT_EQ(house.due("a"), 0min);
  EXPECT_EQ(house.due("b"), 15min);
  EXPECT_EQ(house.due("c"), 30min);
  EXPECT_EQ(house.due("d"), 45min);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  house.advance(59min);
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 15min, 30min, 45min));
}

TEST(Schedule, RunsAgainAnIntervalAfterTheLastRunBeganLengthenedByJitter) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.jitter = 0.2;
  ServiceHouse house({plan});
  house.random = tests::ListedDraws({0.0, 0.5});
  house.start();
  house.advance(1s);
  EXPECT_EQ(house.outcomes().size(), 1U);
  EXPECT_EQ(house.due("a"), 66min);
  house.advance(2h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 66min));
}

TEST(Schedule, DropsTheSlotsThatPassedWhileTheHostSlept) {
  ServiceHouse house({hourly("a"), hourly("b")});
  house.start();
  house.advance(1s);
  ASSERT_THAT(house.sent_at(), testing::SizeIs(2));
  house.clock.move_to(core::Instant{5h + 20min});  // no timer fires meanwhile
  house.advance(1s);
  EXPECT_THAT(house.sent_at(), testing::SizeIs(2)) << "nothing is caught up";
  house.advance(1h);
  EXPECT_THAT(house.sent_at(), testing::SizeIs(4));
}

TEST(Schedule, DoesNotArmAProbeWhileItsOutcomeIsBeingWritten) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(10ms);
  house.tick();  // the reply is there, its line is on the way
  EXPECT_EQ(house.clock.pending(), 0U);
  house.settle();
  EXPECT_EQ(house.clock.pending(), 1U);
}

TEST(Schedule, NumbersTheRunsOfADayAndBeginsAnewAtMidnightUtc) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.interval = 6h;
  ServiceHouse house({plan});
  house.start();
  house.advance(18h + 1min);
  EXPECT_THAT(check_ids(house),
              ElementsAre("a-20261121-001", "a-20261121-002", "a-20261121-003", "a-20261122-001"));
  for (const auto& outcome : house.outcomes()) EXPECT_EQ(outcome.trigger, Trigger::schedule);
}

TEST(Schedule, BacksOffAfterUnexpectedEscalationsAndComesBackAfterOneThatIsNone) {
  ServiceHouse house({hourly("a")}, {refused(), refused(), refused(), tests::chat_ok()});
  house.start();
  house.advance(12h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 2h, 6h, 10h, 11h, 12h));
}

TEST(Schedule, DoesNotBackOffWhenTheEscalationIsExpected) {
  core::ProbePlan plan = hourly("a");
  plan.expect = core::Expectation::escalate;
  ServiceHouse house({plan}, {tests::throttled()});
  house.start();
  house.advance(3h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 1h, 2h, 3h));
}

TEST(Schedule, ConfirmsAChangeOfDecisionOnceAndSooner) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.confirm_after = 15min;
  ServiceHouse house({plan}, {tests::chat_ok(), refused()});
  house.start();
  house.advance(6h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0min, 60min, 75min, 75min + 4h));
  std::vector<Trigger> triggers;
  for (const auto& outcome : house.outcomes()) triggers.push_back(outcome.trigger);
  EXPECT_THAT(
      triggers,
      ElementsAre(Trigger::schedule, Trigger::schedule, Trigger::confirm, Trigger::schedule));
}

TEST(Schedule, ConfirmsNothingUnlessItIsAskedTo) {
  ServiceHouse house({hourly("a")}, {tests::chat_ok(), refused()});
  house.start();
  house.advance(2h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 1h));
  house.advance(1h);
  EXPECT_EQ(house.outcomes().back().trigger, Trigger::schedule);
}

TEST(Slots, KeepRequestsWithinTheLimitAndNobodyIsForgotten) {
  ServiceHouse house({hourly("a"), hourly("b"), hourly("c"), hourly("d")});
  house.max_in_flight = 2;
  house.start();
  house.advance(1min);
  EXPECT_EQ(house.outcomes().size(), 4U);
  EXPECT_EQ(house.transport.most_in_flight, 2U);
}

TEST(Slots, AreNotHeldByARunThatWaitsInBackoff) {
  ServiceHouse house({hourly_walk("a"), hourly("b")},
                     {tests::throttled({{"retry-after", "20"}}), tests::chat_ok()});
  house.max_in_flight = 1;
  house.start();
  house.advance(1s);
  ASSERT_EQ(house.transport.sent.size(), 2U);
  EXPECT_EQ(house.transport.sent[1].line.probe, "b");
  house.advance(1min);
  EXPECT_EQ(house.outcomes().size(), 2U);
}

TEST(Pause, OfAMissingCredentialSendsNothingAndRecordsTheGap) {
  ServiceHouse house({with_credential(hourly("a"), "main-key")});
  house.start();
  house.advance(1s);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  ASSERT_EQ(house.outcomes().size(), 1U);
  const core::Outcome outcome = house.outcomes().front();
  EXPECT_EQ(outcome.decision, Decision::paused);
  EXPECT_EQ(outcome.gap, core::Gap::credential);
  EXPECT_EQ(outcome.status_class, core::StatusClass::not_sent);
  EXPECT_THAT(outcome.unresolved, ElementsAre("credential_missing:a-one"));
  EXPECT_EQ(house.due("a"), 1h) << "its slot is used";
}

TEST(Pause, TellsACredentialThatCannotBeUsedFromOneThatIsMissing) {
  const tests::ScratchDir credentials;
  tests::write_bytes(credentials.path() / "main-key", "two\nlines");
  ServiceHouse house({with_credential(hourly("a"), "main-key")});
  house.credentials_directory = credentials.path();
  house.start();
  house.advance(1s);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  ASSERT_EQ(house.outcomes().size(), 1U);
  EXPECT_EQ(house.outcomes().front().gap, core::Gap::credential);
  EXPECT_THAT(house.outcomes().front().unresolved, ElementsAre("credential_unusable:a-one"));
}

TEST(Pause, OfAMissingCredentialEndsWhenTheFileIsThere) {
  const tests::ScratchDir credentials;
  ServiceHouse house({with_credential(hourly("a"), "main-key")});
  house.credentials_directory = credentials.path();
  house.start();
  house.advance(1min);
  EXPECT_THAT(house.transport.sent, IsEmpty());
  tests::write_bytes(credentials.path() / "main-key", "s3cret\n");
  house.advance(1h);
  ASSERT_EQ(house.transport.sent.size(), 1U);
  EXPECT_EQ(house.transport.sent[0].request.secret->reveal(), "s3cret");
  EXPECT_THAT(check_ids(house), ElementsAre("a-20261121-001", "a-20261121-002"));
}

TEST(Pause, AtTheCallCapLastsUntilTheNextDayUtc) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.calls_per_day = 2;
  ServiceHouse house({plan});
  house.start();
  house.advance(17h + 1min);  // it is 08:00 in the beginning
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 1h, 16h, 17h));
  const auto outcomes = house.outcomes();
  ASSERT_EQ(outcomes.size(), 18U);
  EXPECT_EQ(outcomes[2].gap, core::Gap::budget);
  EXPECT_EQ(outcomes[2].rule, "call_cap_reached");
  EXPECT_THAT(outcomes[2].unresolved, ElementsAre("calls_per_day_reached"));
}

TEST(Pause, AtTheCallCapComesBeforeAWalkThatMightNotFit) {
  core::ProbePlan plan = hourly_walk("a");
  plan.schedule.calls_per_day = plan.retry.attempt_budget + 1;
  ServiceHouse house({plan});
  house.start();
  house.advance(3h);
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 1h)) << "one call a run, but it could be four";
}

TEST(Service, LeavesALedgerThatVerifiesWithOneOutcomeARun) {
  ServiceHouse house({hourly("a"), hourly_walk("b")}, {tests::throttled(), tests::chat_ok()});
  house.start();
  house.advance(5h + 1min);
  house.crash();
  const auto verified = exporters::ledger::verify(house.dir.path());
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem);
  EXPECT_EQ(house.outcomes().size(), 11U) << "the direct one backed off once";
}

}  // namespace
}  // namespace smokeledger::daemon
