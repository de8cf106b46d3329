#include "exporters/ledger/query.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "probes/core/state.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using core::Decision;
using core::EndpointFamily;
using core::StatusClass;
using ledger::FoundOutcome;
using ledger::Ledger;
using ledger::OutcomeFilter;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Four outcomes over several small segments, an hour apart from 08:00.
class FourOutcomes : public ::testing::Test {
 protected:
  FourOutcomes() {
    auto options = options_in(dir_.path());
    options.segment_bytes = 6'000;
    ledger_ = Ledger::open(options).value();
    add("08",
        "chat-walk",
        EndpointFamily::chat_completions,
        Decision::keep_primary,
        StatusClass::s2xx);
    add("09", "chat-walk", EndpointFamily::responses, Decision::use_fallback, StatusClass::s2xx);
    add("10",
        "chat-direct",
        EndpointFamily::chat_completions,
        Decision::escalate,
        StatusClass::s5xx);
    add("11",
        "chat-walk",
        EndpointFamily::chat_completions,
        Decision::escalate,
        StatusClass::no_response);
  }

  void add(const std::string& hour,
           const std::string& probe,
           EndpointFamily family,
           Decision decision,
           StatusClass status) {
    core::Outcome outcome = outcome_of(probe, 1);
    outcome.check_id = hour;
    outcome.family = family;
    outcome.decision = decision;
    outcome.status_class = status;
    const std::vector<core::Line> lines{attempt_of(probe, 1), core::OutcomeLine{outcome}};
    EXPECT_TRUE(ledger_->append(lines, at("2026-11-21T" + hour + ":00:00Z")));
  }

  std::vector<std::string> found(const OutcomeFilter& filter) const {
    std::vector<std::string> ids;
    const auto result = ledger::query(dir_.path(), filter, [&](const FoundOutcome& outcome) {
      ids.push_back(outcome.outcome().check_id);
    });
    EXPECT_TRUE(result);
    return ids;
  }

