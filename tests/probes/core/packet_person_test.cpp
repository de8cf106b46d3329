#include "probes/core/packet_person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using testing::HasSubstr;
using tests::PacketHouse;

// As the service does with what a person says. Empty: it was recorded.
std::string say(PacketHouse& house, const PacketLine& said) {
  const auto line = line_of_person(house.book, said, house.scope.environment, house.lines.size());
  if (!line) return line.error();
  house.append(*line);
  return {};
}

PacketLine opening(const std::string& probe, std::optional<std::uint64_t> cited = {}) {
  PacketLine line;
  line.event = PacketEvent::opened;
  line.probe = probe;
  line.cited_seq = cited;
  line.initials = "AB";
  return line;
}

PacketLine closing(std::uint64_t packet, std::uint64_t shown_by) {
  PacketLine line;
  line.event = PacketEvent::closed;
  line.packet = packet;
  line.cited_seq = shown_by;
  line.initials = "AB";
  line.result = "The key was exchanged.";
  line.changed = "none";
  line.remaining_uncertainty = "none";
  return line;
}

TEST(APacketByHand, OnAnEscalationIsTheOneThatThePolicyGoesOnWith) {
  PacketHouse house;
  house.escalates();
  EXPECT_EQ(say(house, opening("chat-walk", 1)), "");
  house.settle();
  house.escalates();
  house.is_usable();
  house.settle();
  EXPECT_EQ(house.opened(), 1U);
  EXPECT_EQ(house.book.live.begin()->second.state(), PacketState::resolved);
}

TEST(APacketByHand, IsRefusedBesideALiveOneOfItsProbe) {
  PacketHouse house;
  house.escalates();
  house.settle();
  EXPECT_EQ(say(house, opening("chat-walk", 1)),
            "probe chat-walk has an open packet already, line 2");
  EXPECT_EQ(say(house, opening("chat-direct")), "");
  EXPECT_EQ(house.opened(), 2U);
}

TEST(APacketByHand, OnALineNamesTheProbeOfThatOutcome) {
  PacketHouse house;
  house.escalates();
  EXPECT_THAT(say(house, opening("", 1)), HasSubstr("needs the probe of that outcome"));
  EXPECT_EQ(house.opened(), 0U);
  EXPECT_EQ(say(house, opening("")), "") << "about nothing that was probed";
}

TEST(APacketIsClosed, ByALineThatIsNewerThanItsOpening) {
  PacketHouse house;
  house.escalates();
  house.settle();
  EXPECT_THAT(say(house, closing(2, 1)), HasSubstr("line 1 is not newer than the packet, line 2"));
  EXPECT_THAT(say(house, closing(2, 2)), HasSubstr("name a line that was written after"));
  EXPECT_THAT(say(house, closing(2, 3)), HasSubstr("nobody saw more"));
  house.is_usable();
  EXPECT_EQ(say(house, closing(2, 3)), "");
  EXPECT_TRUE(house.book.live.empty());
}

}  // namespace
}  // namespace smokeledger::probes::core
