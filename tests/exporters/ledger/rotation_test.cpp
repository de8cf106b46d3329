#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ::testing::HasSubstr;

ledger::OpenOptions small_segments(const std::filesystem::path& dir) {
  auto options = options_in(dir);
  options.segment_bytes = 16'000;
  return options;
}

// Three probes, `rounds` runs each, a policy, and a run left open. `reviewed`: after each round.
std::unique_ptr<Ledger> busy_ledger(const std::filesystem::path& dir,
                                    std::uint32_t rounds,
                                    bool reviewed = false) {
  auto ledger = Ledger::open(small_segments(dir)).value();
  EXPECT_TRUE(ledger->use_policies({sample_policy()}, at(noon)));
  EXPECT_TRUE(ledger->append(std::vector<core::Line>{core::ConfigLine{"c0ffee", {}, 0}}, at(noon)));
  EXPECT_TRUE(
      ledger->append(std::vector<core::Line>{core::ContractReviewLine{sample_review()}}, at(noon)));
  for (std::uint32_t number = 1; number <= rounds; ++number) {
    for (const char* probe : {"chat-walk", "chat-direct", "responses-walk"}) {
      EXPECT_TRUE(ledger->append(run_of(probe, number), at(noon)));
    }
    if (!reviewed) continue;
    core::Review review;
    review.last_seq = ledger->next_seq() - 1;
    review.initials = "AB";
    EXPECT_TRUE(ledger->append(std::vector<core::Line>{core::ReviewLine{review}}, at(noon)));
  }
  EXPECT_TRUE(
      ledger->append(std::vector<core::Line>{attempt_of("chat-walk", rounds + 1)}, at(noon)));
  return ledger;
}

TEST(Rotation, keeps_the_state_equal_to_a_plain_fold_over_all_lines) {
  const ScratchDir dir;
  auto ledger = busy_ledger(dir.path(), 12);
  EXPECT_GT(segment_files(dir.path()).size(), 5U);
  const auto state = ledger->state();
  EXPECT_EQ(state, plain_fold(dir.path()));
  ledger.reset();
  EXPECT_EQ(Ledger::open(small_segments(dir.path())).value()->state(), state);
}

TEST(Rotation, leaves_count_and_state_in_agreement) {
  const ScratchDir dir;
  const auto ledger = busy_ledger(dir.path(), 12);
  EXPECT_EQ(ledger::count(dir.path()).value(), core::total(ledger->state()));
}

TEST(Rotation, begins_each_segment_with_open_carried_state_and_policies) {
  const ScratchDir dir;
  const auto ledger = busy_ledger(dir.path(), 12);
  const auto files = segment_files(dir.path());
  const auto lines = split_lines(read_bytes(files.back()));
  const char* const expected[] = {"open",
                                  "carry",
                                  "carry",
                                  "carry",
                                  "carry_provider",
                                  "contract_review",
                                  "config",
                                  "carry_reviews",
                                  "carry_packets",
                                  "policy"};
  ASSERT_GE(lines.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(ledger::read_frame(lines[i])->kind, expected[i]) << i;
  }
  EXPECT_THAT(lines[0], HasSubstr(R"("header_lines":10)"));
  EXPECT_THAT(lines[0],
              HasSubstr(R"("previous_segment":")" + files[files.size() - 2].filename().string()));
  EXPECT_THAT(split_lines(read_bytes(files.front())).back(), HasSubstr(R"("kind":"seal")"));
}

TEST(Rotation, repeats_the_newest_review_of_a_contract_with_the_time_at_which_it_was_made) {
  const ScratchDir dir;
  const auto ledger = busy_ledger(dir.path(), 12);
  const auto lines = split_lines(read_bytes(segment_files(dir.path()).back()));
  ASSERT_GT(lines.size(), 5U);
  EXPECT_THAT(lines[5], HasSubstr(R"("initials":"AB","reviewed_at":"2026-11-21T09:15:00Z")"));
  EXPECT_EQ(ledger->state().contract_reviews.at(core::EndpointFamily::chat_completions),
            sample_review());
}

TEST(Rotation, keeps_segments_within_their_size_and_verifies) {
  const ScratchDir dir;
  const auto ledger = busy_ledger(dir.path(), 12, true);
  for (const auto& file : segment_files(dir.path())) {
    EXPECT_LE(std::filesystem::file_size(file), 16'000U) << file;
  }
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_FALSE(verified.problem) << verified.problem->text();
  EXPECT_EQ(verified.lines, ledger->next_seq());
  EXPECT_EQ(verified.head, ledger->head());
}

TEST(Rotation, goes_on_when_a_segment_is_too_small_for_what_it_must_begin_with) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_bytes = 1;
  const auto ledger = Ledger::open(options).value();
  for (std::uint32_t number = 1; number <= 3; ++number) {
    ASSERT_TRUE(ledger->append(run_of("chat-walk", number), at(noon)));
  }
  EXPECT_EQ(segment_files(dir.path()).size(), 3U);
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(Rotation, comes_with_age_at_the_next_line) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_age = std::chrono::hours{24};
  const auto ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at("2026-11-22T11:59:59Z")));
  EXPECT_EQ(segment_files(dir.path()).size(), 1U);
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 2), at("2026-11-22T12:00:00Z")));
  EXPECT_EQ(segment_files(dir.path()).size(), 2U);
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 3), at("2026-11-23T11:59:59Z")));
  EXPECT_EQ(segment_files(dir.path()).size(), 2U) << "it counts from the segment's own beginning";
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(Rotation, by_age_goes_on_counting_after_a_restart) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_age = std::chrono::hours{24};
  ASSERT_TRUE(Ledger::open(options).value()->append(run_of("chat-walk", 1), at(noon)));
  options.now = at("2026-11-22T11:00:00Z");
  const auto ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 2), at("2026-11-22T12:00:00Z")));
  EXPECT_EQ(segment_files(dir.path()).size(), 2U);
}

