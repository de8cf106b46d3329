#include "daemon/commands/once_like.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "exporters/ledger/query.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using tests::command;
using tests::Host;

TEST(LedgerId, IsAnythingThatALineMayBeCalled) {
  for (const char* id : {"staging-0a1b2c3d-17", "a-b-00000000-0"}) EXPECT_TRUE(is_ledger_id(id));
  for (const char* id :
       {"", "17", "-17", "staging", "staging-", "staging-1x", "a&probe=b-1", "A-1", "a/b-1"}) {
    EXPECT_FALSE(is_ledger_id(id)) << id;
  }
}

tests::Ran print(const std::string& answer, bool as_table) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{out, err, false, {}, 0};
  const int code = print_like(answer, as_table, context);
  return {code, out.str(), err.str(), {}};
}

const std::string then =
    R"({"ledger_id":"s-1","fallback_decision":"escalate","retry_count":2,"unresolved":[],)"
    R"("attempts":[{"route":"chat","http_status":503,"reason":"overloaded"},)"
    R"({"route":"responses","http_status":null,"reason":"timeout"}]})";
const std::string now = R"({"ledger_id":"s-9","fallback_decision":"use_fallback","retry_count":0,)"
                        R"("unresolved":["contract_changed:responses","x"],)"
                        R"("attempts":[{"route":"chat","http_status":200,"reason":"none"}]})";
const std::string both = R"({"then":)" + then + R"(,"results":[{"probe":"a","line":)" + now + "}]}";

TEST(PrintLike, PutsBothOutcomesSideBySide) {
  const auto ran = print(both, true);
  EXPECT_EQ(ran.exit_code, 11) << "use_fallback today";
  const auto lines = tests::split_lines(ran.out);
  const auto holds =
      [&](const std::string& field, const std::string& left, const std::string& right) {
        for (const auto& line : lines) {
          std::istringstream words(line);
          std::vector<std::string> cells{std::istream_iterator<std::string>(words), {}};
          if (cells.size() >= 3 && cells[0] == field) return cells[1] == left && cells[2] == right;
        }
        return false;
      };
  EXPECT_THAT(lines.at(0), StartsWith("field"));
  EXPECT_TRUE(holds("ledger_id", "s-1", "s-9")) << ran.out;
  EXPECT_TRUE(holds("fallback_decision", "escalate", "use_fallback")) << ran.out;
  EXPECT_TRUE(holds("retry_count", "2", "0")) << ran.out;
  EXPECT_TRUE(holds("unresolved", "-", "contract_changed:responses,")) << ran.out;
  EXPECT_TRUE(holds("attempts[0].http_status", "503", "200")) << ran.out;
  EXPECT_TRUE(holds("attempts[1].reason", "timeout", "-")) << ran.out;
  EXPECT_TRUE(holds("attempts[1].http_status", "null", "-")) << ran.out;
}

TEST(PrintLike, GivesBothLinesToAProgram) {
  const auto ran = print(both, false);
  EXPECT_EQ(ran.exit_code, 11);
  EXPECT_EQ(ran.out, R"({"then":)" + then + R"(,"now":)" + now + "}\n");
}

TEST(PrintLike, SaysWhyItWasNotRun) {
  const std::string answer = R"({"then":)" + then +
                             R"(,"results":[{"probe":"a","not_run":"too soon",)"
                             R"("allowed_from":"2026-11-21T08:10:00Z"}]})";
  auto ran = print(answer, true);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_EQ(ran.out, "not run: too soon; it may run from 2026-11-21T08:10:00Z\n");
  ran = print(answer, false);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_EQ(ran.out,
            R"({"then":)" + then +
                R"(,"not_run":"too soon","allowed_from":"2026-11-21T08:10:00Z"})"
                "\n");
}

TEST(PrintLike, TakesNoOtherAnswer) {
  for (const char* answer : {"", "{}", R"({"results":[]})", R"({"results":7})"}) {
    const auto ran = print(answer, true);
    EXPECT_EQ(ran.exit_code, exit_failed) << answer;
    EXPECT_THAT(ran.err, HasSubstr("cannot be read"));
  }
}

// The ledger id of the newest outcome.
std::string newest(const Host& host) {
  std::string id;
  const auto queried =
      exporters::ledger::query(host.path("ledger"), {.newest = 1}, [&](const auto& found) {
        id = found.record.ledger_id();
      });
  EXPECT_TRUE(queried);
  return id;
}

TEST(OnceLike, RepeatsAnOutcomeOfThisLedgerByItsPolicy) {
  Host host;
  ASSERT_EQ(command({"once", "--config.file", host.config_file(), "chat-walk"}).exit_code, 12);
  const std::string id = newest(host);
  host.change("interval = \"30m\"", "interval = \"45m\"");
  const auto ran = command({"once", "--config.file", host.config_file(), "--like", id});
  EXPECT_EQ(ran.exit_code, 12) << ran.err << ran.out;
  simdjson::dom::parser parser;
  simdjson::dom::element both_lines;
  ASSERT_EQ(parser.parse(ran.out).get(both_lines), simdjson::SUCCESS) << ran.out;
  EXPECT_EQ(std::string_view(both_lines["then"]["ledger_id"]), id);
  EXPECT_NE(std::string_view(both_lines["now"]["ledger_id"]), id);
  EXPECT_EQ(std::string_view(both_lines["now"]["policy_sha256"]),
            std::string_view(both_lines["then"]["policy_sha256"]));
  EXPECT_NE(std::string_view(both_lines["now"]["config_sha256"]),
            std::string_view(both_lines["then"]["config_sha256"]));
  const auto replayed = command({"ledger", "replay", "--ledger", host.path("ledger")});
  EXPECT_EQ(replayed.exit_code, exit_ok) << replayed.out;
}

TEST(OnceLike, NamesWhatTheConfigurationDoesNotHaveAnyMore) {
  Host host;
  ASSERT_EQ(command({"once", "--config.file", host.config_file(), "chat-walk"}).exit_code, 12);
  host.change("http://127.0.0.1:9", "http://127.0.0.1:10");
  const auto ran =
      command({"once", "--config.file", host.config_file(), "--like", newest(host), "-o", "table"});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_EQ(ran.out,
            "not run: it cannot be repeated: provider main is at http://127.0.0.1:10, and was at "
            "http://127.0.0.1:9\n");
}

TEST(OnceLike, TakesOneLedgerIdAndNoProbes) {
  const Host host;
  auto ran = command({"once", "--config.file", host.config_file(), "--like", "x y"});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("--like takes the ledger_id of an outcome"));
  ran = command({"once", "--config.file", host.config_file(), "--like", "a-0-1", "chat-walk"});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_FALSE(std::filesystem::exists(host.path("ledger")));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
