// A disk that fills: what cannot be recorded to its end is not begun, and what was begun ends.
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/ledger_thread.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerErrorKind;
using ::testing::HasSubstr;

using Lines = std::vector<core::Line>;

class FullDisk : public testing::Test {
 protected:
  std::unique_ptr<Ledger> open(std::uint64_t segment_bytes = 64ULL << 20U) {
    auto options = options_in(dir_.path());
    options.segment_bytes = segment_bytes;
    options.open_file = disk_.opener();
    return Ledger::open(options).value();
  }
  // No byte more can be set aside.
  void fill() { disk_.set_room(0); }
  static Lines attempt(const std::string& probe) { return {attempt_of(probe, 1)}; }
  static Lines outcome(const std::string& probe) {
    return {core::OutcomeLine{outcome_of(probe, 1)}};
  }

  ScratchDir dir_;
  FaultyDisk disk_{{}};
};

TEST_F(FullDisk, refuses_to_begin_and_writes_nothing) {
  const auto ledger = open();
  const std::string before = read_bytes(segment_files(dir_.path()).back());
  fill();
  for (const Lines& lines : {attempt("a"), outcome("a"), Lines{core::ClockStepLine{1}}}) {
    const auto refused = ledger->append(lines, at(noon));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, LedgerErrorKind::no_space);
  }
  EXPECT_EQ(read_bytes(segment_files(dir_.path()).back()), before);
}

TEST_F(FullDisk, lets_runs_under_way_end) {
  const auto ledger = open();
  ASSERT_TRUE(ledger->append(attempt("a"), at(noon)));
  ASSERT_TRUE(ledger->append(attempt("b"), at(noon)));
  fill();
  EXPECT_TRUE(ledger->append(outcome("b"), at(noon)));
  EXPECT_FALSE(ledger->append(outcome("b"), at(noon))) << "it has its outcome";
  EXPECT_TRUE(ledger->append(outcome("a"), at(noon)));
  EXPECT_FALSE(ledger::verify(dir_.path()).value().problem);
}

TEST_F(FullDisk, does_not_close_the_ledger) {
  const auto ledger = open();
  fill();
  ASSERT_FALSE(ledger->append(attempt("a"), at(noon)));
  disk_.set_room(1ULL << 30U);
  EXPECT_TRUE(ledger->append(attempt("a"), at(noon)));
}

TEST_F(FullDisk, asks_for_room_for_every_run_under_way) {
  const auto ledger = open();
  const auto size = [&] { return std::filesystem::file_size(segment_files(dir_.path()).back()); };
  ASSERT_TRUE(ledger->append(attempt("a"), at(noon)));
  disk_.set_room(size() + 2 * 65'536);
  EXPECT_FALSE(ledger->append(attempt("b"), at(noon))) << "two runs, a seal, and the line";
  disk_.set_room(size() + 3 * 65'536);
  EXPECT_TRUE(ledger->append(attempt("b"), at(noon)));
}

TEST_F(FullDisk, records_no_outcome_of_a_request_that_it_refused) {
  const auto ledger = open();
  fill();
  ASSERT_FALSE(ledger->append(attempt("a"), at(noon)));
  disk_.set_room(1ULL << 30U);
  EXPECT_FALSE(ledger->append(outcome("a"), at(noon))) << "nothing was sent";
  EXPECT_TRUE(ledger->append(Lines{attempt_of("a", 2)}, at(noon)));
  EXPECT_TRUE(ledger->append(Lines{core::OutcomeLine{outcome_of("a", 2)}}, at(noon)));
}

TEST_F(FullDisk, lets_runs_under_way_retry) {
  const auto ledger = open();
  ASSERT_TRUE(ledger->append(attempt("a"), at(noon)));
  fill();
  core::AttemptLine retry = attempt_of("a", 1);
  retry.number = 2;
  retry.previous = sample_attempt();
  EXPECT_TRUE(ledger->append(Lines{retry}, at(noon)));
  EXPECT_TRUE(ledger->append(outcome("a"), at(noon)));
  EXPECT_FALSE(ledger->append(Lines{attempt_of("a", 2)}, at(noon))) << "another run";
}

TEST_F(FullDisk, refuses_one_call_of_a_commit_and_not_the_others) {
  auto ledger = open();
  ASSERT_TRUE(ledger->append(attempt("a"), at(noon)));
  fill();
  std::vector<std::string> answers;
  std::promise<void> held;
  {
    ledger::LedgerThread thread(std::move(ledger));
    // While the first call's answer is held back, the others become one commit.
    thread.append({}, at(noon), [&](const auto&) { held.get_future().wait(); });
    const auto note = [&](const auto& records) {
      answers.push_back(records ? "written" : records.error().message);
    };
    thread.append(attempt("b"), at(noon), note);
    thread.append(outcome("a"), at(noon), note);
    held.set_value();
  }
  EXPECT_THAT(answers, testing::ElementsAre("the disk of this test is full", "written"));
}

TEST_F(FullDisk, goes_on_in_its_segment_when_there_is_no_room_for_another) {
  const auto ledger = open(1);
  ASSERT_TRUE(ledger->append(attempt("a"), at(noon)));
  fill();
  ASSERT_TRUE(ledger->append(outcome("a"), at(noon)));
  EXPECT_EQ(segment_files(dir_.path()).size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(segment_files(dir_.path()).back().string() + ".unfinished"));
  disk_.set_room(1ULL << 30U);
  ASSERT_TRUE(ledger->append(run_of("a", 2), at(noon)));
  EXPECT_EQ(segment_files(dir_.path()).size(), 2U);
  EXPECT_FALSE(ledger::verify(dir_.path()).value().problem);
}

TEST(PosixFile, sets_space_aside_without_making_the_file_longer) {
  const ScratchDir dir;
  const auto path = dir.path() / "file";
  const auto file = ledger::open_posix_file(path).value();
  ASSERT_TRUE(file->append("one"));
  ASSERT_TRUE(file->reserve(1'000));
  EXPECT_EQ(std::filesystem::file_size(path), 3U);
  ASSERT_TRUE(file->append("two"));
  EXPECT_EQ(read_bytes(path), "onetwo");
}

TEST(PosixFile, says_how_much_it_could_not_set_aside) {
  const ScratchDir dir;
  const auto file = ledger::open_posix_file(dir.path() / "file").value();
  const auto refused = file->reserve(1ULL << 62U);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LedgerErrorKind::no_space);
  EXPECT_THAT(refused.error().message,
              HasSubstr("cannot set 4611686018427387904 bytes aside for "));
  EXPECT_TRUE(file->reserve(1'000)) << "nothing was lost by asking";
}

}  // namespace
}  // namespace smokeledger::tests
