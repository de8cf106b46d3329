// What every command that a person and a program may read prints for each of them.
#include "daemon/commands/output.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using tests::command;
using Words = std::vector<std::string>;

bool is_object(const std::string& line) {
  simdjson::dom::parser parser;
  return parser.parse(line).is_object();
}

bool all_objects(const std::string& text) {
  const auto lines = tests::split_lines(text);
  return !lines.empty() && std::all_of(lines.begin(), lines.end(), is_object);
}

bool no_object(const std::string& text) {
  const auto lines = tests::split_lines(text);
  return !lines.empty() && std::none_of(lines.begin(), lines.end(), is_object);
}

// Each on a host with a good configuration and a ledger.
std::vector<Words> commands_with_two_readers(const tests::Host& host) {
  const std::string ledger = host.path("ledger");
  return {{"ledger", "verify", "--ledger", ledger},
          {"ledger", "head", "--ledger", ledger},
          {"ledger", "count", "--ledger", ledger},
          {"ledger", "query", "--ledger", ledger},
          {"plan", "--config.file", host.config_file()},
          {"check-config", host.config_file()},
          {"contract", "list"},
          {"contract", "show", "messages"},
          {"stub", "--list"}};
}

class Output : public testing::Test {
 protected:
  void SetUp() override { command({"once", "--config.file", host.config_file(), "chat-walk"}); }

  static std::string printed(Words words, bool out_is_terminal, const Words& more = {}) {
    words.insert(words.end(), more.begin(), more.end());
    const auto ran = command(words, out_is_terminal);
    EXPECT_EQ(ran.exit_code, exit_ok) << testing::PrintToString(words) << ran.err;
    return ran.out;
  }

  tests::Host host;
};

TEST_F(Output, is_json_lines_in_a_pipe_and_for_reading_on_a_terminal) {
  for (const Words& words : commands_with_two_readers(host)) {
    EXPECT_TRUE(all_objects(printed(words, false))) << testing::PrintToString(words);
    EXPECT_TRUE(no_object(printed(words, true))) << testing::PrintToString(words);
  }
}

TEST_F(Output, is_what_was_asked_for_wherever_it_goes) {
  for (const Words& words : commands_with_two_readers(host)) {
    for (const bool terminal : {false, true}) {
      EXPECT_TRUE(all_objects(printed(words, terminal, {"-o", "json"})));
      EXPECT_TRUE(no_object(printed(words, terminal, {"-o", "table"})));
    }
  }
}

TEST_F(Output, of_a_checked_configuration_is_its_sums) {
  EXPECT_EQ(printed({"check-config", host.config_file()}, true).find(host.config_file() + ": ok: "),
            0U);
  simdjson::dom::parser parser;
  const std::string text = printed({"check-config", host.config_file()}, false);
  const auto sums = parser.parse(text).value();
  EXPECT_EQ(std::string_view(sums["file"]), host.config_file());
  EXPECT_EQ(std::int64_t(sums["probes"]), 2);
  EXPECT_EQ(std::int64_t(sums["routes_used"]), 2);
  EXPECT_EQ(std::int64_t(sums["providers"]), 1);
  EXPECT_EQ(std::int64_t(sums["calls_a_day_at_most"]), 48 * 4 + 48);
  EXPECT_GT(std::int64_t(sums["longest_line_bytes_at_most"]), 1000);
}

TEST_F(Output, of_a_bad_configuration_is_its_errors_alone) {
  host.change("mode = \"walk\"", "mode = \"fly\"");
  const auto ran = command({"check-config", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, testing::HasSubstr("mode"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