  ScratchDir dir_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(FourOutcomes, are_found_by_each_filter_and_by_several) {
  EXPECT_THAT(found({}), ElementsAre("08", "09", "10", "11"));
  EXPECT_THAT(found({.probe = "chat-direct"}), ElementsAre("10"));
  EXPECT_THAT(found({.probe = "chat"}), IsEmpty());
  EXPECT_THAT(found({.family = EndpointFamily::responses}), ElementsAre("09"));
  EXPECT_THAT(found({.decision = Decision::escalate}), ElementsAre("10", "11"));
  EXPECT_THAT(found({.status_class = StatusClass::s2xx}), ElementsAre("08", "09"));
  EXPECT_THAT(found({.probe = "chat-walk", .decision = Decision::escalate}), ElementsAre("11"));
  EXPECT_THAT(found({.newest = 2}), ElementsAre("10", "11"));
  EXPECT_THAT(found({.probe = "chat-walk", .newest = 2}), ElementsAre("09", "11"));
}

TEST_F(FourOutcomes, are_not_taken_for_the_decisions_that_people_recorded) {
  core::HumanDecision recorded = sample_decision();
  recorded.family = EndpointFamily::messages;
  recorded.decision = Decision::paused;
  const std::vector<core::Line> lines{core::DecisionLine{sample_decision()},
                                      core::DecisionLine{recorded}};
  ASSERT_TRUE(ledger_->append(lines, at("2026-11-21T12:00:00Z")));
  const auto asked = [&](OutcomeFilter filter) {
    filter.lines = ledger::Asked::decisions;
    std::vector<core::HumanDecision> decisions;
    EXPECT_TRUE(ledger::query(dir_.path(), filter, [&](const FoundOutcome& line) {
      decisions.push_back(std::get<core::DecisionLine>(line.record.line()).decision);
    }));
    return decisions;
  };
  EXPECT_THAT(asked({}), ElementsAre(sample_decision(), recorded));
  EXPECT_THAT(asked({.family = EndpointFamily::messages}), ElementsAre(recorded));
  EXPECT_THAT(asked({.decision = Decision::paused}), ElementsAre(recorded));
  EXPECT_THAT(asked({.newest = 1}), ElementsAre(recorded));
  EXPECT_THAT(asked({.to = at("2026-11-21T12:00:00Z")}), IsEmpty());
  EXPECT_THAT(found({}), ElementsAre("08", "09", "10", "11"));
}

TEST_F(FourOutcomes, are_found_from_a_moment_on_and_up_to_before_another) {
  EXPECT_THAT(found({.from = at("2026-11-21T09:00:00Z"), .to = at("2026-11-21T11:00:00Z")}),
              ElementsAre("09", "10"));
}

TEST_F(FourOutcomes, are_found_in_windows_of_every_length) {
  for (int first = 8; first <= 12; ++first) {
    for (int end = first; end <= 12; ++end) {
      const auto begin = at("2026-11-21T00:00:00Z");
      const auto ids = found({.from = begin + std::chrono::hours(first) - std::chrono::minutes(1),
                              .to = begin + std::chrono::hours(end) - std::chrono::minutes(1)});
      EXPECT_EQ(ids.size(), std::min(end, 12) - first) << first << " to " << end;
    }
  }
  EXPECT_THAT(found({.from = at("2026-11-21T10:00:00Z"), .to = at("2026-11-21T08:00:00Z")}),
              IsEmpty());
  EXPECT_THAT(found({.from = at("2026-11-21T08:00:00Z"), .to = at("2027-01-01T00:00:00Z")}),
              ElementsAre("08", "09", "10", "11"));
}

TEST_F(FourOutcomes, are_found_where_the_clock_went_back) {
  add("07", "chat-walk", EndpointFamily::messages, Decision::keep_primary, StatusClass::s2xx);
  add("12", "chat-walk", EndpointFamily::messages, Decision::keep_primary, StatusClass::s2xx);
  EXPECT_THAT(found({.from = at("2026-11-21T06:30:00Z"), .to = at("2026-11-21T08:30:00Z")}),
              ElementsAre("08", "07"));
}

TEST_F(FourOutcomes, are_found_from_the_end_a_stretch_at_a_time) {
  const auto backwards = [&](const OutcomeFilter& filter) {
    std::vector<std::string> ids;
    auto past = ledger::NewestFirst::open(dir_.path(), filter).value();
    while (const auto found = past.next().value()) {
      for (const auto& outcome : *found) ids.push_back(outcome.outcome().check_id);
    }
    return ids;
  };
  EXPECT_THAT(backwards({}), ElementsAre("11", "10", "09", "08"));
  EXPECT_THAT(backwards({.probe = "chat-walk", .decision = Decision::escalate}), ElementsAre("11"));
  EXPECT_THAT(backwards({.to = at("2026-11-21T10:00:00Z")}), ElementsAre("09", "08"));
}

TEST_F(FourOutcomes, are_found_before_a_line) {
  std::uint64_t third = 0;
  ASSERT_TRUE(ledger::query(
      dir_.path(), {.decision = Decision::escalate, .newest = 2}, [&](const FoundOutcome& outcome) {
        if (outcome.outcome().check_id == "10") third = outcome.record.seq();
      }));
  EXPECT_THAT(found({.before_seq = third}), ElementsAre("08", "09"));
  EXPECT_THAT(found({.before_seq = third + 1}), ElementsAre("08", "09", "10"));
  EXPECT_THAT(found({.before_seq = 0}), IsEmpty());
}

TEST_F(FourOutcomes, are_lines_like_any_other_by_their_id) {
  const std::uint64_t end = ledger_->next_seq();
  for (std::uint64_t seq = 0; seq < end; ++seq) {
    const std::string id = ledger_->name() + '-' + std::to_string(seq);
    const auto line = ledger::find_line(dir_.path(), id).value();
    ASSERT_TRUE(line) << id;
    EXPECT_EQ(line->record.seq(), seq);
    EXPECT_EQ(line->record.ledger_id(), id);
    EXPECT_EQ(line->kind, core::kind_of(line->record.line()));
    EXPECT_THAT(read_bytes(dir_.path() / line->segment), HasSubstr(line->bytes + '\n'));
  }
  for (const std::string& id : {ledger_->name() + '-' + std::to_string(end),
                                ledger_->name() + "-01",
                                std::string("other-0badcafe-1"),
                                std::string("1"),
                                std::string("a\"b\n-1")}) {
    EXPECT_FALSE(ledger::find_line(dir_.path(), id).value()) << id;
  }
}

TEST_F(FourOutcomes, are_found_one_by_one_from_the_end) {
  for (std::size_t newest = 1; newest <= 5; ++newest) {
    const auto all = found({});
    const auto from = all.size() - std::min(all.size(), newest);
    EXPECT_EQ(found({.newest = newest}),
              std::vector(all.begin() + static_cast<long>(from), all.end()));
  }
}

TEST_F(FourOutcomes, are_given_out_as_the_bytes_on_the_disk) {
  std::string all;
  for (const auto& file : segment_files(dir_.path())) all += read_bytes(file);
  int count = 0;
  ASSERT_TRUE(ledger::query(dir_.path(), {}, [&](const FoundOutcome& outcome) {
    EXPECT_NE(all.find("\n" + outcome.bytes + "\n"), std::string::npos);
    ++count;
  }));
  EXPECT_EQ(count, 4);
}

TEST_F(FourOutcomes, are_counted_without_the_carried_lines) {
  ASSERT_GT(segment_files(dir_.path()).size(), 2U);
  const auto tally = ledger::count(dir_.path()).value();
  EXPECT_EQ(tally, core::total(ledger_->state()));
  const core::CounterKey attempts{core::Counter::attempts, {"responses", "comet"}};
  EXPECT_EQ(tally.at(attempts), 4U);
  const core::CounterKey escalated{core::Counter::decisions, {"chat-walk", "escalate"}};
  EXPECT_EQ(tally.at(escalated), 1U);
}

TEST_F(FourOutcomes, have_a_head) {
  const auto head = ledger::head(dir_.path()).value();
  EXPECT_EQ(head.hash, ledger_->head());
  EXPECT_EQ(head.seq + 1, ledger_->next_seq());
  EXPECT_EQ(head.ledger, ledger_->name());
  EXPECT_EQ(head.recorded_at, at("2026-11-21T11:00:00Z"));
  EXPECT_EQ(head.segment, segment_files(dir_.path()).back().filename().string());
}

TEST_F(FourOutcomes, are_given_out_up_to_the_first_damage_and_no_further) {
  const auto file = segment_files(dir_.path())[1];
  auto bytes = read_bytes(file);
  bytes[bytes.find("\"kind\":\"outcome\"") + 100] = '#';
  write_bytes(file, bytes);
  int count = 0;
  const auto result = ledger::query(dir_.path(), {}, [&](const FoundOutcome&) { ++count; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ledger::LedgerErrorKind::corrupt);
  EXPECT_EQ(count, 1);
  EXPECT_THAT(result.error().message, HasSubstr("its hash does not match its bytes"));
  EXPECT_FALSE(ledger::count(dir_.path()));
}

TEST_F(FourOutcomes, are_not_looked_for_in_a_ledger_whose_segments_do_not_follow_each_other) {
  std::filesystem::remove(segment_files(dir_.path())[1]);
  const auto result = ledger::query(dir_.path(), {}, [](const FoundOutcome&) { FAIL(); });
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("a segment is missing or was renamed"));
}

TEST_F(FourOutcomes, tell_how_far_the_reading_has_come) {
  std::uint64_t bytes = 0;
  for (const auto& file : segment_files(dir_.path())) bytes += std::filesystem::file_size(file);
  std::uint64_t last = 0;
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_GT(done, last);
    EXPECT_EQ(all, bytes);
    last = done;
  };
  ASSERT_TRUE(ledger::query(
      dir_.path(), {}, [](const FoundOutcome&) {}, progress));
  EXPECT_EQ(last, bytes);
}

}  // namespace
}  // namespace smokeledger::tests
