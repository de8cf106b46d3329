#include "exporters/ledger/check_ids.h"

#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

using exporters::ledger::CheckIds;

TEST(CheckIds, count_on_within_a_day_and_begin_anew_with_the_next) {
  CheckIds ids("chat-walk");
  for (const char* id : {"chat-walk-20261121-001",
                         "chat-walk-20261121-002",
                         "chat-walk-20261122-001",
                         "chat-walk-20261201-001",
                         "chat-walk-20261201-002"}) {
    EXPECT_EQ(ids.check(id), "") << id;
  }
}

TEST(CheckIds, have_three_digits_or_as_many_as_are_needed) {
  CheckIds ids("p");
  for (int number = 1; number <= 1001; ++number) {
    const std::string digits = std::to_string(number);
    const std::string id =
        "p-20261121-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
    ASSERT_EQ(ids.check(id), "") << id;
  }
}

TEST(CheckIds, say_what_was_expected_and_count_on_from_what_is_there) {
  CheckIds ids("p");
  EXPECT_EQ(ids.check("p-20261121-002"), "p-20261121-001");
  EXPECT_EQ(ids.check("p-20261121-003"), "");
  EXPECT_EQ(ids.check("p-20261121-003"), "p-20261121-004") << "twice";
  EXPECT_EQ(ids.check("p-20261121-007"), "p-20261121-004");
  EXPECT_EQ(ids.check("p-20261120-001"), "p-20261121-008") << "a day that is over";
  EXPECT_EQ(ids.check("p-20261122-004"), "p-20261122-001");
  EXPECT_EQ(ids.check("p-20261122-005"), "");
}

TEST(CheckIds, of_another_form_are_wrong) {
  for (const char* id : {"",
                         "p",
                         "p-20261121",
                         "p-20261121-",
                         "p-20261121-1",
                         "p-20261121-0001",
                         "p-20261121-00x",
                         "p-2026112x-001",
                         "p-20261121-001 ",
                         "pp-20261121-001",
                         "q-20261121-001"}) {
    CheckIds ids("p");
    EXPECT_NE(ids.check(id), "") << id;
  }
  CheckIds ids("p");
  EXPECT_EQ(ids.check("nonsense"), "p-<UTC day>-001");
}

TEST(CheckIds, go_on_from_the_newest_before_what_is_there) {
  CheckIds ids("p");
  ids.go_on_from("20261121", 7);
  EXPECT_EQ(ids.check("p-20261121-008"), "");
  EXPECT_EQ(ids.check("p-20261122-001"), "");
}

}  // namespace
}  // namespace smokeledger::tests
