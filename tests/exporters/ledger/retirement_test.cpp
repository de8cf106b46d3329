// Old segments are told of, then deleted, and what is left is whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ::testing::HasSubstr;

core::WallTime day(int number) {
  return at(noon) + std::chrono::days{number};
}

ledger::OpenOptions daily(const std::filesystem::path& dir, int retention_days, int today) {
  auto options = options_in(dir);
  options.segment_age = std::chrono::days{1};
  options.retention = std::chrono::days{retention_days};
  options.now = day(today);
  return options;
}

// A run a day, each in a segment of its own.
void run_daily(Ledger& ledger, int first, int last) {
  for (int number = first; number <= last; ++number) {
    ASSERT_TRUE(
        ledger.append(run_of("chat-walk", static_cast<std::uint32_t>(number)), day(number)));
  }
}

TEST(Retirement, deletes_segments_that_hold_nothing_newer_and_says_so_first) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(daily(dir.path(), 3, 1)).value();
  run_daily(*ledger, 1, 9);
  // The one of day 6 began three days before the newest: what stands before it goes.
  const auto files = segment_files(dir.path());
  ASSERT_EQ(files.size(), 4U);
  const auto& retired = ledger->state().retired;
  ASSERT_TRUE(retired);
  EXPECT_EQ(retired->kept_from, files.front().filename().string());
  EXPECT_EQ(retired->retired_at, day(9));
  EXPECT_THAT(read_bytes(files.back()), HasSubstr(R"("kind":"retired")"));
}

TEST(Retirement, leaves_a_ledger_that_verifies_counts_and_opens_as_before) {
  const ScratchDir dir;
  core::State state;
  {
    const auto ledger = Ledger::open(daily(dir.path(), 3, 1)).value();
    run_daily(*ledger, 1, 9);
    state = ledger->state();
  }
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_FALSE(verified.problem) << verified.problem->text();
  EXPECT_EQ(ledger::count(dir.path()).value(), core::total(state));
  EXPECT_EQ(Ledger::open(daily(dir.path(), 3, 9)).value()->state(), state);
}

TEST(Retirement, keeps_everything_by_default) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(daily(dir.path(), 0, 1)).value();
  run_daily(*ledger, 1, 9);
  EXPECT_EQ(segment_files(dir.path()).size(), 9U);
  EXPECT_FALSE(ledger->state().retired);
}

TEST(Retirement, never_deletes_the_last_segment) {
  const ScratchDir dir;
  run_daily(*Ledger::open(daily(dir.path(), 3, 1)).value(), 1, 1);
  const auto ledger = Ledger::open(daily(dir.path(), 3, 300)).value();
  EXPECT_EQ(segment_files(dir.path()).size(), 1U);
  EXPECT_FALSE(ledger->state().retired);
}

TEST(Retirement, is_finished_by_the_next_start_without_being_told_again) {
  const ScratchDir dir;
  run_daily(*Ledger::open(daily(dir.path(), 0, 1)).value(), 1, 9);
  const auto newest_retired = segment_files(dir.path())[4];
  const std::string bytes = read_bytes(newest_retired);
  const auto start = [&] { return Ledger::open(daily(dir.path(), 3, 9)).value()->next_seq(); };
  const auto told = start();
  ASSERT_FALSE(std::filesystem::exists(newest_retired));
  // As if the process had ended before the last file was gone.
  write_bytes(newest_retired, bytes);
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_FALSE(verified.problem) << verified.problem->text();
  EXPECT_EQ(start(), told);
  EXPECT_FALSE(std::filesystem::exists(newest_retired));
}

TEST(Retirement, cannot_be_imitated_by_deleting_more) {
  const ScratchDir dir;
  run_daily(*Ledger::open(daily(dir.path(), 3, 1)).value(), 1, 9);
  std::filesystem::remove(segment_files(dir.path()).front());
  const auto verified = ledger::verify(dir.path()).value();
  ASSERT_TRUE(verified.problem);
  EXPECT_THAT(verified.problem->what, HasSubstr("no line says that those before it were retired"));
  EXPECT_FALSE(Ledger::open(daily(dir.path(), 3, 9)));
}

TEST(Retirement, is_repeated_in_later_segments) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(daily(dir.path(), 3, 1)).value();
  run_daily(*ledger, 1, 30);
  EXPECT_EQ(segment_files(dir.path()).size(), 4U);
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

}  // namespace
}  // namespace smokeledger::tests
