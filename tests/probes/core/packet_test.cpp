#include "probes/core/packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using tests::alert_of;
using tests::PacketHouse;

const LooksLikeSecret none = [](std::string_view) { return false; };

TEST(ForeignText, IsMadeHarmless) {
  struct Case {
    std::string_view foreign;
    std::string_view shown;
  };
  const Case cases[] = {
      {"", ""},
      {"plain text, [brackets] and `ticks`", "plain text, [brackets] and `ticks`"},
      {"line\nbreak\ttab\x7F", "line?break?tab?"},
      {"caf\xC3\xA9", "caf?"},
      {"\xE2\x80\xAEright to left", "?right to left"},
      {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", "??"},
      {"\x80\x80 alone", "? alone"},
      {std::string_view("nul\0byte", 8), "nul?byte"},
  };
  for (const auto& c : cases) EXPECT_EQ(harmless(c.foreign, 60, none), c.shown);
}

TEST(ForeignText, IsCutVisiblyBeyondItsLength) {
  EXPECT_EQ(harmless(std::string(40, 'x'), 40, none), std::string(40, 'x'));
  EXPECT_EQ(harmless(std::string(41, 'x'), 40, none), std::string(37, 'x') + "...");
}

TEST(ForeignText, IsLeftOutWholeWhereItLooksLikeASecret) {
  const LooksLikeSecret keys = [](std::string_view text) {
    return text.find("sk-") != std::string_view::npos;
  };
  EXPECT_EQ(harmless(std::string(300, ' ') + "sk-live-17", 40, keys), secret_left_out)
      << "also where the secret would have been cut off";
  EXPECT_EQ(harmless("a task", 40, keys), "a task");
}

PacketLine by_hand(PacketEvent event, std::uint64_t packet) {
  PacketLine line;
  line.event = event;
  line.packet = packet;
  line.initials = "AB";
  return line;
}

TEST(ALivePacket, KnowsWhoHasItAndWhatAPersonSaidLast) {
  PacketHouse house;
  house.escalates();
  house.settle();
  const auto number = house.book.live.begin()->first;
  auto ack = by_hand(PacketEvent::acknowledged, number);
  ack.follow_up_owner = "platform-oncall";
  ack.question_about = QuestionAbout::provider;
  house.now += std::chrono::minutes{5};
  house.append(ack);
  house.append(by_hand(PacketEvent::acknowledged, number));
  const LivePacket& packet = house.book.live.at(number);
  EXPECT_EQ(packet.acknowledged_at, house.now);
  EXPECT_EQ(packet.acknowledged_by, "AB");
  EXPECT_EQ(packet.follow_up_owner, "platform-oncall") << "the second said nothing of it";
  EXPECT_EQ(packet.question_about, QuestionAbout::provider);
  EXPECT_EQ(packet.state(), PacketState::open);
}

TEST(ALivePacket, KnowsWhereItWasHandedOver) {
  PacketHouse house;
  house.escalates();
  house.settle();
  const auto number = house.book.live.begin()->first;
  auto went = by_hand(PacketEvent::handed_over, number);
  went.to = HandedTo::outbox;
  auto not_went = by_hand(PacketEvent::not_handed_over, number);
  not_went.to = HandedTo::webhook;
  house.append(not_went);
  house.append(went);
  const std::map<HandedTo, bool> expected{{HandedTo::webhook, false}, {HandedTo::outbox, true}};
  EXPECT_EQ(house.book.live.at(number).handed, expected);
  went.to = HandedTo::webhook;
  house.append(went);
  EXPECT_TRUE(house.book.live.at(number).handed.at(HandedTo::webhook)) << "the newest counts";
}

TEST(ALivePacket, TellsTheFirstAndTheLastLineThatItCites) {
  PacketHouse house;
  house.escalates();
  house.settle();
  house.is_usable();
  house.settle();
  const LivePacket& packet = house.book.live.begin()->second;
  EXPECT_EQ(packet.first_cited_seq, 1U);
  EXPECT_EQ(packet.last_cited_seq, 3U);
  EXPECT_EQ(packet.escalated_seq, 1U);
  EXPECT_EQ(packet.over_seq, 3U);
  EXPECT_EQ(packet.state(), PacketState::resolved);
}

TEST(TheBookOfPackets, PassesOverEveryEventOfAPacketThatIsNotLive) {
  PacketHouse house;
  house.escalates();
  const PacketBook before = house.book;
  for (const auto event : every<PacketEvent>()) {
    if (event == PacketEvent::opened) continue;
    for (const auto number : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{1}}) {
      PacketLine line;
      line.event = event;
      line.packet = number;
      line.alert = alert_of("f1");
      line.cited_seq = 1;
      line.to = HandedTo::outbox;
      house.append(line);
      EXPECT_EQ(house.book, before) << word(event);
    }
  }
}

TEST(TheBookOfPackets, NeverTakesAnAlertThatEndedForOneThatFires) {
  PacketHouse house;
  house.deliver(alert_of("f1", AlertStatus::resolved));
  PacketLine late = line_of(house.book, 1, PacketEvent::repeated);
  late.alert = alert_of("f1");
  house.append(late);
  EXPECT_EQ(house.book.live.at(1).state(), PacketState::resolved);
}

TEST(TheBookOfPackets, FindsTheSecondPacketOfAProbeWhenTheFirstIsClosed) {
  PacketHouse house;
  house.escalates();
  house.settle();
  PacketLine second;
  second.opener = PacketOpener::person;
  second.environment = "staging";
  second.probe = "chat-walk";
  const auto number = house.append(second);
  house.close(2);
  EXPECT_EQ(live_packet_of(house.book, "staging", "chat-walk"), number);
  EXPECT_EQ(house.after_rotation(), house.book);
}

TEST(TheBookOfPackets, IsNotChangedByTheLinesThatItIsCarriedIn) {
  PacketHouse house;
  for (int i = 0; i < 130; ++i) house.deliver(alert_of("f" + std::to_string(i)));
  house.escalates();
  house.settle();
  house.deliver(alert_of("g1", AlertStatus::firing, ""));
  house.close(house.book.by_group.begin()->second);
  const PacketBook before = house.book;
  EXPECT_THAT(carry_lines(before), SizeIs(4)) << "twice a packet, closed alerts, probes";
  EXPECT_EQ(house.after_rotation(), before);
  for (const auto& line : carry_lines(before)) house.append(line);
  EXPECT_EQ(house.book, before);
}

TEST(TheBookOfPackets, HasNothingToCarryBeforeAnythingHappened) {
  EXPECT_THAT(carry_lines(PacketBook{}), IsEmpty());
}

TEST(TheBookOfPackets, RemembersTheNewestAlertsOfClosedPackets) {
  PacketHouse house;
  for (std::size_t i = 0; i < max_closed_alerts + 3; ++i) {
    house.deliver(alert_of("f" + std::to_string(i)));
    house.close(house.book.live.begin()->first);
  }
  EXPECT_THAT(house.book.closed.list(), SizeIs(max_closed_alerts));
  EXPECT_FALSE(house.book.closed.contains(alert_of("f2").identity));
  EXPECT_TRUE(house.book.closed.contains(alert_of("f3").identity));
  EXPECT_EQ(house.after_rotation(), house.book);
}

}  // namespace
}  // namespace smokeledger::probes::core
