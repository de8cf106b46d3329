#include "exporters/ledger/slice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/ledger.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::find_slice;
using ledger::Ledger;
using ledger::LedgerErrorKind;
using ledger::verify_slice;
using ::testing::HasSubstr;

// Three segments; checkpoints before the seals and one at the end.
class Slices : public ::testing::Test {
 protected:
  Slices() {
    auto options = signing_options_in(dir_.path() / "ledger");
    options.segment_bytes = 16'000;
    const auto ledger = Ledger::open(options).value();
    for (std::uint32_t number = 1; segment_files(options.dir).size() < 3; ++number) {
      EXPECT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
    }
    EXPECT_TRUE(ledger->checkpoint(at(noon)));
    EXPECT_TRUE(ledger->append(run_of("chat-walk", 99), at(noon)));
    name_ = ledger->name();
    lines_ = ledger->next_seq();
  }

  std::filesystem::path dir() const { return dir_.path() / "ledger"; }
  std::string id(std::uint64_t seq) const { return name_ + "-" + std::to_string(seq); }
  std::string text(std::uint64_t from, std::uint64_t to) const {
    const auto slice = find_slice(dir(), id(from), id(to)).value();
    std::string bytes;
    EXPECT_TRUE(read_slice(dir(), slice.value(), [&](auto piece) { bytes += piece; }));
    return bytes;
  }
  ledger::SliceVerification verified(const std::string& bytes,
                                     ledger::SignerKey key = sample_key()) const {
    write_bytes(dir_.path() / "slice", bytes);
    return verify_slice(dir_.path() / "slice", std::vector{key.verifier()}).value();
  }

  ScratchDir dir_;
  std::string name_;
  std::uint64_t lines_ = 0;
};

TEST_F(Slices, of_every_line_up_to_the_last_checkpoint_verify_without_the_ledger) {
  for (std::uint64_t from = 0; from + 4 < lines_; ++from) {
    const auto found = verified(text(from, from));
    EXPECT_FALSE(found.problem) << found.problem->text();
    EXPECT_EQ(found.ledger, name_);
    EXPECT_EQ(found.first, from);
    EXPECT_GE(found.lines, 2U);
  }
  const auto all = verified(text(0, lines_ - 4));
  EXPECT_FALSE(all.problem);
  EXPECT_EQ(all.lines, lines_ - 2) << "across segments";
  EXPECT_EQ(sentence(all),
            "slice of ledger " + name_ + ": lines 0 to " + std::to_string(lines_ - 3) +
                " verified, covered by the signed checkpoint that ends it");
}

TEST_F(Slices, wait_for_a_checkpoint) {
  EXPECT_FALSE(find_slice(dir(), id(0), id(lines_ - 1)).value());
  EXPECT_FALSE(find_slice(dir(), id(lines_ - 3), id(lines_ - 3)).value())
      << "that line is a checkpoint: one behind it would cover it";
}

TEST_F(Slices, begin_and_end_with_lines_of_this_ledger) {
  const std::tuple<std::string, std::string, const char*> cases[] = {
      {"17", "17", "'17' is not a ledger id; one looks like staging-0a1b2c3d-17"},
      {name_ + "-", name_ + "-", "is not a ledger id"},
      {name_ + "-01", name_ + "-01", "is not a ledger id"},
      {id(lines_), id(lines_), "there is no line "},
      {id(0), id(999), "there is no line "},
      {"staging-00000000-3", "staging-00000000-3", "not staging-00000000-3"},
      {id(3), id(2), "stands before"},
  };
  for (const auto& [from, to, expected] : cases) {
    const auto slice = find_slice(dir(), from, to);
    ASSERT_FALSE(slice) << from;
    EXPECT_EQ(slice.error().kind, LedgerErrorKind::unusable);
    EXPECT_THAT(slice.error().message, HasSubstr(expected));
  }
}

TEST_F(Slices, show_any_change_of_one_bit_and_any_cut) {
  const std::string good = text(3, 3);
  ASSERT_FALSE(verified(good).problem);
  for (std::size_t byte = 0; byte < good.size(); ++byte) {
    std::string flipped = good;
    flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << (byte % 8)));
    ASSERT_TRUE(verified(flipped).problem) << "byte " << byte;
  }
  for (std::size_t length = 1; length < good.size(); ++length) {
    ASSERT_TRUE(verified(good.substr(0, length)).problem) << "length " << length;
  }
}

TEST_F(Slices, show_lines_that_were_removed_repeated_swapped_or_not_signed) {
  const auto lines = split_lines(text(2, 5));
  const auto problem = [&](const std::vector<std::string>& changed) {
    std::string bytes;
    for (const auto& line : changed) bytes += line + "\n";
    const auto found = verified(bytes);
    return found.problem ? found.problem->what : "";
  };
  ASSERT_EQ(problem(lines), "");
  auto changed = lines;
  changed.erase(changed.begin() + 1);
  EXPECT_EQ(problem(changed), "it says it is line 4 where line 3 is next");
  changed = lines;
  changed.insert(changed.begin(), lines[0]);
  EXPECT_EQ(problem(changed), "it says it is line 2 where line 3 is next");
  changed = lines;
  std::swap(changed[1], changed[2]);
  EXPECT_EQ(problem(changed), "it says it is line 4 where line 3 is next");
  changed = lines;
  changed.pop_back();
  EXPECT_EQ(problem(changed),
            "the slice does not end with a checkpoint, so nothing in it is signed");
  EXPECT_THAT(verified(text(2, 5), sample_key(8)).problem->what,
              HasSubstr("of the checkpoint that ends the slice: it is not signed by a key"));
}

// Who has no key can make a chain of their own, but not sign it.
TEST_F(Slices, of_a_chain_that_was_made_anew_are_not_signed) {
  ledger::Hasher hasher;
  std::string bytes;
  ledger::Hash prev{};
  std::uint64_t seq = 5;
  for (const core::Line& line :
       {core::Line(core::ClockStepLine{1}),
        core::Line(core::CheckpointLine{"smokeledger-chain-v1/" + name_ + "\n6\n" +
                                        std::string(43, 'A') + "=\n\n" +
                                        sample_note().substr(sample_note().find("\xE2"))})}) {
    const auto encoded = encode(hasher, {seq++, prev, name_, at(noon)}, line).value();
    bytes += encoded.bytes;
    prev = encoded.hash;
  }
  EXPECT_EQ(verified(bytes).problem->what, "its checkpoint is not of the lines before it");
}

TEST_F(Slices, that_are_no_file_or_hold_no_line_are_unusable) {
  const auto key = std::vector{sample_key().verifier()};
  for (const char* name : {"missing", "empty"}) {
    write_bytes(dir_.path() / "empty", "");
    const auto found = verify_slice(dir_.path() / name, key);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, LedgerErrorKind::unusable);
  }
  EXPECT_FALSE(verify_slice(dir_.path(), key));
  EXPECT_TRUE(verified("\n").problem);
  EXPECT_TRUE(verified(std::string(1'000'000, 'x')).problem);
}

}  // namespace
}  // namespace smokeledger::tests
