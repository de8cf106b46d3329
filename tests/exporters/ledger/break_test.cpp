// Damage in the last segment that a person chose to leave behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/replay.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerErrorKind;
using ::testing::HasSubstr;

// Eight runs over several segments, the last of which holds some of them.
class DamagedLedger : public ::testing::Test {
 protected:
  DamagedLedger() {
    options_.segment_bytes = 20'000;
    const auto ledger = Ledger::open(options_).value();
    EXPECT_TRUE(ledger->use_policies({sample_policy()}, at(noon)));
    for (std::uint32_t number = 1; number <= 8; ++number) {
      EXPECT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
    }
    next_seq_ = ledger->next_seq();
    last_ = segment_files(dir_.path()).back();
    bytes_ = read_bytes(last_);
  }

  // One byte of the line of this number, counted from the end of the last segment.
  void damage(std::size_t from_the_end) {
    auto lines = split_lines(bytes_);
    damaged_seq_ = next_seq_ - from_the_end;
    std::string& line = lines.at(lines.size() - from_the_end);
    line[line.size() / 2] ^= 1;
    std::string text;
    for (const auto& each : lines) text += each + "\n";
    write_bytes(last_, text);
  }
  ledger::Result<core::Break> leave_behind() { return Ledger::leave_damage_behind(options_); }

  ScratchDir dir_;
  ledger::OpenOptions options_ = options_in(dir_.path());
  std::filesystem::path last_;
  std::string bytes_;
  std::uint64_t next_seq_ = 0;
  std::uint64_t damaged_seq_ = 0;
};

TEST_F(DamagedLedger, is_not_written_until_somebody_says_so) {
  damage(2);
  const auto opened = Ledger::open(options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, LedgerErrorKind::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("smokeledger ledger break"));
}

TEST_F(DamagedLedger, goes_on_in_a_new_segment_that_states_the_damage) {
  damage(2);
  const auto stated = leave_behind();
  ASSERT_TRUE(stated) << stated.error().message;
  EXPECT_EQ(stated->segment, last_.filename().string());
  EXPECT_EQ(stated->from_seq, damaged_seq_);
  EXPECT_EQ(stated->what, "its hash does not match its bytes");
  const auto ledger = Ledger::open(options_).value();
  EXPECT_GT(ledger->next_seq(), next_seq_) << "no number is given twice";
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 9), at(noon)));
}

TEST_F(DamagedLedger, is_queried_but_for_what_is_stated) {
  damage(4);
  auto lines = split_lines(read_bytes(last_));
  lines.back() = R"({"v":1,"kind":"outcome","nothing":"of ours"})";
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  write_bytes(last_, text);
  ASSERT_TRUE(leave_behind());
  std::vector<std::uint64_t> seqs;
  const auto found = ledger::query(dir_.path(), {}, [&](const ledger::FoundOutcome& outcome) {
    seqs.push_back(outcome.record.seq());
  });
  EXPECT_TRUE(found) << found.error().message;
  ASSERT_FALSE(seqs.empty());
  EXPECT_LT(seqs.back(), damaged_seq_);
}

TEST_F(DamagedLedger, keeps_the_damaged_file_as_it_is) {
  damage(2);
  const std::string before = read_bytes(last_);
  ASSERT_TRUE(leave_behind());
  EXPECT_EQ(read_bytes(last_), before);
}

TEST_F(DamagedLedger, is_verified_but_for_what_is_stated) {
  damage(2);
  ASSERT_TRUE(leave_behind());
  const auto found = ledger::verify(dir_.path()).value();
  EXPECT_FALSE(found.problem) << found.problem->text();
  EXPECT_FALSE(found.sound());
  ASSERT_EQ(found.breaks.size(), 1U);
  EXPECT_EQ(found.breaks[0].problem.seq, damaged_seq_);
  EXPECT_EQ(found.breaks[0].goes_on_at, next_seq_);
  EXPECT_THAT(ledger::sentence(found), HasSubstr("not verified, as line"));
}

TEST_F(DamagedLedger, counts_what_can_still_be_read_behind_the_damage) {
  damage(2);
  ASSERT_TRUE(leave_behind());
  const auto ledger = Ledger::open(options_).value();
  const auto& probe = ledger->state().probes.at("chat-walk");
  EXPECT_EQ(probe.runs_today, 8U);
  EXPECT_FALSE(probe.open_run) << "the outcome of the run whose attempt line is damaged stands";
  EXPECT_EQ(ledger::count(dir_.path()).value(), core::total(ledger->state()));
}

TEST_F(DamagedLedger, is_never_replayed_clean) {
  damage(2);
  ASSERT_TRUE(leave_behind());
  const auto replayed = ledger::replay(dir_.path(), [](const auto&) {}).value();
  EXPECT_EQ(replayed.breaks, 1U);
  EXPECT_FALSE(replayed.problem);
  EXPECT_FALSE(replayed.clean());
}

TEST_F(DamagedLedger, goes_on_wherever_the_damage_is_in_its_last_segment) {
  for (std::size_t line = 1; line <= split_lines(bytes_).size(); ++line) {
    const ScratchDir copy;
    damage(line);
    std::filesystem::copy(dir_.path(), copy.path(), std::filesystem::copy_options::recursive);
    auto options = options_;
    options.dir = copy.path();
    const auto stated = Ledger::leave_damage_behind(options);
    ASSERT_TRUE(stated) << line << ": " << stated.error().message;
    EXPECT_EQ(stated->from_seq, next_seq_ - line);
    const auto ledger = Ledger::open(options);
    ASSERT_TRUE(ledger) << line << ": " << ledger.error().message;
    ASSERT_TRUE((*ledger)->append(run_of("chat-walk", 20), at(noon)));
    const auto found = ledger::verify(copy.path()).value();
    EXPECT_FALSE(found.problem) << line << ": " << found.problem->text();
    EXPECT_EQ(found.breaks.size(), 1U) << line;
  }
}

TEST_F(DamagedLedger, rotates_and_opens_behind_a_break_as_ever) {
  damage(2);
  ASSERT_TRUE(leave_behind());
  {
    const auto ledger = Ledger::open(options_).value();
    for (std::uint32_t number = 9; number <= 20; ++number) {
      ASSERT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
    }
  }
  EXPECT_TRUE(Ledger::open(options_));
  EXPECT_FALSE(ledger::verify(dir_.path()).value().problem);
}

TEST_F(DamagedLedger, is_not_left_behind_without_damage) {
  const auto refused = leave_behind();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LedgerErrorKind::unusable);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing in the last segment is damaged"));
  damage(2);
  ASSERT_TRUE(leave_behind());
  EXPECT_FALSE(leave_behind()) << "once is enough";
}

TEST_F(DamagedLedger, is_not_left_behind_while_it_is_written) {
  const auto writer = Ledger::open(options_).value();
  damage(2);
  EXPECT_EQ(leave_behind().error().kind, LedgerErrorKind::locked);
}

TEST_F(DamagedLedger, does_not_take_a_break_of_another_place_for_its_own) {
  damage(2);
  ASSERT_TRUE(leave_behind());
  damage(4);
  const auto found = ledger::verify(dir_.path()).value();
  ASSERT_TRUE(found.problem);
  EXPECT_EQ(found.problem->seq, damaged_seq_);
}

}  // namespace
}  // namespace smokeledger::tests
