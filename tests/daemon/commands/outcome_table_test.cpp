#include "daemon/commands/outcome_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::ElementsAre;
using testing::SizeIs;

// The record that a ledger makes of this outcome.
exporters::ledger::LedgerRecord recorded(core::Outcome outcome) {
  const tests::ScratchDir dir;
  const auto ledger = exporters::ledger::Ledger::open(tests::options_in(dir.path())).value();
  const core::Line line = core::OutcomeLine{std::move(outcome)};
  return ledger->append({&line, 1}, tests::at(tests::noon)).value().at(0);
}

TEST(OutcomeRow, ShowsWhatALineSays) {
  core::Outcome outcome = tests::outcome_of("chat-walk", 1);
  outcome.decision = core::Decision::use_fallback;
  outcome.status_class = core::StatusClass::s2xx;
  outcome.retry_count = 2;
  outcome.fallback_route = "responses";
  outcome.check_result = core::CheckResult::investigate;
  outcome.rule = "fallback_usable";
  const auto record = recorded(outcome);
  EXPECT_THAT(outcome_row(record),
              ElementsAre("2026-11-21T12:00:00Z",
                          record.ledger_id(),
                          "chat-walk",
                          "use_fallback",
                          "2xx",
                          "2",
                          "responses",
                          "investigate",
                          "fallback_usable"));
}

TEST(OutcomeRow, HasADashWhereNoFallbackWasTaken) {
  core::Outcome outcome = tests::outcome_of("chat-walk", 1);
  outcome.fallback_route.clear();
  outcome.fallback_taken = core::Tristate::no;
  EXPECT_EQ(outcome_row(recorded(outcome)).at(6), "-");
}

TEST(OutcomeRow, ShowsWhatAGatewayToldOfItself) {
  core::Outcome outcome = tests::outcome_of("by-gateway", 1);
  outcome.mode = core::Mode::gateway;
  outcome.retry_count = 0;
  outcome.attempts = {tests::sample_attempt()};  // its gateway retried twice
  outcome.fallback_route.clear();
  outcome.fallback_taken = core::Tristate::yes;
  outcome.fallback_layer = core::Layer::gateway;
  EXPECT_EQ(outcome_row(recorded(outcome)).at(5), "2");
  EXPECT_EQ(outcome_row(recorded(outcome)).at(6), "gateway");
  outcome.attempts.back().gateway_retries.reset();
  outcome.fallback_taken = core::Tristate::unknown;
  outcome.fallback_layer.reset();
  EXPECT_EQ(outcome_row(recorded(outcome)).at(5), "unknown");
  EXPECT_EQ(outcome_row(recorded(outcome)).at(6), "unknown");
}

TEST(OutcomeRow, FitsItsHeaderAndWidths) {
  EXPECT_THAT(outcome_row(recorded(tests::outcome_of("a", 1))), SizeIs(outcome_header.size()));
  EXPECT_THAT(outcome_widths, SizeIs(outcome_header.size()));
}

TEST(ExitCode, GrowsWithWhatADecisionAsksOfAPerson) {
  EXPECT_EQ(exit_code_of(core::Decision::keep_primary), 0);
  EXPECT_EQ(exit_code_of(core::Decision::retry_primary), 10);
  EXPECT_EQ(exit_code_of(core::Decision::use_fallback), 11);
  EXPECT_EQ(exit_code_of(core::Decision::paused), 12);
  EXPECT_EQ(exit_code_of(core::Decision::escalate), 13);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
