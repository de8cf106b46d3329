#include "daemon/packet_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/packet_desk.h"

namespace smokeledger::daemon {
namespace {

using core::AlertStatus;
using core::CheckResult;
using core::Decision;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = PacketKeeper::Answer::Kind;
using tests::alert_of;
using tests::decided;
using tests::delivery_of;
using tests::PacketDesk;

// Shown by the line behind the one that opened it.
core::PacketLine closing(std::uint64_t packet) {
  core::PacketLine line;
  line.event = core::PacketEvent::closed;
  line.packet = packet;
  line.initials = "AB";
  line.cited_seq = packet + 1;
  line.result = "The key was exchanged.";
  line.changed = "none";
  line.remaining_uncertainty = "none";
  return line;
}

TEST(PacketKeeper, OpensAPacketOnAnEscalationAndResolvesItOnAUsableOutcome) {
  PacketDesk desk;
  desk.append(decided(Decision::escalate, CheckResult::fail));
  desk.append(decided(Decision::escalate, CheckResult::fail));
  desk.append(decided(Decision::keep_primary, CheckResult::pass));
  EXPECT_THAT(desk.events, ElementsAre("opened", "repeated", "resolved"));
}

TEST(PacketKeeper, OpensNothingForAnEscalationThatWasExpected) {
  PacketDesk desk;
  desk.append(decided(Decision::escalate, CheckResult::pass));
  EXPECT_THAT(desk.events, IsEmpty());
}

TEST(PacketKeeper, WritesAfterACrashWhatWasDueBeforeIt) {
  PacketDesk desk;
  desk.keeps = false;
  desk.append(decided(Decision::escalate, CheckResult::fail));
  EXPECT_THAT(desk.events, IsEmpty());
  desk.keeps = true;
  desk.restart();
  EXPECT_THAT(desk.events, ElementsAre("opened"));
  desk.restart();
  EXPECT_THAT(desk.events, ElementsAre("opened")) << "once";
}

TEST(PacketKeeper, AnswersADeliveryWithItsLineWhenThatIsDurableAndARepetitionWithNone) {
  PacketDesk desk;
  const auto first = desk.deliver(delivery_of({alert_of("f1")}));
  EXPECT_EQ(first.kind, Kind::kept);
  EXPECT_THAT(first.ledger_id, HasSubstr("staging-"));
  const auto again = desk.deliver(delivery_of({alert_of("f1")}));
  EXPECT_EQ(again.kind, Kind::kept);
  EXPECT_EQ(again.ledger_id, "");
  desk.restart();
  EXPECT_EQ(desk.deliver(delivery_of({alert_of("f1")})).ledger_id, "");
  EXPECT_NE(desk.deliver(delivery_of({alert_of("f1", AlertStatus::resolved)})).ledger_id, "");
  EXPECT_THAT(desk.events, ElementsAre("opened", "resolved"));
}

TEST(PacketKeeper, JoinsAnAlertToThePacketThatThePolicyOpened) {
  PacketDesk desk;
  desk.append(decided(Decision::escalate, CheckResult::fail));
  EXPECT_EQ(desk.deliver(delivery_of({alert_of("f1")})).kind, Kind::kept);
  EXPECT_EQ(desk.journal->packets().live.size(), 1U);
}

TEST(PacketKeeper, KeepsDeliveriesInTheirOrderWhileLinesAreOnTheirWay) {
  PacketDesk desk;
  std::vector<Kind> answers;
  const auto note = [&](const PacketKeeper::Answer& answer) { answers.push_back(answer.kind); };
  for (int i = 0; i < 3; ++i) desk.keeper->deliver(delivery_of({alert_of("f1")}), note);
  EXPECT_THAT(answers, IsEmpty()) << "nothing is durable yet";
  desk.settle();
  EXPECT_THAT(answers, ElementsAre(Kind::kept, Kind::kept, Kind::kept));
  EXPECT_THAT(desk.events, ElementsAre("opened"));
}

TEST(PacketKeeper, RefusesWhatDoesNotFitAndClosesWhatDoes) {
  PacketDesk desk;
  desk.append(decided(Decision::escalate, CheckResult::fail));
  desk.append(decided(Decision::keep_primary, CheckResult::pass));
  const std::uint64_t packet = desk.journal->packets().live.begin()->first;
  EXPECT_THAT(desk.say(closing(packet + 7)).why, HasSubstr("nobody saw more"));
  auto unproven = closing(packet);
  unproven.result.clear();
  EXPECT_THAT(desk.say(unproven).why, HasSubstr("needs its result"));
  core::PacketLine second;
  second.event = core::PacketEvent::opened;
  second.probe = "chat-walk";
  EXPECT_THAT(desk.say(second).why, HasSubstr("has an open packet already"));
  EXPECT_EQ(desk.say(closing(packet)).kind, Kind::kept);
  EXPECT_THAT(desk.say(closing(packet)).why, HasSubstr("no such packet is open"));
  EXPECT_THAT(desk.events, ElementsAre("opened", "resolved", "closed"));
}

TEST(PacketKeeper, KeepsOnePacketOfAnEscalationThatAPersonOpenedBeforeThePolicyAsked) {
  PacketDesk desk;
  desk.keeps = false;  // the policy has not asked yet
  desk.append(decided(Decision::escalate, CheckResult::fail));
  core::PacketLine by_hand;
  by_hand.event = core::PacketEvent::opened;
  by_hand.cited_seq = desk.journal->newest_seq();
  by_hand.initials = "AB";
  desk.keeps = true;
  desk.end();
  desk.begin();
  EXPECT_THAT(desk.say(by_hand).why, HasSubstr("needs the probe of that outcome"));
  by_hand.probe = "chat-walk";
  EXPECT_EQ(desk.say(by_hand).kind, Kind::kept);
  desk.restart();
  desk.append(decided(Decision::escalate, CheckResult::fail));
  EXPECT_THAT(desk.events, ElementsAre("opened", "repeated"));
  EXPECT_THAT(desk.say(by_hand).why, HasSubstr("probe chat-walk has an open packet already"));
}

TEST(PacketKeeper, AnswersWhatCannotBeWrittenOrMustNotWait) {
  PacketDesk desk;
  std::vector<Kind> answers;
  const auto note = [&](const PacketKeeper::Answer& answer) { answers.push_back(answer.kind); };
  for (std::size_t i = 0; i <= PacketKeeper::most_waiting; ++i) {
    desk.keeper->deliver(delivery_of({alert_of("f" + std::to_string(i))}), note);
  }
  EXPECT_THAT(answers, ElementsAre(Kind::not_written)) << "one too many";
  desk.settle();
  desk.disk.break_now();
  EXPECT_EQ(desk.deliver(delivery_of({alert_of("late", AlertStatus::resolved)})).kind,
            Kind::not_written);
  desk.keeper->stop();
  EXPECT_EQ(desk.deliver(delivery_of({alert_of("later")})).kind, Kind::not_written);
}

}  // namespace
}  // namespace smokeledger::daemon
