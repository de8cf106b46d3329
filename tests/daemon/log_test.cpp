#include "daemon/log.h"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace smokeledger::daemon {
namespace {

TEST(Logfmt, QuotesWhatIsNotPlainAndEscapesControlCharacters) {
  EXPECT_EQ(logfmt(LogLevel::info, "started", {}), "level=info msg=started");
  EXPECT_EQ(logfmt(LogLevel::error, "outcome recorded", {{"check_id", "chat-walk-20261121-001"}}),
            R"(level=error msg="outcome recorded" check_id=chat-walk-20261121-001)");
  const std::vector<std::pair<std::string, std::string>> table{
      {"", R"(k="")"},
      {"https://example.com/a", "k=https://example.com/a"},
      {"a b", R"(k="a b")"},
      {"a=b", R"(k="a=b")"},
      {R"(say "no")", R"(k="say \"no\"")"},
      {R"(back\slash)", R"(k="back\\slash")"},
      {"line\nlevel=error", R"(k="line\u000alevel=error")"},
      {"\x1B[31m", R"(k="\u001b[31m")"},
  };
  for (const auto& [value, expected] : table) {
    EXPECT_EQ(logfmt(LogLevel::debug, "m", {{"k", value}}), "level=debug msg=m " + expected);
  }
}

TEST(LogJson, IsOneValidObjectWhateverTheValuesHold) {
  const std::string line = log_json(
      LogLevel::warning, "a \"message\"\n", {{"file", "C:\\x\ty"}, {"bad", "\xFF\xFE\x01"}});
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  ASSERT_EQ(parser.parse(line).get_object().get(object), simdjson::SUCCESS) << line;
  EXPECT_EQ(std::string_view(object["level"]), "warning");
  EXPECT_EQ(std::string_view(object["msg"]), "a \"message\"\n");
  EXPECT_EQ(std::string_view(object["file"]), "C:\\x\ty");
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

// What a log with these options writes to stderr.
std::string written(const LogOptions& options) {
  testing::internal::CaptureStderr();
  Log log(options);
  log.debug("a debug line");
  log.info("an info line", {{"check_id", "a-20261121-001"}, {"ledger_id", "staging-0badcafe-7"}});
  log.warning("a warning line {}");
  log.error("an error line %v");
  return testing::internal::GetCapturedStderr();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

TEST(Log, WritesOneStampedLineEach) {
  const auto lines = lines_of(written({.level = LogLevel::info}));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[0].starts_with("ts=20")) << lines[0];
  EXPECT_TRUE(lines[0].ends_with(
      R"(Z level=info msg="an info line" check_id=a-20261121-001 ledger_id=staging-0badcafe-7)"))
      << lines[0];
  EXPECT_TRUE(lines[1].ends_with(R"(msg="a warning line {}")")) << lines[1];
  EXPECT_TRUE(lines[2].ends_with(R"(level=error msg="an error line %v")")) << lines[2];
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const std::vector<std::pair<LogLevel, std::size_t>> table{
      {LogLevel::debug, 4}, {LogLevel::info, 3}, {LogLevel::warning, 2}, {LogLevel::error, 1}};
  for (const auto& [level, count] : table) {
    EXPECT_EQ(lines_of(written({.level = level})).size(), count);
  }
}

TEST(Log, WritesValidJsonWithATimeStamp) {
  const auto lines = lines_of(written({.level = LogLevel::debug, .format = LogFormat::json}));
  ASSERT_EQ(lines.size(), 4U);
  for (const auto& line : lines) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    ASSERT_EQ(parser.parse(line).get_object().get(object), simdjson::SUCCESS) << line;
    EXPECT_EQ(std::string_view(object["ts"]).size(),
              std::string_view("2026-11-21T08:00:00.000Z").size());
    EXPECT_FALSE(std::string_view(object["level"]).empty());
  }
}

TEST(Log, GivesTheJournalAPriorityInsteadOfATimeStamp) {
  const auto lines = lines_of(written({.level = LogLevel::debug, .journal = true}));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], R"(<7>level=debug msg="a debug line")");
  EXPECT_TRUE(lines[1].starts_with("<6>level=info"));
  EXPECT_TRUE(lines[2].starts_with("<4>level=warning"));
  EXPECT_TRUE(lines[3].starts_with("<3>level=error"));
  const auto json =
      lines_of(written({.level = LogLevel::error, .format = LogFormat::json, .journal = true}));
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0], R"(<3>{"level":"error","msg":"an error line %v"})");
}

}  // namespace
}  // namespace smokeledger::daemon
