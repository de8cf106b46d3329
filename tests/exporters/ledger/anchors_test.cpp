#include "exporters/ledger/anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/signed_note.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Anchor;
using ledger::AnchorState;
using ledger::Checkpoint;
using ledger::Ledger;
using ledger::read_note_anchor;
using ledger::read_prometheus_anchors;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A ledger of ten lines and what a checkpoint after each would have said.
class TenLines : public ::testing::Test {
 protected:
  TenLines() {
    const auto ledger = Ledger::open(signing_options_in(dir_.path() / "ledger")).value();
    name_ = ledger->name();
    for (std::int64_t step = 1; step < 10; ++step) {
      said_.push_back({ledger->next_seq(), ledger->head(), name_});
      const core::Line line = core::ClockStepLine{step};
      EXPECT_TRUE(ledger->append({&line, 1}, at(noon)));
    }
    said_.push_back({ledger->next_seq(), ledger->head(), name_});
  }

  Anchor anchor(std::uint64_t length) const {
    const auto& said = said_.at(length - 1);
    return {said.length, said.head, 64, said.ledger, "somewhere"};
  }
  static Anchor of_another_line(Anchor anchor) {
    anchor.head[0] ^= 1;
    return anchor;
  }
  // As the anchors stand, by length.
  std::vector<AnchorState> states(std::vector<Anchor> anchors) {
    ledger::AnchorCheck check(std::move(anchors));
    const auto found = ledger::verify(dir_.path() / "ledger", {.anchors = &check}).value();
    report_ = std::move(check).report(found.ledger, found.problem.has_value());
    std::vector<AnchorState> states;
    for (const auto& checked : report_.anchors) states.push_back(checked.state);
    return states;
  }
  void cut_to(std::size_t lines) const {
    const auto file = segment_files(dir_.path() / "ledger").front();
    std::string bytes;
    for (const auto& line : split_lines(read_bytes(file))) {
      if (lines-- > 0) bytes += line + "\n";
      if (lines == 0) break;
    }
    write_bytes(file, bytes);
  }
  std::string file(const std::string& bytes) const {
    write_bytes(dir_.path() / "file", bytes);
    return dir_.path() / "file";
  }

  ScratchDir dir_;
  std::string name_;
  std::vector<Checkpoint> said_;
  ledger::AnchorReport report_;
};

TEST_F(TenLines, match_every_anchor_that_was_taken_of_them) {
  std::vector<Anchor> anchors;
  for (std::uint64_t length = 10; length > 0; --length) anchors.push_back(anchor(length));
  EXPECT_THAT(states(anchors), ::testing::Each(AnchorState::matches));
  EXPECT_EQ(report_.anchored, 10U);
  EXPECT_THAT(states({anchor(4), anchor(2)}),
              ElementsAre(AnchorState::matches, AnchorState::matches));
  EXPECT_EQ(report_.anchored, 4U) << "the six lines behind it are not anchored";
}

TEST_F(TenLines, cut_anywhere_before_an_anchor_are_behind_it) {
  for (std::size_t length = 9; length > 0; --length) {
    cut_to(length);
    EXPECT_THAT(states({anchor(length), anchor(length + 1)}),
                ElementsAre(AnchorState::matches, AnchorState::behind));
    EXPECT_EQ(report_.anchored, length);
  }
}

TEST_F(TenLines, are_a_fork_of_what_had_another_line_at_any_place) {
  for (std::uint64_t length = 1; length <= 10; ++length) {
    EXPECT_THAT(states({of_another_line(anchor(length))}), ElementsAre(AnchorState::fork));
    EXPECT_EQ(report_.anchored, 0U);
  }
  EXPECT_THAT(states({anchor(3), of_another_line(anchor(3))}),
              ElementsAre(AnchorState::matches, AnchorState::fork))
      << "two heads of one length: one of them was shown to somebody";
}

TEST_F(TenLines, written_anew_from_any_line_on_are_a_fork) {
  const auto file = segment_files(dir_.path() / "ledger").front();
  const auto original = read_bytes(file);
  for (std::size_t kept = 1; kept < 10; ++kept) {
    write_bytes(file, original);
    cut_to(kept);
    const auto ledger = Ledger::open(options_in(dir_.path() / "ledger")).value();
    for (std::size_t line = kept; line < 12; ++line) {
      const core::Line other = core::ClockStepLine{100};
      ASSERT_TRUE(ledger->append({&other, 1}, at(noon)));
    }
    EXPECT_THAT(states({anchor(kept), anchor(10)}),
                ElementsAre(AnchorState::matches, AnchorState::fork));
  }
}

TEST_F(TenLines, say_nothing_of_anchors_of_other_ledgers_or_behind_damage) {
  Anchor other = anchor(5);
  other.ledger = "other-0a1b2c3d";
  EXPECT_THAT(states({other}), ElementsAre(AnchorState::other_ledger));
  EXPECT_EQ(report_.anchored, 0U);
  const auto file = segment_files(dir_.path() / "ledger").front();
  auto lines = split_lines(read_bytes(file));
  lines.erase(lines.begin() + 6);
  std::string bytes;
  for (const auto& line : lines) bytes += line + "\n";
  write_bytes(file, bytes);
  EXPECT_THAT(
      states({anchor(6), anchor(7), anchor(9)}),
      ElementsAre(AnchorState::matches, AnchorState::not_checkable, AnchorState::not_checkable));
}

