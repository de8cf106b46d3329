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

TEST_F(FourOutcomes, are_found_from_a_moment_on_and_up_to_before_another) {
  EXPECT_THAT(found({.from = at("2026-11-21T09:00:00Z"), .to = at("2026-11-21T11:00:00Z")}),
              ElementsAre("09", "10"));
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
  bytes[bytes.size() / 2] = '#';
  write_bytes(file, bytes);
  int count = 0;
  const auto result = ledger::query(dir_.path(), {}, [&](const FoundOutcome&) { ++count; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ledger::LedgerErrorKind::corrupt);
  EXPECT_EQ(count, 1);
  EXPECT_FALSE(ledger::count(dir_.path()));
}

}  // namespace
}  // namespace smokeledger::tests
