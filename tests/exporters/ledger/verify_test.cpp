#include "exporters/ledger/verify.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/reader.h"
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

// Several small segments.
class SegmentsOfALedger : public ::testing::Test {
 protected:
  SegmentsOfALedger() {
    auto options = signing_options_in(dir_.path());
    options.segment_bytes = 20'000;
    const auto ledger = Ledger::open(options).value();
    for (std::uint32_t number = 1; number <= 100; ++number) {
      EXPECT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
    }
    files_ = segment_files(dir_.path());
  }

  ScratchDir dir_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(SegmentsOfALedger, are_verified_as_one_and_tell_how_far_that_has_come) {
  ASSERT_GT(files_.size(), 8U);
  std::uint64_t bytes = 0;
  for (const auto& file : files_) bytes += std::filesystem::file_size(file);
  std::vector<std::uint64_t> steps;
  const auto found = verify(dir_.path(), {}, [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_EQ(all, bytes);
    steps.push_back(done);
  });
  ASSERT_TRUE(found->sound());
  EXPECT_EQ(steps.size(), files_.size());
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
  EXPECT_EQ(steps.back(), bytes);
  EXPECT_EQ(found->segments, files_.size());
  EXPECT_EQ(found->checkpoints, files_.size() - 1);
  EXPECT_GT(found->covered, 200U);
}

TEST_F(SegmentsOfALedger, are_checked_to_the_first_damage_wherever_it_is) {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const std::string good = read_bytes(files_[i]);
    std::string bad = good;
    bad[bad.size() / 2] ^= 1;
    write_bytes(files_[i], bad);
    const auto found = verify(dir_.path()).value();
    ASSERT_TRUE(found.problem) << i;
    EXPECT_EQ(found.problem->file, files_[i].filename().string());
    EXPECT_EQ(found.lines, found.problem->seq);
    write_bytes(files_[i], good);
  }
  EXPECT_TRUE(verify(dir_.path())->sound());
}

TEST_F(SegmentsOfALedger, end_with_when_their_lines_were_recorded_and_a_seal_that_lies_is_damage) {
  auto reader = ledger::Reader::open(dir_.path(), ledger::Reader::From::last_segment).value();
  ASSERT_EQ(reader.passed().size(), files_.size() - 1);
  for (const auto& end : reader.passed()) {
    EXPECT_EQ(end.recorded, (core::TimeRange{at(noon), at(noon)}));
  }
  while (reader.next().value()) continue;
  ledger::Hasher hasher;
  const auto ended_with = [&](const core::TimeRange& recorded, std::uint64_t reviews) {
    const std::string good = read_bytes(files_.back());
    const ledger::Envelope envelope{reader.chain().next_seq(),
                                    reader.chain().head(),
                                    reader.chain().ledger(),
                                    recorded.latest,
                                    1};
    const auto seal = ledger::encode(hasher, envelope, core::SealLine{recorded, reviews}).value();
    write_bytes(files_.back(), good + seal.bytes);
    const auto found = verify(dir_.path()).value();
    write_bytes(files_.back(), good);
    return found.problem ? found.problem->what : "sound";
  };
  const auto later = at(noon) + std::chrono::hours{1};
  EXPECT_EQ(ended_with({at(noon), later}, 0), "sound");
  EXPECT_EQ(ended_with({at(noon), later}, 1),
            "it says that its segment holds 1 reviews, and it holds 0");
  EXPECT_EQ(ended_with({later, later}, 0),
            "it says that its segment was recorded from 2026-11-21T13:00:00Z to "
            "2026-11-21T13:00:00Z, and it was from 2026-11-21T12:00:00Z to 2026-11-21T13:00:00Z");
}

}  // namespace
}  // namespace smokeledger::tests
