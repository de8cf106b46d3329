#include "exporters/ledger/recovery.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/hash.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerErrorKind;
using ::testing::HasSubstr;

// A short ledger: open, attempt, config, clock_step. Its one file and bytes.
struct Short {
  ScratchDir dir;
  std::filesystem::path file;
  std::string bytes;
  std::vector<std::size_t> ends;  // offset behind each line

  Short() {
    auto ledger = Ledger::open(options_in(dir.path())).value();
    const std::vector<core::Line> lines{
        attempt_of("chat-walk", 1), core::ConfigLine{"c0ffee", {}, 0}, core::ClockStepLine{5}};
    EXPECT_TRUE(ledger->append(lines, at(noon)));
    ledger.reset();
    file = segment_files(dir.path()).front();
    bytes = read_bytes(file);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n') ends.push_back(i + 1);
    }
  }

  ledger::Result<std::unique_ptr<Ledger>> open() const {
    return Ledger::open(options_in(dir.path()));
  }
  // Back to as it was, without what a recovery left.
  void reset(std::string_view content) const {
    write_bytes(file, content);
    std::filesystem::remove_all(dir.path() / "quarantine");
  }
  std::size_t last_end_before(std::size_t length) const {
    std::size_t last = 0;
    for (const std::size_t end : ends) {
      if (end <= length) last = end;
    }
    return last;
  }
  void expect_set_aside(const std::unique_ptr<Ledger>& ledger,
                        std::string_view tail,
                        std::size_t offset) const {
    ASSERT_TRUE(ledger->recovered());
    const core::RecoveredLine& told = *ledger->recovered();
    ledger::Hasher hasher;
    EXPECT_EQ(told.dropped_bytes, tail.size());
    EXPECT_EQ(told.dropped_sha256, ledger::hex(hasher({tail})));
    EXPECT_EQ(told.quarantine,
              file.filename().string() + "." + std::to_string(offset) + "." +
                  told.dropped_sha256.substr(0, 8));
    EXPECT_EQ(read_bytes(dir.path() / "quarantine" / told.quarantine), tail);
    const auto now = read_bytes(file);
    EXPECT_EQ(now.substr(0, offset), bytes.substr(0, offset)) << "what stood before is untouched";
    EXPECT_EQ(split_lines(now.substr(offset)).size(), 1U);
    EXPECT_THAT(now.substr(offset), HasSubstr(R"("kind":"recovered")"));
    EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
  }
};

TEST(Recovery, of_every_length_a_short_ledger_can_be_cut_to) {
  const Short ledger;
  for (std::size_t length = 0; length <= ledger.bytes.size(); ++length) {
    SCOPED_TRACE("cut to " + std::to_string(length) + " bytes");
    ledger.reset(ledger.bytes.substr(0, length));
    const auto opened = ledger.open();
    const std::size_t end = ledger.last_end_before(length);
    if (end == 0) {
      ASSERT_FALSE(opened) << "a segment gets its name only with its first lines in it";
      EXPECT_EQ(opened.error().kind, LedgerErrorKind::corrupt);
      EXPECT_EQ(read_bytes(ledger.file).size(), length);
      continue;
    }
    ASSERT_TRUE(opened) << opened.error().message;
    if (end == length) {
      EXPECT_FALSE((*opened)->recovered());
      EXPECT_EQ(read_bytes(ledger.file).size(), length);
    } else {
      ledger.expect_set_aside(*opened, ledger.bytes.substr(end, length - end), end);
    }
  }
}

