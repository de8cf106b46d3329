#include "exporters/page/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::exporters::page {
namespace {

using core::Decision;
using core::EndpointFamily;
using testing::IsEmpty;
using testing::SizeIs;

core::Outcome outcome(Decision decision, EndpointFamily family = EndpointFamily::messages) {
  core::Outcome made;
  made.probe = "chat-walk";
  made.family = family;
  made.decision = decision;
  made.retry_count = decision == Decision::retry_primary ? 2 : 0;
  if (decision == Decision::use_fallback) made.fallback_taken = core::Tristate::yes;
  return made;
}

PastDecision past(std::uint64_t seq, std::string_view when, Decision decision) {
  return {seq, tests::at(when), decision, core::CheckResult::pass};
}

Day day(std::string_view date) {
  return std::chrono::floor<std::chrono::days>(tests::at(std::string(date) + "T00:00:00Z"));
}

std::uint32_t decided(const Counts& counts, Decision decision) {
  return counts.decisions[static_cast<std::size_t>(decision)];
}

TEST(History, KeepsTheNewestDecisionsWhetherTheyCameForwardOrBack) {
  History history;
  for (std::uint64_t seq = 20; seq < 25; ++seq) {
    history.add_newer(past(seq, "2026-11-21T12:00:00Z", Decision::escalate),
                      outcome(Decision::escalate));
  }
  for (std::uint64_t seq = 19; seq > 0; --seq) {
    history.add_older(past(seq, "2026-11-20T12:00:00Z", Decision::keep_primary),
                      outcome(Decision::keep_primary));
  }
  const auto* probe = history.find("chat-walk");
  ASSERT_NE(probe, nullptr);
  ASSERT_THAT(probe->newest, SizeIs(decisions_kept));
  for (std::size_t i = 0; i < decisions_kept; ++i) {
    EXPECT_EQ(probe->newest[i].seq, 24 - i);
  }
  EXPECT_EQ(history.find("other"), nullptr);
}

TEST(History, TellsTheGapsOfTheNewestOutcomeAlone) {
  History history;
  core::Outcome gone = outcome(Decision::paused);
  gone.gap = core::Gap::credential;
  gone.unresolved = {"credential_missing:comet"};
  history.add_older(past(2, "2026-11-21T12:00:00Z", Decision::paused), gone);
  history.add_older(past(1, "2026-11-21T11:00:00Z", Decision::keep_primary),
                    outcome(Decision::keep_primary));
  EXPECT_EQ(history.find("chat-walk")->gap, core::Gap::credential);
  EXPECT_THAT(history.find("chat-walk")->unresolved, SizeIs(1));
  history.add_newer(past(3, "2026-11-21T13:00:00Z", Decision::keep_primary),
                    outcome(Decision::keep_primary));
  EXPECT_EQ(history.find("chat-walk")->gap, core::Gap::none);
  EXPECT_THAT(history.find("chat-walk")->unresolved, IsEmpty());
}

TEST(History, CountsByDayWhatIsAskedFor) {
  History history;
  history.add_newer(past(1, "2026-11-20T23:59:59Z", Decision::retry_primary),
                    outcome(Decision::retry_primary, EndpointFamily::responses));
  history.add_newer(past(2, "2026-11-21T00:00:00Z", Decision::use_fallback),
                    outcome(Decision::use_fallback));
  const auto all = history.days({}, day("2026-11-21"));
  ASSERT_THAT(all, SizeIs(days_kept));
  EXPECT_EQ(all.front().first, day("2026-10-23"));
  EXPECT_EQ(all[28].second.retries, 2U);
  EXPECT_EQ(decided(all[28].second, Decision::retry_primary), 1U);
  EXPECT_EQ(all[29].second.fallbacks, 1U);
  EXPECT_EQ(decided(all[29].second, Decision::use_fallback), 1U);
  EXPECT_EQ(all[29].second.retries, 0U);

  const auto responses = history.days({.family = EndpointFamily::responses}, day("2026-11-21"));
  EXPECT_EQ(responses[28].second, all[28].second);
  EXPECT_EQ(responses[29].second, Counts{});
  const auto fell_back = history.days({.decision = Decision::use_fallback}, day("2026-11-21"));
  EXPECT_EQ(fell_back[28].second, Counts{});
  EXPECT_EQ(fell_back[29].second, all[29].second);
  EXPECT_EQ(history.days({.probe = "chat-walk"}, day("2026-11-21")), all);
  EXPECT_EQ(history.days({.probe = "other"}, day("2026-11-21"))[29].second, Counts{});
}

TEST(History, DropsDaysThatAreNoLongerShownAndTakesNoneThatAreOlder) {
  History history;
  history.add_newer(past(1, "2026-10-01T12:00:00Z", Decision::escalate),
                    outcome(Decision::escalate));
  history.add_newer(past(2, "2026-11-21T12:00:00Z", Decision::escalate),
                    outcome(Decision::escalate));
  history.add_older(past(0, "2026-09-01T12:00:00Z", Decision::escalate),
                    outcome(Decision::escalate));
  EXPECT_EQ(history.days({}, day("2026-10-01")).back().second, Counts{});
  EXPECT_EQ(decided(history.days({}, day("2026-11-21")).back().second, Decision::escalate), 1U);
}

}  // namespace
}  // namespace smokeledger::exporters::page
