// Twenty lines with checkpoints in them, spoiled in every way that one hand can: found, or cleanly
// recovered; and with an anchor of the last line nothing is lost without being told.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/anchors.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::AnchorState;
using ledger::Ledger;

class TwentyLines : public ::testing::Test {
 protected:
  TwentyLines() {
    const auto ledger = Ledger::open(signing_options_in(dir())).value();
    while (ledger->next_seq() < 20) {
      const core::Line line = core::ClockStepLine{static_cast<std::int64_t>(ledger->next_seq())};
      EXPECT_TRUE(ledger->append({&line, 1}, at(noon)));
      if (ledger->next_seq() % 7 != 0) continue;
      EXPECT_TRUE(ledger->checkpoint(at(noon)));
    }
    anchor_ = {ledger->next_seq(), ledger->head(), 64, ledger->name(), "elsewhere"};
    file_ = segment_files(dir()).front();
    bytes_ = read_bytes(file_);
  }

  const std::filesystem::path& dir() const { return dir_.path(); }
  // What `ledger verify --key --checkpoint` would say.
  ledger::Verification verify() {
    ledger::AnchorCheck check({anchor_});
    const auto found = ledger::verify(dir(), {.keys = keys_, .anchors = &check}).value();
    state_ = std::move(check).report(found.ledger, found.problem.has_value()).anchors.at(0).state;
    return found;
  }
  // Damage, a tail, or the anchor: something is told.
  bool told() {
    const auto found = verify();
    return found.problem || found.incomplete_tail || state_ != AnchorState::matches;
  }
  void put(std::size_t byte, char value) const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(byte));
    file.put(value);
  }
  void write(const std::vector<std::string>& lines) const {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    write_bytes(file_, text);
  }

  ScratchDir dir_;
  std::vector<ledger::VerifierKey> keys_{sample_key().verifier()};
  ledger::Anchor anchor_;
  AnchorState state_{};
  std::filesystem::path file_;
  std::string bytes_;
};

TEST_F(TwentyLines, are_sound_as_they_were_written) {
  EXPECT_FALSE(told());
  EXPECT_EQ(verify().lines, 20U);
  EXPECT_EQ(verify().checkpoints, 2U);
}

class EveryBitOfTwentyLines : public TwentyLines,
                              public ::testing::WithParamInterface<std::size_t> {};

TEST_P(EveryBitOfTwentyLines, is_told_when_it_flips_and_nothing_is_appended) {
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    put(byte, static_cast<char>(static_cast<unsigned char>(bytes_[byte]) ^ (1U << GetParam())));
    const auto found = verify();
    const bool last_byte = byte + 1 == bytes_.size();
    ASSERT_TRUE(last_byte ? found.incomplete_tail : found.problem.has_value()) << "byte " << byte;
    if (!last_byte && byte % 37 == GetParam()) {
      const auto opened = Ledger::open(signing_options_in(dir()));
      ASSERT_FALSE(opened) << "byte " << byte;
      ASSERT_EQ(opened.error().kind, ledger::LedgerErrorKind::corrupt);
    }
    put(byte, bytes_[byte]);
  }
  EXPECT_FALSE(told());
}

INSTANTIATE_TEST_SUITE_P(bit,
                         EveryBitOfTwentyLines,
                         ::testing::Range(std::size_t{0}, std::size_t{8}));

TEST_F(TwentyLines, cut_at_any_length_are_refused_or_recovered_and_always_told) {
  const std::size_t first_line = bytes_.find('\n') + 1;
  for (std::size_t length = 0; length < bytes_.size(); ++length) {
    write_bytes(file_, std::string_view(bytes_).substr(0, length));
    ASSERT_TRUE(told()) << "length " << length;
    ASSERT_EQ(state_, length < first_line ? AnchorState::not_checkable : AnchorState::behind)
        << "length " << length;
    const bool at_a_line = length > 0 && bytes_[length - 1] == '\n';
    if (length % 11 != 0 && !at_a_line) continue;  // opening syncs
    auto opened = Ledger::open(signing_options_in(dir()));
    ASSERT_EQ(opened.has_value(), length >= first_line) << "length " << length;
    if (!opened) continue;
    ASSERT_EQ((*opened)->recovered().has_value(), !at_a_line) << "length " << length;
    opened->reset();
    ASSERT_FALSE(verify().problem) << "length " << length;
    const auto kept = bytes_.substr(0, bytes_.rfind('\n', length - 1) + 1);
    ASSERT_TRUE(read_bytes(file_).starts_with(kept)) << "length " << length;
    std::filesystem::remove_all(dir() / "quarantine");
  }
}

