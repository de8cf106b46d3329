#include "probes/core/packet_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using testing::IsEmpty;
using tests::decided;
using tests::PacketHouse;

struct Story {
  PacketPolicy policy;
  // E escalates, X escalates as expected, U is usable, P pauses; C closes what is live.
  std::string_view outcomes;
  std::string_view said;  // with the place in the story that a line cites, from 1
};

const Story stories[] = {
    {{1, 1}, "E", "opened 1"},
    {{1, 1}, "U", ""},
    {{1, 1}, "X", ""},
    {{1, 1}, "P", ""},
    {{1, 1}, "EE", "opened 1, repeated 2"},
    {{1, 1}, "EU", "opened 1, resolved 2"},
    {{1, 1}, "EX", "opened 1, resolved 2"},
    {{1, 1}, "EPU", "opened 1, resolved 3"},
    {{1, 1}, "EUUU", "opened 1, resolved 2"},
    {{1, 1}, "EUEEU", "opened 1, resolved 2, repeated 3, repeated 4, resolved 5"},
    {{1, 1}, "ECU", "opened 1"},
    {{1, 1}, "ECE", "opened 1, opened 3"},
    {{1, 1}, "EUCE", "opened 1, resolved 2, opened 4"},
    {{2, 3}, "E", ""},
    {{2, 3}, "EUE", "opened 1"},
    {{2, 3}, "EUEU", "opened 1, resolved 4"},
    {{2, 3}, "EUUE", ""},
    {{2, 3}, "EUUEE", "opened 4"},
    {{2, 3}, "EPPPE", "opened 1"},
    {{2, 2}, "EECE", "opened 1"},
    {{2, 2}, "EECEE", "opened 1, opened 4"},
    {{3, 16}, "EUUUUUUEUUUUUUUE", "opened 1"},
    {{3, 16}, "EUUUUUUEUUUUUUUUE", ""},
    {{0, 1}, "EEE", ""},
};

OutcomeLine outcome(char what) {
  if (what == 'E') return decided(Decision::escalate, CheckResult::fail);
  if (what == 'X') return decided(Decision::escalate, CheckResult::pass);
  if (what == 'P') return decided(Decision::paused, CheckResult::investigate);
  return decided(Decision::use_fallback, CheckResult::investigate);
}

// The story, told after each of its outcomes; `places`: of each line, where the story was.
std::string told(PacketHouse& house, const Story& story) {
  house.policy = story.policy;
  std::map<std::uint64_t, std::size_t> place;
  std::string said;
  for (std::size_t i = 0; i < story.outcomes.size(); ++i) {
    if (story.outcomes[i] == 'C') {
      house.close(house.book.live.begin()->first);
    } else {
      place[house.append(outcome(story.outcomes[i]))] = i + 1;
    }
    for (const auto& line : house.settle()) {
      said += (said.empty() ? "" : ", ") + std::string(word(line.event)) + " " +
              std::to_string(place.at(line.cited_seq.value()));
    }
  }
  return said;
}

TEST(ThePolicyOfPackets, OpensOneRepeatsItAndSaysOnceThatItIsOver) {
  for (const auto& story : stories) {
    PacketHouse house;
    EXPECT_EQ(told(house, story), story.said) << story.outcomes;
    EXPECT_LE(house.book.live.size(), 1U) << story.outcomes;
  }
}

TEST(ThePolicyOfPackets, SaysTheSameAfterACrashBetweenAnyTwoLines) {
  for (const auto& story : stories) {
    PacketHouse house;
    told(house, story);
    for (std::size_t read = 1; read < house.lines.size(); ++read) {
      const auto asked = due(house.after_crash(read), "chat-walk", story.policy, "staging");
      const auto* next = std::get_if<PacketLine>(&house.lines[read].first);
      const bool by_hand = next != nullptr && next->event == PacketEvent::closed;
      const bool wanted = next != nullptr && !by_hand;
      ASSERT_EQ(asked.has_value(), wanted) << story.outcomes << " after " << read << " lines";
      if (wanted) {
        EXPECT_EQ(*asked, *next) << story.outcomes << " after " << read << " lines";
      }
    }
  }
}

TEST(ThePolicyOfPackets, IsTheSameAfterARotationAtAnyPlace) {
  for (const auto& story : stories) {
    for (std::size_t cut = 1; cut < story.outcomes.size(); ++cut) {
      PacketHouse first;
      told(first, {story.policy, story.outcomes.substr(0, cut), {}});
      EXPECT_EQ(first.after_rotation(), first.book) << story.outcomes << " cut at " << cut;
    }
  }
}

TEST(ThePolicyOfPackets, CatchesUpWithOutcomesThatNobodyAskedAbout) {
  PacketHouse house;
  house.escalates();
  EXPECT_EQ(house.settle().size(), 1U);
  house.is_usable();
  house.escalates();
  house.escalates();
  house.is_usable();
  const auto said = house.settle();
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].event, PacketEvent::repeated);
  EXPECT_EQ(said[0].cited_seq, 5U) << "the newest of them";
  EXPECT_EQ(said[1].event, PacketEvent::resolved);
  EXPECT_EQ(said[1].cited_seq, 6U);
}

TEST(ThePolicyOfPackets, KeepsProbesApart) {
  PacketHouse house;
  house.escalates("chat-walk");
  house.settle("chat-walk");
  house.escalates("chat-direct");
  EXPECT_THAT(house.settle("chat-walk"), IsEmpty());
  EXPECT_EQ(house.settle("chat-direct").front().event, PacketEvent::opened);
  EXPECT_EQ(house.book.live.size(), 2U);
}

TEST(ThePolicyOfPackets, AsksNothingOfOutcomesOfAnotherEnvironment) {
  PacketHouse house;
  house.escalates();
  EXPECT_FALSE(due(house.book, "chat-walk", house.policy, "canary"));
  EXPECT_FALSE(due(house.book, "responses-direct", house.policy, "staging")) << "it never ran";
  OutcomeLine elsewhere = outcome('U');
  elsewhere.outcome.environment = "canary";
  house.append(elsewhere);
  EXPECT_FALSE(due(house.book, "chat-walk", house.policy, "staging"));
}

TEST(ThePolicyOfPackets, GoesOnWithAPacketThatAPersonOpened) {
  PacketHouse house;
  PacketLine opened;
  opened.opener = PacketOpener::person;
  opened.environment = "staging";
  opened.probe = "chat-walk";
  house.is_usable();
  house.append(opened);
  house.is_usable();
  EXPECT_THAT(house.settle(), IsEmpty()) << "nothing escalated, so nothing is over";
  house.escalates();
  const auto said = house.settle();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].event, PacketEvent::repeated);
  EXPECT_EQ(said[0].opener, PacketOpener::person);
  house.is_usable();
  EXPECT_EQ(house.settle().front().event, PacketEvent::resolved);
  EXPECT_EQ(house.book.live.begin()->second.state(), PacketState::resolved);
}

}  // namespace
}  // namespace smokeledger::probes::core
