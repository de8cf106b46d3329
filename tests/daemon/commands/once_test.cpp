// `once` with no service running. Nothing here is sent: the credential is the placeholder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "exporters/ledger/verify.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using tests::Host;

TEST(Once, PrintsTheLedgerLinesAndExitsByTheWorstDecision) {
  const Host host;
  const auto ran = command({"once", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, 12) << ran.err;
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  for (const auto& line : lines) {
    simdjson::dom::parser parser;
    simdjson::dom::element outcome;
    ASSERT_EQ(parser.parse(line).get(outcome), simdjson::SUCCESS) << line;
    EXPECT_EQ(std::string_view(outcome["kind"]), "outcome");
    EXPECT_EQ(std::string_view(outcome["fallback_decision"]), "paused");
    EXPECT_EQ(std::string_view(outcome["trigger"]), "manual");
    EXPECT_EQ(std::string_view(outcome["status_class"]), "not_sent");
  }
  const auto verified = exporters::ledger::verify(host.path("ledger"));
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem);
}

TEST(Once, PrintsATableOnATerminal) {
  const Host host;
  const auto ran = command({"once", "--config.file", host.config_file(), "chat-direct"}, true);
  EXPECT_EQ(ran.exit_code, 12);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], StartsWith("recorded_at"));
  EXPECT_THAT(lines[1], HasSubstr("  chat-direct  paused"));
}

TEST(Once, OfAnUnknownProbeIsAUsageErrorAndRunsNothing) {
  const Host host;
  const auto ran = command({"once", "--config.file", host.config_file(), "chat-fly"});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("no probe is named chat-fly"));
  EXPECT_FALSE(std::filesystem::exists(host.path("ledger")));
}

TEST(Once, OfAnInvalidConfigurationNamesTheErrors) {
  Host host;
  host.change("schema = 1", "schema = 2");
  const auto ran = command({"once", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, StartsWith(host.config_file() + ":1:"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(Once, BesideAnotherWriterSaysThatTheLedgerIsLocked) {
  const Host host;
  const auto writer = exporters::ledger::Ledger::open(tests::options_in(host.path("ledger")));
  ASSERT_TRUE(writer);
  const auto ran = command({"once", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("ledger"));
}

TEST(Once, BesideAStaleSocketOfAKilledServiceRunsOnItsOwn) {
  const Host host;
  tests::leave_socket(host.path("control.sock"));
  ASSERT_TRUE(std::filesystem::is_socket(host.path("control.sock")));
  EXPECT_EQ(command({"once", "--config.file", host.config_file()}).exit_code, 12);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