TEST_F(TwentyLines, with_lines_removed_swapped_or_repeated_at_any_place_are_told) {
  const auto lines = split_lines(bytes_);
  for (std::size_t one = 0; one < lines.size(); ++one) {
    auto removed = lines;
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(one));
    write(removed);
    ASSERT_TRUE(told()) << "without line " << one;
    for (std::size_t two = 0; two < lines.size(); ++two) {
      auto repeated = lines;
      repeated.insert(repeated.begin() + static_cast<std::ptrdiff_t>(two), lines[one]);
      write(repeated);
      ASSERT_TRUE(told()) << "line " << one << " again before line " << two;
      auto swapped = lines;
      std::swap(swapped[one], swapped[two]);
      write(swapped);
      ASSERT_EQ(told(), one != two) << "lines " << one << " and " << two;
    }
  }
}

TEST_F(TwentyLines, written_anew_with_our_own_key_after_any_line_are_a_fork) {
  const auto lines = split_lines(bytes_);
  for (std::size_t kept = 1; kept < lines.size(); ++kept) {
    write({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(kept)});
    auto ledger = Ledger::open(signing_options_in(dir())).value();
    while (ledger->next_seq() < 25) {
      const core::Line line = core::ClockStepLine{-1};
      ASSERT_TRUE(ledger->append({&line, 1}, at(noon)));
    }
    ASSERT_TRUE(ledger->checkpoint(at(noon)));
    ledger.reset();
    EXPECT_FALSE(verify().problem) << "who has the key can sign";
    EXPECT_EQ(state_, AnchorState::fork) << "but not what an anchor saw";
  }
}

// Segments: removed, swapped, repeated under another name.
TEST(Segments, that_are_removed_swapped_or_repeated_are_told) {
  const ScratchDir dir;
  auto options = signing_options_in(dir.path());
  options.segment_bytes = 8'000;
  ledger::Anchor anchor;
  {
    const auto ledger = Ledger::open(options).value();
    while (segment_files(dir.path()).size() < 4) {
      const core::Line line = core::ClockStepLine{1};
      ASSERT_TRUE(ledger->append({&line, 1}, at(noon)));
    }
    anchor = {ledger->next_seq(), ledger->head(), 64, ledger->name(), "elsewhere"};
  }
  const std::vector keys{sample_key().verifier()};
  const auto told = [&] {
    ledger::AnchorCheck check({anchor});
    const auto found = ledger::verify(dir.path(), {.keys = keys, .anchors = &check}).value();
    const auto report = std::move(check).report(found.ledger, found.problem.has_value());
    return found.problem || report.anchors.at(0).state == AnchorState::behind;
  };
  EXPECT_FALSE(told());
  const auto files = segment_files(dir.path());
  for (const auto& one : files) {
    const auto away = dir.path() / "away";
    std::filesystem::rename(one, away);
    EXPECT_TRUE(told()) << "without " << one;
    std::filesystem::rename(away, one);
    for (const auto& two : files) {
      if (one == two) continue;
      const auto first = read_bytes(one);
      const auto second = read_bytes(two);
      write_bytes(one, second);
      EXPECT_TRUE(told()) << two << " in place of " << one;
      write_bytes(two, first);
      EXPECT_TRUE(told()) << one << " and " << two << " swapped";
      write_bytes(one, first);
      write_bytes(two, second);
    }
    ledger::Hash prev{};
    const auto again = dir.path() / ledger::segment_name(anchor.length, prev);
    std::filesystem::copy_file(one, again);
    EXPECT_TRUE(told()) << one << " again at the end";
    std::filesystem::remove(again);
  }
  EXPECT_FALSE(told());
}

}  // namespace
}  // namespace smokeledger::tests