TEST(Rotation, waits_for_the_end_of_a_run_whose_state_is_too_long_for_a_line) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_bytes = 24'000;
  const auto ledger = Ledger::open(options).value();
  core::AttemptLine attempt = attempt_of("chat-walk", 1);
  attempt.previous = sample_attempt();
  attempt.previous->findings.assign(core::max_findings,
                                    {core::FindingCode::wrong_type, std::string(600, 'x')});
  for (attempt.number = 1; attempt.number <= 8; ++attempt.number) {
    ASSERT_TRUE(ledger->append(std::vector<core::Line>{attempt}, at(noon)));
  }
  EXPECT_EQ(segment_files(dir.path()).size(), 1U);
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 2), at(noon)));
  EXPECT_EQ(segment_files(dir.path()).size(), 2U);
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(Rotation, is_finished_by_the_next_open_when_it_ended_behind_the_seal) {
  const ScratchDir dir;
  auto ledger = busy_ledger(dir.path(), 12);
  const auto state = ledger->state();
  ledger.reset();
  // What a crash before the rename leaves: the last segment is not there yet, a part of it is.
  const auto last = segment_files(dir.path()).back();
  const auto sealed_state = [&] {
    const auto bytes = read_bytes(last);
    std::filesystem::remove(last);
    write_bytes(last.string() + ".unfinished", bytes.substr(0, 100));
    return plain_fold(dir.path());
  }();
  ledger = Ledger::open(small_segments(dir.path())).value();
  EXPECT_EQ(ledger->state(), sealed_state);
  EXPECT_EQ(segment_files(dir.path()).back(), last) << "the same segment is begun again";
  EXPECT_FALSE(std::filesystem::exists(last.string() + ".unfinished"));
  EXPECT_FALSE(ledger->recovered());
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(Rotation, shows_a_missing_segment_to_the_writer_and_to_verify) {
  const ScratchDir dir;
  busy_ledger(dir.path(), 12);
  const auto files = segment_files(dir.path());
  struct Missing {
    std::size_t index;
    std::filesystem::path seen_in;
    const char* says;
  };
  const std::size_t middle = files.size() / 2;
  for (const auto& [index, seen_in, says] :
       {Missing{0, files.back(), "no line says that those before it were retired"},
        Missing{middle, files[middle + 1], "a segment is missing"}}) {
    const auto bytes = read_bytes(files[index]);
    std::filesystem::remove(files[index]);
    const auto opened = Ledger::open(small_segments(dir.path()));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ledger::LedgerErrorKind::corrupt);
    EXPECT_THAT(opened.error().message, HasSubstr(says));
    const auto verified = ledger::verify(dir.path()).value();
    ASSERT_TRUE(verified.problem);
    EXPECT_EQ(verified.problem->file, seen_in.filename().string());
    EXPECT_THAT(verified.problem->what, HasSubstr(says));
    write_bytes(files[index], bytes);
  }
}

TEST(Rotation, shows_a_segment_that_was_put_in_from_another_ledger) {
  const ScratchDir dir;
  const ScratchDir other;
  busy_ledger(dir.path(), 12);
  busy_ledger(other.path(), 12);
  const auto mine = segment_files(dir.path());
  const auto theirs = segment_files(other.path());
  write_bytes(mine[1], read_bytes(theirs[1]));
  EXPECT_FALSE(Ledger::open(small_segments(dir.path())));
  EXPECT_TRUE(ledger::verify(dir.path()).value().problem);
}

TEST(Rotation, holds_as_much_again_as_its_header_whatever_size_is_asked_for) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_bytes = 1'000;  // less than the header
  auto ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->use_policies({sample_policy()}, at(noon)));
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
  for (std::int64_t step = 0; step < 60; ++step) {
    ASSERT_TRUE(ledger->append(std::vector<core::Line>{core::ClockStepLine{step}}, at(noon)));
  }
  const auto files = segment_files(dir.path()).size();
  EXPECT_GT(files, 1U);
  EXPECT_LT(files, 20U) << "not a new header for each line";
  ledger.reset();
  ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->append(std::vector<core::Line>{core::ClockStepLine{60}}, at(noon)));
  EXPECT_LE(segment_files(dir.path()).size(), files + 1);
}

}  // namespace
}  // namespace smokeledger::tests
