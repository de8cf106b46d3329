#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using tests::command;

TEST(RulesCommand, PrintsRulesForTheProbesOfTheConfiguration) {
  const tests::Host host;
  const auto ran = command({"rules", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, testing::StartsWith("groups:\n"));
  EXPECT_THAT(ran.out, HasSubstr("probe=~\"chat-walk|chat-direct\""));
  EXPECT_THAT(ran.out,
              HasSubstr("runbook_url: 'file:///usr/share/doc/smokeledger/operations.md#"
                        "smokeledgerescalated'"));
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST(RulesCommand, LinksToWhereThePagesAre) {
  const tests::Host host;
  const auto ran = command(
      {"rules", "--config.file", host.config_file(), "--docs", "https://wiki.example/docs"});
  EXPECT_THAT(ran.out, HasSubstr("'https://wiki.example/docs/operations.md#smokeledgerpaused'"));
  EXPECT_EQ(command({"rules", "--config.file", host.config_file(), "--docs", "a'b"}).exit_code,
            exit_usage);
}

TEST(RulesCommand, PrintsTheShippedRulesForTheShippedExample) {
  const auto ran =
      command({"rules", "--config.file", SMOKELEDGER_SOURCE_DIR "/etc/smokeledger.toml"});
  ASSERT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_EQ(tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/etc/prometheus/smokeledger.rules.yml"),
            ran.out)
      << "write what `smokeledger rules --config.file etc/smokeledger.toml` prints into it";
}

TEST(RulesCommand, LinksToWhereTheUnitSaysThatThePagesAre) {
  const auto unit = tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/systemd/smokeledger.service");
  EXPECT_THAT(unit, HasSubstr("\nDocumentation=file:/usr/share/doc/smokeledger/"));
}

TEST(RulesCommand, PrintsWhatIsWrongWithAConfigurationAndNoRules) {
  tests::Host host;
  host.change("name = \"chat-walk\"", "name = \"Chat walk\"");
  const auto ran = command({"rules", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, HasSubstr("probes.name is not a name"));
  EXPECT_THAT(ran.out, IsEmpty());
}

}  // namespace
}  // namespace smokeledger::daemon::commands
