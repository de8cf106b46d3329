#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/hash.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ::testing::HasSubstr;

// Six short lines in one segment.
class SixLines : public ::testing::Test {
 protected:
  SixLines() {
    auto ledger = Ledger::open(options_in(dir_.path())).value();
    const std::vector<core::Line> lines{core::ClockStepLine{1},
                                        core::ClockStepLine{-5},
                                        core::ConfigLine{"c0ffee", {"web.listen_address"}, 0},
                                        core::PolicyLine{"p", "abc", "{\"mode\":\"walk\"}"},
                                        core::OtherLine{"forecast"}};
    EXPECT_TRUE(ledger->append(lines, at(noon)));
    ledger.reset();
    file_ = segment_files(dir_.path()).front();
    bytes_ = read_bytes(file_);
  }

  ledger::Verification verified() const { return ledger::verify(dir_.path()).value(); }
  void write(const std::vector<std::string>& lines) const {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    write_bytes(file_, text);
  }
  void flip(std::size_t bit) const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(static_cast<char>(static_cast<unsigned char>(bytes_[bit / 8]) ^ (1U << (bit % 8))));
  }
  void flip_back(std::size_t bit) const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(bytes_[bit / 8]);
  }

  ScratchDir dir_;
  std::filesystem::path file_;
  std::string bytes_;
};

TEST_F(SixLines, verify_as_they_were_written) {
  EXPECT_FALSE(verified().problem);
  EXPECT_FALSE(verified().incomplete_tail);
  EXPECT_EQ(verified().lines, 6U);
}

// Of the newline that ends the file, a flip leaves a line that looks torn: told, never passed over.
class EveryByte : public SixLines, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(EveryByte, shows_the_flip_of_one_bit) {
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    flip(byte * 8 + GetParam());
    const auto found = verified();
    const bool last_byte = byte == bytes_.size() - 1;
    ASSERT_TRUE(last_byte ? found.incomplete_tail : found.problem.has_value()) << "byte " << byte;
    ASSERT_LE(last_byte ? 0 : found.problem->offset, byte);
    flip_back(byte * 8);
  }
}

INSTANTIATE_TEST_SUITE_P(bit, EveryByte, ::testing::Range(std::size_t{0}, std::size_t{8}));

TEST_F(SixLines, are_not_appended_to_with_any_byte_damaged) {
  for (std::size_t byte = 0; byte + 1 < bytes_.size(); ++byte) {
    flip(byte * 8 + byte % 7);
    const auto opened = Ledger::open(options_in(dir_.path()));
    ASSERT_FALSE(opened) << "byte " << byte;
    ASSERT_EQ(opened.error().kind, ledger::LedgerErrorKind::corrupt);
    flip_back(byte * 8);
  }
  EXPECT_EQ(read_bytes(file_), bytes_);
}

TEST_F(SixLines, show_a_line_that_was_removed_repeated_moved_or_put_in) {
  const auto lines = split_lines(bytes_);
  const auto expect_problem_at = [&](std::uint64_t seq, std::vector<std::string> changed) {
    write(changed);
    const auto found = verified();
    ASSERT_TRUE(found.problem);
    EXPECT_EQ(found.problem->seq, seq);
    EXPECT_EQ(found.lines, seq);
  };
  auto removed = lines;
  removed.erase(removed.begin() + 2);
  expect_problem_at(2, removed);
  auto repeated = lines;
  repeated.insert(repeated.begin() + 3, lines[2]);
  expect_problem_at(3, repeated);
  auto moved = lines;
  std::swap(moved[3], moved[4]);
  expect_problem_at(3, moved);
  auto empty = lines;
  empty.insert(empty.begin() + 1, "");
  expect_problem_at(1, empty);
}

TEST_F(SixLines, show_where_the_damage_is) {
  const auto lines = split_lines(bytes_);
  auto changed = lines;
  changed[3].replace(changed[3].find("web.listen"), 3, "api");
  write(changed);
  const auto found = verified();
  ASSERT_TRUE(found.problem);
  const std::size_t offset = lines[0].size() + lines[1].size() + lines[2].size() + 3;
  EXPECT_EQ(found.problem->text(),
            file_.filename().string() + ": line 3 at byte " + std::to_string(offset) +
                ": its hash does not match its bytes");
  EXPECT_THAT(ledger::sentence(found), HasSubstr("3 lines before it verified"));
}

TEST_F(SixLines, are_refused_in_a_format_this_build_does_not_know) {
  auto lines = split_lines(bytes_);
  lines[1].replace(lines[1].find("\"v\":1"), 5, "\"v\":2");
  write(lines);
  EXPECT_THAT(verified().problem->what, HasSubstr("format version is 2, this build reads 1"));
}

// A line with a right hash whose content cannot be read is not called verified.
TEST_F(SixLines, are_not_verified_by_their_hashes_alone) {
  ledger::Hasher hasher;
  auto lines = split_lines(bytes_);
  std::string covered = lines[5].substr(0, lines[5].find(",\"hash\""));
  covered.replace(covered.find("forecast"), 8, "recovered");
  lines[5] = covered + ",\"hash\":\"" + ledger::hex(ledger::line_hash(hasher, covered)) + "\"}";
  write(lines);
  const auto found = verified();
  ASSERT_TRUE(found.problem);
  EXPECT_EQ(found.problem->seq, 5U);
  EXPECT_EQ(found.problem->what, "its member dropped_bytes is missing or wrong");
}

// No line has a number of twenty nines.
TEST_F(SixLines, under_a_name_with_an_impossible_number_are_a_renamed_segment) {
  std::filesystem::rename(file_,
                          dir_.path() / "ledger-99999999999999999999-0000000000000000.jsonl");
  ASSERT_TRUE(verified().problem);
  EXPECT_THAT(verified().problem->what, HasSubstr("it says it is line 0 where line"));
}

// What a chain alone cannot show: docs/ledger-format.md says so, and so does this test.
TEST_F(SixLines, do_not_show_a_cut_between_two_lines) {
  auto lines = split_lines(bytes_);
  lines.pop_back();
  write(lines);
  EXPECT_FALSE(verified().problem);
  EXPECT_EQ(verified().lines, 5U);
}

}  // namespace
}  // namespace smokeledger::tests
