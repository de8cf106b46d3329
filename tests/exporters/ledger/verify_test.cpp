#include "exporters/ledger/verify.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerErrorKind;
using ledger::verify;

TEST(Verify, works_on_a_ledger_that_is_being_written) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(options_in(dir.path())).value();
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
  const auto verification = verify(dir.path()).value();
  EXPECT_FALSE(verification.problem);
  EXPECT_EQ(verification.ledger, ledger->name());
  EXPECT_EQ(verification.head, ledger->head());
  EXPECT_EQ(ledger::sentence(verification),
            "ledger " + ledger->name() +
                ": 3 lines in 1 segment verified, the last is 2 with hash " +
                ledger::hex(ledger->head()));
}

TEST(Verify, never_takes_a_ledger_that_grows_and_rotates_meanwhile_for_damaged) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_bytes = 20'000;
  const auto ledger = Ledger::open(options).value();
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (std::uint32_t number = 1; number <= 150; ++number) {
      EXPECT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
    }
    done = true;
  });
  std::uint64_t seen = 0;
  while (!done) {
    const auto verification = verify(dir.path()).value();
    EXPECT_FALSE(verification.problem) << verification.problem->text();
    EXPECT_GE(verification.lines, seen);
    seen = verification.lines;
  }
  writer.join();
  EXPECT_EQ(verify(dir.path()).value().lines, ledger->next_seq());
}

TEST(Verify, tells_an_incomplete_last_line_from_damage) {
  const ScratchDir dir;
  auto ledger = Ledger::open(options_in(dir.path())).value();
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
  const auto file = segment_files(dir.path()).front();
  write_bytes(file, read_bytes(file) + R"({"v":1,"seq":3,)");
  const auto verification = verify(dir.path()).value();
  EXPECT_FALSE(verification.problem);
  EXPECT_EQ(verification.lines, 3U);
  EXPECT_THAT(
      ledger::sentence(verification),
      ::testing::EndsWith("; 1 incomplete line at the end, being written or torn, not verified"));
}

TEST(Verify, changes_nothing_in_the_directory) {
  const ScratchDir dir;
  Ledger::open(options_in(dir.path())).value().reset();
  std::filesystem::remove(dir.path() / "LOCK");
  std::filesystem::permissions(
      dir.path(), std::filesystem::perms::owner_write, std::filesystem::perm_options::remove);
  EXPECT_FALSE(verify(dir.path()).value().problem);
  std::filesystem::permissions(
      dir.path(), std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "LOCK"));
}

TEST(Verify, calls_a_directory_without_a_ledger_unusable) {
  const ScratchDir dir;
  EXPECT_EQ(verify(dir.path()).error().kind, LedgerErrorKind::unusable);
  EXPECT_EQ(verify(dir.path() / "missing").error().kind, LedgerErrorKind::unusable);
  write_bytes(dir.path() / "file", "");
  EXPECT_EQ(verify(dir.path() / "file").error().kind, LedgerErrorKind::unusable);
}

TEST(Verify, passes_over_files_that_are_not_segments) {
  const ScratchDir dir;
  Ledger::open(options_in(dir.path())).value().reset();
  for (const char* name :
       {"notes.jsonl", "ledger-1-2.jsonl", "ledger-0000000000000000000x-0011223344556677.jsonl"}) {
    write_bytes(dir.path() / name, "x\n");
  }
  EXPECT_FALSE(verify(dir.path()).value().problem);
}

}  // namespace
}  // namespace smokeledger::tests
