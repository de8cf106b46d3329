#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/build_info.h"
#include "probes/core/disclaimer.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using tests::command;

constexpr std::array<const char*, 12> subcommands{"run",
                                                  "check-config",
                                                  "plan",
                                                  "once",
                                                  "drill",
                                                  "stub",
                                                  "contract",
                                                  "evidence",
                                                  "ledger",
                                                  "rules",
                                                  "demo",
                                                  "version"};

TEST(Help, NamesEverySubcommandAndTheDisclaimer) {
  const auto ran = command({"--help"});
  EXPECT_EQ(ran.exit_code, exit_ok);
  for (const char* name : subcommands) {
    EXPECT_THAT(ran.out, HasSubstr(std::string("\n  ") + name + ' ')) << name;
  }
  EXPECT_THAT(ran.out, HasSubstr(std::string(probes::core::disclaimer)));
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST(Help, IsThereForEverySubcommand) {
  for (const char* name : subcommands) {
    const auto ran = command({name, "--help"});
    EXPECT_EQ(ran.exit_code, exit_ok) << name;
    EXPECT_THAT(ran.out, HasSubstr(name));
  }
}

TEST(Version, IsPrintedBothWays) {
  const std::string expected = "smokeledger " + std::string(version) + "\n";
  for (const char* word : {"version", "--version"}) {
    const auto ran = command({word});
    EXPECT_EQ(ran.exit_code, exit_ok);
    EXPECT_EQ(ran.out, expected);
  }
}

TEST(Usage, ErrorsAreTwoAndSayWhatIsWrongOnStderr) {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"fly"},
      {"--fly"},
      {"version", "--fly"},
      {"version", "extra"},
      {"run"},
      {"plan"},
      {"once"},
      {"rules"},
      {"plan", "--config.file"},
      {"plan", "--config.file", "f.toml", "--hosts", "0"},
      {"plan", "--config.file", "f.toml", "--hours", "many"},
      {"plan", "--config.file", "f.toml", "-o", "xml"},
      {"once", "--config.file", "f.toml", "-o", "xml"},
      {"drill"},
      {"drill", "--config.file", "f.toml", "-o", "xml"},
      {"run", "--config.file", "f.toml", "--log.level", "loud"},
      {"run", "--config.file", "f.toml", "--log.format", "xml"},
      {"demo", "--for", "soon"},
      {"demo", "--for", "0s"},
      {"ledger"},
      {"contract"},
  };
  for (const auto& words : wrong) {
    const auto ran = command(words);
    EXPECT_EQ(ran.exit_code, exit_usage) << testing::PrintToString(words);
    EXPECT_THAT(ran.err, Not(IsEmpty())) << testing::PrintToString(words);
    EXPECT_THAT(ran.out, IsEmpty()) << testing::PrintToString(words);
  }
}

TEST(Dashes, EndWhatIsOursToParse) {
  const auto ran = command({"version", "--", "client", "--fly", "--", "x"});
  EXPECT_EQ(ran.exit_code, exit_ok);
  EXPECT_THAT(ran.after_dashes, ElementsAre("client", "--fly", "--", "x"));
  EXPECT_THAT(command({"version"}).after_dashes, IsEmpty());
  EXPECT_EQ(command({"--", "version"}).exit_code, exit_usage) << "no subcommand before them";
}

}  // namespace
}  // namespace smokeledger::daemon::commands