// What retention leaves: the first line that is there tells of the one before it, and of no other.
TEST(Anchors, before_the_first_line_that_is_left_are_not_checkable) {
  ledger::Hash before{};
  before.fill(0xAA);
  ledger::Hash first{};
  first.fill(0xBB);
  const auto anchored = [&](std::uint64_t length, unsigned char fill) {
    Anchor anchor{length, {}, 64, "l", "somewhere"};
    anchor.head.fill(fill);
    ledger::AnchorCheck check({anchor});
    check.see(7, before);
    check.see(8, first);
    return std::move(check).report("l", false).anchors.at(0).state;
  };
  EXPECT_EQ(anchored(6, 0xAA), AnchorState::not_checkable);
  EXPECT_EQ(anchored(7, 0xAA), AnchorState::matches);
  EXPECT_EQ(anchored(7, 0xAB), AnchorState::fork);
  EXPECT_EQ(anchored(8, 0xBB), AnchorState::matches);
  EXPECT_EQ(anchored(8, 0xAA), AnchorState::fork);
  EXPECT_EQ(anchored(9, 0xBB), AnchorState::behind);
}

TEST_F(TenLines, are_held_against_a_note_in_a_file_and_its_signature_where_a_key_is_given) {
  const std::string note = sign_note(sample_key(), checkpoint_text(said_[7]));
  const auto unsigned_read = read_note_anchor(file(note), {});
  ASSERT_TRUE(unsigned_read) << unsigned_read.error().message;
  EXPECT_THAT(states({*unsigned_read}), ElementsAre(AnchorState::matches));
  EXPECT_EQ(report_.anchored, 8U);
  EXPECT_TRUE(read_note_anchor(file(note), std::vector{sample_key().verifier()}));
  const auto other = read_note_anchor(file(note), std::vector{sample_key(8).verifier()});
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("not signed by a key that was given"));
  EXPECT_THAT(read_note_anchor(file("{}"), {}).error().message,
              HasSubstr("file: not the signed note of a checkpoint"));
  EXPECT_THAT(read_note_anchor(file(sign_note(sample_key(), "text\n")), {}).error().message,
              HasSubstr("file: not a checkpoint: its first line"));
  EXPECT_FALSE(read_note_anchor(file(std::string(100'000, 'x')), {}));
  EXPECT_FALSE(read_note_anchor("missing", {}));
}

TEST(HeadNumbers, are_the_first_104_bits) {
  ledger::Hash hash{};
  hash.fill(0xFF);
  EXPECT_EQ(ledger::head_numbers(hash),
            (ledger::HeadNumbers{(1ULL << 52U) - 1, (1ULL << 52U) - 1}));
  hash = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB};
  EXPECT_EQ(ledger::head_numbers(hash), (ledger::HeadNumbers{0x0123456789ABC, 0xDEF0123456789}));
}

// One series of Prometheus' answer; `values`: `[time,"value"],...`
std::string series(const std::string& name, const std::string& ledger, const std::string& values) {
  return R"({"metric":{"__name__":"smokeledger_ledger_checkpoint_)" + name +
         R"(","instance":"staging:9465","ledger":")" + ledger + R"("},"values":[)" + values + "]}";
}
// Every 15 seconds one of these.
std::string points(const std::vector<std::uint64_t>& values) {
  std::string text;
  std::uint64_t seconds = 1764000000;
  for (const auto value : values) {
    text += text.empty() ? "[" : ",[";
    text += std::to_string(seconds) + ".781,\"" + std::to_string(value) + "\"]";
    seconds += 15;
  }
  return text;
}
std::string answer(const std::vector<std::string>& results) {
  std::string text;
  for (const auto& result : results) text += (text.empty() ? "" : ",") + result;
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + text + "]}}";
}

TEST_F(TenLines, are_held_against_the_three_gauges_in_an_answer_of_prometheus) {
  std::vector<std::uint64_t> lines;
  std::vector<std::uint64_t> high;
  std::vector<std::uint64_t> low;
  for (const std::size_t length : {2U, 2U, 5U, 9U}) {
    const auto numbers = ledger::head_numbers(said_[length - 1].head);
    lines.push_back(length);
    high.push_back(numbers.high);
    low.push_back(numbers.low);
  }
  const auto read = read_prometheus_anchors(
      file(answer({series("head_low", name_, points(low)),
                   series("lines", name_, points(lines)),
                   series("head_high", name_, points(high)),
                   R"({"metric":{"__name__":"up"},"values":[[1,"NaN"]]})"})));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->size(), 3U) << "each length and head once";
  EXPECT_THAT(read->front().source, HasSubstr("file, 2025-11-24T16:00:00Z"));
  EXPECT_THAT(states(*read), ::testing::Each(AnchorState::matches));
  EXPECT_EQ(report_.anchored, 9U);
  cut_to(8);
  EXPECT_THAT(states(*read),
              ElementsAre(AnchorState::matches, AnchorState::matches, AnchorState::behind));
  auto forked = *read;
  forked[1].head[12] ^= 1;
  EXPECT_THAT(states(forked),
              ElementsAre(AnchorState::matches, AnchorState::fork, AnchorState::behind))
      << "the last of 104 bits";
  forked[1].head[12] ^= 1;
  forked[1].head[13] ^= 1;
  EXPECT_THAT(states(forked)[1], AnchorState::matches) << "what the gauges do not hold";
}

