#include "probes/core/packet_hand_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using testing::ElementsAre;
using tests::PacketHouse;

std::uint64_t opened(PacketHouse& house, const std::string& probe) {
  house.escalates(probe);
  house.settle(probe);
  return *live_packet_of(house.book, "staging", probe);
}

void hand_over(PacketHouse& house, std::uint64_t packet, HandedTo to, bool went) {
  house.append(*line_of_hand_over(house.book, packet, to, went, 1));
}

TEST(HandOver, IsDueForTheOldestPacketAndForEachTargetByItself) {
  PacketHouse house;
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::outbox), std::nullopt);
  const auto first = opened(house, "chat-walk");
  const auto second = opened(house, "embeddings");
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::outbox), first);
  hand_over(house, first, HandedTo::outbox, true);
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::outbox), second);
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::webhook), first);
  hand_over(house, second, HandedTo::outbox, false);
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::outbox), std::nullopt) << "given up is an end";
  EXPECT_EQ(not_handed_over(house.book, HandedTo::outbox), 1U) << "and did not arrive";
  EXPECT_EQ(not_handed_over(house.book, HandedTo::webhook), 2U);
  house.close(second);
  EXPECT_EQ(not_handed_over(house.book, HandedTo::outbox), 0U);
}

TEST(HandOver, GoesOnAfterACrashWhereItWasAndIsNotDueForAClosedPacket) {
  PacketHouse house;
  const auto packet = opened(house, "chat-walk");
  const auto before = house.lines.size();
  hand_over(house, packet, HandedTo::webhook, true);
  EXPECT_EQ(next_to_hand_over(house.after_crash(before), HandedTo::webhook), packet);
  EXPECT_EQ(next_to_hand_over(house.after_crash(before + 1), HandedTo::webhook), std::nullopt);
  house.close(packet);
  EXPECT_EQ(next_to_hand_over(house.book, HandedTo::outbox), std::nullopt);
  EXPECT_EQ(line_of_hand_over(house.book, packet, HandedTo::outbox, true, 1), std::nullopt);
}

TEST(HandOver, IsSaidByOneLineWithItsAttempts) {
  PacketHouse house;
  const auto packet = opened(house, "chat-walk");
  const auto line = line_of_hand_over(house.book, packet, HandedTo::webhook, false, 5);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->event, PacketEvent::not_handed_over);
  EXPECT_EQ(line->packet, packet);
  EXPECT_EQ(line->probe, "chat-walk");
  EXPECT_EQ(line->to, HandedTo::webhook);
  EXPECT_EQ(line->attempts, 5U);
  house.append(*line);
  EXPECT_EQ(line_of_hand_over(house.book, packet, HandedTo::webhook, true, 5), std::nullopt);
}

struct Answered {
  int status;
  HandOverResult result;
};
const Answered answers[] = {
    {200, HandOverResult::taken},     {204, HandOverResult::taken},
    {299, HandOverResult::taken},     {301, HandOverResult::refused},
    {307, HandOverResult::refused},   {400, HandOverResult::refused},
    {401, HandOverResult::refused},   {404, HandOverResult::refused},
    {407, HandOverResult::refused},   {408, HandOverResult::try_again},
    {409, HandOverResult::refused},   {424, HandOverResult::refused},
    {425, HandOverResult::try_again}, {428, HandOverResult::refused},
    {429, HandOverResult::try_again}, {430, HandOverResult::refused},
    {500, HandOverResult::try_again}, {503, HandOverResult::try_again},
    {599, HandOverResult::try_again}, {600, HandOverResult::refused},
    {0, HandOverResult::refused},
};

TEST(HandOver, IsJudgedByTheStatusLineWhateverBecameOfTheRest) {
  for (const auto& answer : answers) {
    EXPECT_EQ(hand_over_result(Reply{.http_status = answer.status, .headers = {}, .body = {}}),
              answer.result)
        << answer.status;
    EXPECT_EQ(hand_over_result(Fault{.reason = Reason::timeout, .http_status = answer.status}),
              answer.result)
        << answer.status;
  }
  EXPECT_EQ(hand_over_result(Fault{.reason = Reason::connect}), HandOverResult::try_again);
}

TEST(HandOver, WaitsLongerEachTimeUpToACapAndThenGivesUp) {
  const HandOverPolicy policy;
  std::vector<Milliseconds::rep> most;
  for (std::uint32_t made = 1; made < policy.attempts; ++made) {
    EXPECT_EQ(wait_to_hand_over(policy, made, Draw{0.0}), Milliseconds{0}) << "full jitter";
    most.push_back(wait_to_hand_over(policy, made, Draw{1.0})->count());
  }
  EXPECT_THAT(
      most,
      ElementsAre(
          1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 64'000, 128'000, 256'000, 512'000, 600'000));
  EXPECT_EQ(wait_to_hand_over(policy, policy.attempts, Draw{0.5}), std::nullopt);
  const HandOverPolicy patient{.attempts = 50};
  EXPECT_EQ(wait_to_hand_over(patient, 49, Draw{1.0}), patient.cap);
}

}  // namespace
}  // namespace smokeledger::probes::core
