#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/commands/command.h"
#include "probes/stub/script.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using tests::command;
namespace stub = probes::stub;

TEST(StubList, HasEveryScriptWithItsSteps) {
  const auto table = command({"stub", "--list", "-o", "table"});
  const auto json = command({"stub", "--list", "-o", "json"});
  EXPECT_EQ(table.exit_code, exit_ok);
  EXPECT_EQ(json.exit_code, exit_ok);
  for (const stub::Script& script : stub::scripts()) {
    EXPECT_THAT(table.out, HasSubstr('\n' + std::string(script.name) + "  "));
    EXPECT_THAT(json.out, HasSubstr(R"({"script":")" + std::string(script.name) + '"'));
  }
  EXPECT_THAT(json.out,
              HasSubstr(R"({"script":"recover-after-2","steps":["throttled","throttled","ok"],)"));
  EXPECT_THAT(table.out, HasSubstr("10 throttled, ok"));
}

TEST(StubPage, DescribesEveryScriptInOrderAndNothingElse) {
  std::vector<std::string> expected;
  for (const stub::Script& script : stub::scripts()) {
    expected.push_back("| `" + std::string(script.name) + "` | " + stub::steps_text(script) +
                       " | " + std::string(script.description) + " |");
  }
  std::ifstream in(SMOKELEDGER_SOURCE_DIR "/docs/stub.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| `")) rows.push_back(line);
  }
  EXPECT_THAT(rows, testing::ElementsAreArray(expected));
}

TEST(Stub, RefusesAnUnknownScriptAndAHeaderThatIsNone) {
  const auto script = command({"stub", "--script", "no-such-script"});
  EXPECT_EQ(script.exit_code, exit_usage);
  EXPECT_THAT(script.err, HasSubstr("no script is called 'no-such-script'; known are: ok "));
  for (const char* name : {"", "x request id", "x-request-id:"}) {
    const auto header = command({"stub", "--request-header", name});
    EXPECT_EQ(header.exit_code, exit_usage) << name;
    EXPECT_THAT(header.err, HasSubstr("is not a header name")) << name;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::commands