TEST_F(TenLines, are_held_against_an_instant_query_too) {
  const auto numbers = ledger::head_numbers(said_[3].head);
  const auto one = [&](const std::string& name, std::uint64_t value) {
    return R"({"metric":{"__name__":"smokeledger_ledger_checkpoint_)" + name + R"(","ledger":")" +
           name_ + R"("},"value":[1764000000,")" + std::to_string(value) + "\"]}";
  };
  const auto read = read_prometheus_anchors(file(
      answer({one("lines", 4), one("head_high", numbers.high), one("head_low", numbers.low)})));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(states(*read), ElementsAre(AnchorState::matches));
}

TEST_F(TenLines, are_not_held_against_what_is_no_answer_or_not_complete) {
  const std::string point = "[1764000000,\"4\"]";
  const auto all = [&](const std::string& lines, const std::string& high, const std::string& low) {
    return answer({series("lines", name_, lines),
                   series("head_high", name_, high),
                   series("head_low", name_, low)});
  };
  ASSERT_TRUE(read_prometheus_anchors(file(all(point, point, point))));
  const std::pair<std::string, const char*> cases[] = {
      {"", "not Prometheus' answer"},
      {"[]", "not Prometheus' answer"},
      {R"({"status":"error","errorType":"bad_data","error":"x"})", "not Prometheus' answer"},
      {answer({}), "no time at which all three"},
      {answer({series("lines", name_, point)}), "no time at which all three"},
      {all(point, point, "[1764000001,\"4\"]"), "no time at which all three"},
      {all("[1764000000,\"0\"]", point, point), "no time at which all three"},
      {all(point, point, "[1764000000,\"4503599627370496\"]"), "no time at which all three"},
      {all(point, point, "[1764000000,\"NaN\"]"), "_head_low is not a time and a whole number"},
      {all(point, point, "[1764000000,\"-1\"]"), "_head_low is not a time and a whole number"},
      {all(point, point, "[1764000000,\"0.5\"]"), "_head_low is not a time and a whole number"},
      {all(point, point, "[1764000000,4]"), "_head_low is not a time and a whole number"},
      {all(point, point, "[1764000000]"), "_head_low is not a time and a whole number"},
      {all(point, point, "[1e300,\"4\"]"), "_head_low is not a time and a whole number"},
  };
  for (const auto& [bytes, expected] : cases) {
    const auto read = read_prometheus_anchors(file(bytes));
    ASSERT_FALSE(read) << bytes;
    EXPECT_EQ(read.error().kind, ledger::LedgerErrorKind::unusable);
    EXPECT_THAT(read.error().message, HasSubstr(expected)) << bytes;
  }
  EXPECT_FALSE(read_prometheus_anchors("missing"));
}

TEST(Verify, with_a_key_wants_every_checkpoint_signed_by_it) {
  const ScratchDir dir;
  {
    const auto ledger = Ledger::open(signing_options_in(dir.path())).value();
    ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
    ASSERT_TRUE(ledger->checkpoint(at(noon)));
    ASSERT_TRUE(ledger->append(run_of("chat-walk", 2), at(noon)));
  }
  const std::vector keys{sample_key().verifier()};
  const auto good = ledger::verify(dir.path(), {.keys = keys}).value();
  EXPECT_FALSE(good.problem);
  EXPECT_EQ(good.checkpoints, 1U);
  EXPECT_EQ(good.covered, 3U);
  const std::vector others{sample_key(8).verifier()};
  const auto other = ledger::verify(dir.path(), {.keys = others}).value();
  ASSERT_TRUE(other.problem);
  EXPECT_EQ(other.problem->seq, 3U);
  EXPECT_EQ(other.lines, 3U);
  EXPECT_THAT(other.problem->what,
              HasSubstr("of its checkpoint: it is not signed by a key that was given, but by "));
  // A key that was replaced: both are given.
  auto options = options_in(dir.path());
  options.open_key = [] { return ledger::Result<ledger::SignerKey>(sample_key(8)); };
  ASSERT_TRUE(Ledger::open(options).value()->checkpoint(at(noon)));
  EXPECT_TRUE(ledger::verify(dir.path(), {.keys = keys}).value().problem);
  const std::vector both{keys[0], others[0]};
  EXPECT_FALSE(ledger::verify(dir.path(), {.keys = both}).value().problem);
}

}  // namespace
}  // namespace smokeledger::tests
