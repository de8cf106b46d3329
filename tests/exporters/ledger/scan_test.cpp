#include "exporters/ledger/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/frame.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Block;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AScan : public ::testing::Test {
 protected:
  void write(const std::string& bytes) {
    bytes_ = bytes;
    write_bytes(dir_.path() / "file", bytes);
  }
  // The lines of these blocks, each checked to stand where it is said to.
  std::vector<std::string> lines(const std::vector<Block>& blocks,
                                 const std::vector<std::string>& needles) const {
    std::vector<std::string> found;
    const ledger::Segment segment{dir_.path() / "file", "file", 0, ""};
    for (const Block& block : blocks) {
      const auto take = [&](std::uint64_t offset, std::string_view line) {
        EXPECT_EQ(bytes_.substr(offset, line.size() + 1), std::string(line) + "\n");
        found.emplace_back(line);
      };
      EXPECT_TRUE(ledger::scan(segment, block, needles, take));
    }
    return found;
  }

  ScratchDir dir_;
  std::string bytes_;
};

TEST_F(AScan, finds_each_line_once_wherever_its_blocks_begin) {
  write("ab\n\nxab\nb\nab ab\nno\nabx\n");
  for (std::uint64_t one = 0; one <= bytes_.size(); ++one) {
    for (std::uint64_t two = one; two <= bytes_.size(); ++two) {
      const std::vector<Block> blocks{{0, 0, one}, {0, one, two}, {0, two, bytes_.size()}};
      EXPECT_THAT(lines(blocks, {"ab"}), ElementsAre("ab", "xab", "ab ab", "abx"))
          << one << ' ' << two;
    }
  }
}

TEST_F(AScan, finds_lines_that_hold_every_needle_in_any_order) {
  write("one two\ntwo one\none\ntwo\nonetwo\n");
  EXPECT_THAT(lines(ledger::blocks_of(0, bytes_.size()), {"one", "two"}),
              ElementsAre("one two", "two one", "onetwo"));
}

TEST_F(AScan, passes_over_what_is_not_a_line) {
  write("tail");
  EXPECT_THAT(lines(ledger::blocks_of(0, bytes_.size()), {"tail"}), IsEmpty());
  const std::string longest(ledger::max_line_bytes - 1, '.');
  write("a" + longest + "\n" + "a." + longest + "\na\na");
  EXPECT_THAT(lines(ledger::blocks_of(0, bytes_.size()), {"a"}), ElementsAre("a" + longest, "a"));
  write("");
  EXPECT_THAT(ledger::blocks_of(0, 0), IsEmpty());
}

TEST_F(AScan, reads_files_of_several_blocks) {
  std::string bytes;
  for (int i = 0; bytes.size() < 3 * ledger::block_bytes; ++i) bytes += std::to_string(i) + "\n";
  write(bytes);
  const auto blocks = ledger::blocks_of(0, bytes.size());
  EXPECT_EQ(blocks.size(), 4U);
  std::string found;
  for (const auto& line : lines(blocks, {""})) found += line + "\n";
  EXPECT_EQ(found, bytes);
}

}  // namespace
}  // namespace smokeledger::tests