TEST(Recovery, takes_nul_bytes_of_any_number_for_a_torn_tail) {
  const Short ledger;
  for (const std::size_t count : {1U, 4'096U, 100'000U, 700'000U}) {
    for (const char* torn : {"", R"({"v":1,"seq":4)"}) {
      const std::string tail = torn + std::string(count, '\0');
      ledger.reset(ledger.bytes + tail);
      EXPECT_TRUE(ledger::verify(ledger.dir.path()).value().incomplete_tail);
      const auto opened = ledger.open();
      ASSERT_TRUE(opened) << opened.error().message;
      ledger.expect_set_aside(*opened, tail, ledger.bytes.size());
    }
  }
}

TEST(Recovery, refuses_whatever_else_stands_behind_the_last_valid_line) {
  const Short ledger;
  const auto& bytes = ledger.bytes;
  const std::string last = bytes.substr(ledger.ends[2]);
  const std::string nul(5'000, '\0');
  const std::pair<const char*, std::string> tails[] = {
      {"a line that is not JSON", "garbage\n"},
      {"an empty line", "\n"},
      {"the last line twice", last},
      {"more bytes than a line may have", std::string(ledger::max_line_bytes + 1, 'x')},
      {"bytes behind NUL bytes, too many", nul + std::string(ledger::max_line_bytes, 'x')},
      {"a damaged line with a valid one behind it", "x\n" + last},
  };
  for (const auto& [what, tail] : tails) {
    SCOPED_TRACE(what);
    ledger.reset(bytes + tail);
    const auto opened = ledger.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, LedgerErrorKind::corrupt);
    EXPECT_THAT(opened.error().message,
                HasSubstr("line 4 at byte " + std::to_string(bytes.size())));
    EXPECT_THAT(opened.error().message, HasSubstr("nothing was appended"));
    EXPECT_EQ(read_bytes(ledger.file), bytes + tail);
    EXPECT_FALSE(std::filesystem::exists(ledger.dir.path() / "quarantine"));
  }
}

TEST(Recovery, tells_of_a_tail_that_an_ended_recovery_had_set_aside) {
  const Short ledger;
  const auto segment = ledger::segment_from(ledger.file).value();
  const std::string tail = R"({"v":1,"seq":4,"pr)";
  // Ended behind the cut, before the line.
  ledger.reset(ledger.bytes + tail);
  ASSERT_TRUE(ledger::set_tail_aside(segment, ledger.bytes.size()));
  EXPECT_EQ(read_bytes(ledger.file), ledger.bytes);
  auto opened = ledger.open();
  ASSERT_TRUE(opened) << opened.error().message;
  ledger.expect_set_aside(*opened, tail, ledger.bytes.size());
  // Told once is enough.
  opened->reset();
  opened = ledger.open();
  ASSERT_TRUE(opened);
  EXPECT_FALSE((*opened)->recovered());
}

TEST(Recovery, is_done_again_when_it_ended_inside_the_copy) {
  const Short ledger;
  const std::string tail = R"({"v":1,"seq":4,"pr)";
  ledger.reset(ledger.bytes + tail);
  ledger::Hasher hasher;
  const auto name = ledger.file.filename().string() + "." + std::to_string(ledger.bytes.size()) +
                    "." + ledger::hex(hasher({tail})).substr(0, 8);
  std::filesystem::create_directory(ledger.dir.path() / "quarantine");
  write_bytes(ledger.dir.path() / "quarantine" / name, tail.substr(0, 3));
  const auto opened = ledger.open();
  ASSERT_TRUE(opened) << opened.error().message;
  ledger.expect_set_aside(*opened, tail, ledger.bytes.size());
}

TEST(Recovery, passes_over_a_copy_that_was_never_completed) {
  const Short ledger;
  std::filesystem::create_directory(ledger.dir.path() / "quarantine");
  write_bytes(
      ledger.dir.path() / "quarantine" / (ledger.file.filename().string() + ".9999.0123abcd"),
      "half");
  const auto opened = ledger.open();
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_FALSE((*opened)->recovered());
}

TEST(Recovery, leaves_a_ledger_that_runs_on) {
  const Short ledger;
  ledger.reset(ledger.bytes.substr(0, ledger.bytes.size() - 10));
  for (int round = 0; round < 3; ++round) {
    auto opened = ledger.open();
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_TRUE((*opened)->append(run_of("chat-walk", 2), at(noon)));
    opened->reset();
    const auto bytes = read_bytes(ledger.file);
    write_bytes(ledger.file, bytes + "{\"v\":1");
  }
  const auto opened = ledger.open();
  ASSERT_TRUE(opened) << opened.error().message;
  const auto verified = ledger::verify(ledger.dir.path()).value();
  EXPECT_FALSE(verified.problem);
  EXPECT_EQ(verified.lines, 13U) << "3 kept, 4 recovered, 3 runs of two lines";
}

// That the disk is read and not the page cache takes a disk that loses what it is given:
// tests/integration/lost_write_back.py.
TEST(Recovery, changes_nothing_by_forgetting_what_was_not_synced) {
  const Short lines;
  const auto segment = ledger::segment_from(lines.file).value();
  for (const std::size_t size : {std::size_t{0}, lines.bytes.size(), lines.bytes.size() - 1}) {
    lines.reset(lines.bytes.substr(0, size));
    ASSERT_TRUE(ledger::forget_unsynced_end(segment));
    EXPECT_EQ(read_bytes(lines.file), lines.bytes.substr(0, size));
  }
  std::filesystem::remove(lines.file);
  EXPECT_THAT(ledger::forget_unsynced_end(segment).error().message,
              HasSubstr(lines.file.filename().string()));
}

}  // namespace
}  // namespace smokeledger::tests
