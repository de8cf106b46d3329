#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "daemon/config/config.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using tests::Host;

tests::Ran evidence(const Host& host, const std::string& probe, bool out_is_terminal = false) {
  return command({"evidence", "--config.file", host.config_file(), probe}, out_is_terminal);
}

// An outcome of this probe by the policy in force.
std::string record(const Host& host, std::size_t probe, core::Decision decision) {
  const auto config = *config::load_config(host.config_file()).config;
  auto options = tests::options_in(host.path("ledger"));
  const auto ledger = exporters::ledger::Ledger::open(options).value();
  core::Outcome outcome = tests::sample_outcome();
  outcome.probe = config.probes[probe]->name;
  outcome.policy_sha256 = config.probes[probe]->policy_sha256;
  outcome.decision = decision;
  outcome.check_result = core::CheckResult::pass;
  const core::Line line = core::OutcomeLine{outcome};
  return ledger->append({&line, 1}, tests::at(tests::noon)).value().back().ledger_id();
}

TEST(EvidenceCommand, NamesWhatIsThereAndEveryGapWithItsCommand) {
  Host host;
  host.change(R"(name = "chat-direct"
mode = "direct"
routes = ["chat"])",
              R"(name = "chat-fails"
mode = "walk"
expect = "controlled_failure"
routes = ["chat", "responses"])");
  const std::string happy = record(host, 0, core::Decision::keep_primary);
  auto ran = evidence(host, "chat-walk");
  EXPECT_EQ(ran.exit_code, exit_failed) << ran.err;
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_THAT(
      lines[0],
      StartsWith(R"({"topic":"happy_path","about":"chat-walk","state":"found","ledger_id":")" +
                 happy + '"'));
  EXPECT_THAT(lines[1], HasSubstr(R"("topic":"contract_review","about":"chat_completions")"));
  EXPECT_THAT(lines[3],
              HasSubstr(R"("command":"smokeledger once --config.file )" + host.config_file() +
                        R"( chat-fails")"));
  EXPECT_THAT(lines[4], HasSubstr(R"("topic":"operator_review")"));
  EXPECT_THAT(lines[5], HasSubstr(R"("complete":false,"gaps":2})"));

  const std::string error = record(host, 1, core::Decision::escalate);
  ran = evidence(host, "chat-walk", true);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, HasSubstr("  found  " + error + "  2026-11-21T12:00:00Z  escalate, pass\n"));
  EXPECT_THAT(ran.out, HasSubstr("\nto close operator_review of chat-walk: smokeledger review "));
  EXPECT_THAT(ran.out, testing::EndsWith("\n2 gaps\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("ready")));
}

TEST(EvidenceCommand, OfAnUnknownProbeIsAUsageError) {
  const Host host;
  const auto ran = evidence(host, "chat-fly");
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("no probe is named chat-fly"));
}

TEST(EvidenceCommand, WithoutALedgerCannotCheckAnything) {
  const Host host;
  const auto ran = evidence(host, "chat-walk");
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, StartsWith("the ledger could not be read: "));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(EvidenceCommand, OfAnInvalidConfigurationNamesTheErrors) {
  Host host;
  host.change("schema = 1", "schema = 2");
  const auto ran = evidence(host, "chat-walk");
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, StartsWith(host.config_file() + ":1:"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
