#include "probes/run/slots.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::probes::run {
namespace {

using Names = std::vector<std::string>;

// Callers that note the order in which they were let in.
struct Door {
  explicit Door(std::uint32_t in_all) : slots(in_all) {}

  Slots::Ticket ask(const std::string& name, const std::string& provider, std::uint32_t most = 1) {
    return slots.acquire(provider, most, [this, name] { granted.push_back(name); });
  }

  Slots slots;
  Names granted;
};

TEST(Slots, AreGrantedAtOnceWhileSomeAreFree) {
  Door door(2);
  door.ask("a", "one");
  door.ask("b", "two");
  EXPECT_EQ(door.granted, (Names{"a", "b"}));
  EXPECT_EQ(door.slots.in_flight(), 2U);
}

TEST(Slots, AreGrantedInTheOrderOfAskingWhenTheyComeBack) {
  Door door(1);
  const auto a = door.ask("a", "one");
  const auto b = door.ask("b", "two");
  door.ask("c", "three");
  EXPECT_EQ(door.granted, (Names{"a"}));
  door.slots.release(a);
  EXPECT_EQ(door.granted, (Names{"a", "b"}));
  door.slots.release(b);
  EXPECT_EQ(door.granted, (Names{"a", "b", "c"}));
}

TEST(Slots, AreLimitedPerProvider) {
  Door door(10);
  const auto a = door.ask("a", "one", 2);
  door.ask("b", "one", 2);
  door.ask("c", "one", 2);
  EXPECT_EQ(door.granted, (Names{"a", "b"}));
  door.slots.release(a);
  EXPECT_EQ(door.granted, (Names{"a", "b", "c"}));
}

TEST(Slots, LetNobodyWaitBehindAProviderThatIsFull) {
  Door door(2);
  const auto a = door.ask("a", "one");
  door.ask("b", "one");
  door.ask("c", "two");
  EXPECT_EQ(door.granted, (Names{"a", "c"}));
  door.slots.release(a);
  EXPECT_EQ(door.granted, (Names{"a", "c", "b"}));
}

TEST(Slots, ForgetATicketThatGivesUpItsPlaceInTheQueue) {
  Door door(1);
  const auto a = door.ask("a", "one");
  const auto b = door.ask("b", "one");
  door.ask("c", "one");
  door.slots.release(b);
  door.slots.release(a);
  EXPECT_EQ(door.granted, (Names{"a", "c"}));
  EXPECT_EQ(door.slots.in_flight(), 1U);
}

TEST(Slots, TakeNoNoticeOfUnknownOrReturnedTickets) {
  Door door(1);
  const auto a = door.ask("a", "one");
  door.slots.release(a + 100);
  EXPECT_EQ(door.slots.in_flight(), 1U);
  door.slots.release(a);
  door.slots.release(a);
  EXPECT_EQ(door.slots.in_flight(), 0U);
  door.ask("b", "one");
  door.ask("c", "one");
  EXPECT_EQ(door.granted, (Names{"a", "b"})) << "a ticket returned twice frees one slot";
}

TEST(Slots, MayBeAskedForAndReturnedFromInsideAGrant) {
  Slots slots(1);
  Names granted;
  const auto first = slots.acquire("one", 1, [&] { granted.push_back("a"); });
  std::optional<Slots::Ticket> third;
  std::optional<Slots::Ticket> second;
  second = slots.acquire("one", 1, [&] {
    granted.push_back("b");
    third = slots.acquire("one", 1, [&] { granted.push_back("c"); });
    slots.release(*second);
  });
  slots.release(first);
  EXPECT_EQ(granted, (Names{"a", "b", "c"}));
  EXPECT_EQ(slots.in_flight(), 1U);
}

TEST(Slots, TakeANewLimitAtTheNextGrant) {
  Door door(1);
  door.ask("a", "one");
  door.ask("b", "two");
  door.slots.set_limit(3);
  EXPECT_EQ(door.granted, (Names{"a"}));
  door.ask("c", "three");
  EXPECT_EQ(door.granted, (Names{"a", "b", "c"}));
}

}  // namespace
}  // namespace smokeledger::probes::run
