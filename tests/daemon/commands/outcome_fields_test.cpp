#include "daemon/commands/outcome_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/query.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using tests::command;

// A cell may hold a line's end, but not this one.
std::size_t rows_of(const std::string& csv) {
  std::size_t rows = 0;
  for (auto at = csv.find("\r\n"); at != std::string::npos; at = csv.find("\r\n", at + 2)) ++rows;
  return rows;
}

// A ledger with the sample outcome, one of a reply at the first attempt, and one that was paused.
class Exported : public testing::Test {
 protected:
  Exported() {
    const auto made = exporters::ledger::Ledger::open(tests::options_in(dir())).value();
    name_ = made->name();
    add(*made, tests::outcome_of("chat-walk", 1));
    auto fine = tests::outcome_of("chat-walk", 2);
    fine.failure_class = core::FailureClass::none;
    fine.status_class = core::StatusClass::s2xx;
    fine.follow_up_owner = "=HYPERLINK(\"x\")";
    add(*made, fine);
    core::Outcome paused;
    paused.check_id = "chat-walk-20261121-3";
    paused.probe = "chat-walk";
    add(*made, paused);
  }

  static void add(exporters::ledger::Ledger& ledger, const core::Outcome& outcome) {
    const core::Line line = core::OutcomeLine{outcome};
    ASSERT_TRUE(ledger.append({&line, 1}, tests::at(tests::noon)));
  }
  std::string dir() const { return dir_.path() / "ledger"; }
  std::vector<std::string> lines(std::vector<std::string> flags) const {
    flags.insert(flags.begin(), {"ledger", "export", "--ledger", dir()});
    const auto ran = command(flags);
    EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
    return tests::split_lines(ran.out);
  }

  tests::ScratchDir dir_;
  std::string name_;
};

TEST_F(Exported, AsTheDecisionLedgerRunbookNamesThem) {
  EXPECT_THAT(
      lines({"-o", "json", "--fields", "runbook-a"}),
      ElementsAre(
          R"({"ledger_id":")" + name_ +
              R"(-1","endpoint_family":"responses","request_id":"chat-walk-20261121-002-2",)"
              R"("status_class":"retryable","retry_attempts":1,"fallback_decision":"use_fallback",)"
              R"("operator_initials":"","follow_up_owner":"platform-oncall"})",
          AllOf(HasSubstr(R"("status_class":"2xx")"), HasSubstr(R"_("=HYPERLINK(\"x\")"})_")),
          AllOf(HasSubstr(R"("request_id":"","status_class":"not_sent")"),
                HasSubstr(R"("fallback_decision":"paused")"))));
}

TEST_F(Exported, AsTheFallbackReviewRunbookNamesThem) {
  EXPECT_THAT(
      lines({"-o", "json", "--fields", "runbook-b", "--limit", "3"}).front(),
      R"({"check_id":"chat-walk-20261121-1","endpoint_family":"responses",)"
      R"("request_contract_version":"responses/2026-07-03+ba9876543210","status_class":"2xx",)"
      R"("fallback_taken":"true","retry_count":1,"backoff_policy_seen":"true",)"
      R"("parser_result":"accepted","operator_decision":"unreviewed",)"
      R"("evidence_links":["https://apidoc.cometapi.com/api/text/chat",)"
      R"("https://apidoc.cometapi.com/api/text/responses"]})");
}

TEST_F(Exported, AsASpreadsheetReadsThem) {
  const auto rows = lines({"-o", "csv", "--fields", "runbook-a"});
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0],
            "ledger_id,endpoint_family,request_id,status_class,retry_attempts,fallback_decision,"
            "operator_initials,follow_up_owner\r");
  EXPECT_EQ(rows[1],
            "\"" + name_ +
                "-1\",\"responses\",\"chat-walk-20261121-002-2\",\"retryable\",\"1\","
                "\"use_fallback\",\"\",\"platform-oncall\"\r");
  EXPECT_THAT(rows[2], HasSubstr(R"_(,"'=HYPERLINK(""x"")")_"));
}

TEST_F(Exported, AsTheWholeLineWhereNoMembersAreNamed) {
  const auto whole = lines({"-o", "json"});
  ASSERT_EQ(whole.size(), 3U);
  EXPECT_THAT(whole[0], StartsWith(R"({"v":1,"seq":1,"prev":")"));
  const auto table = command({"ledger", "export", "--ledger", dir(), "-o", "csv"}).out;
  EXPECT_THAT(table, StartsWith("ledger_id,recorded_at,check_id,probe,mode"));
  EXPECT_EQ(rows_of(table), 4U);
}

TEST_F(Exported, ByFilterAndTime) {
  EXPECT_EQ(lines({"-o", "json", "--decision", "paused"}).size(), 1U);
  EXPECT_EQ(lines({"-o", "csv", "--from", "2026-11-21T13:00:00Z"}).size(), 1U);
  EXPECT_EQ(lines({"-o", "json", "--from", "2026-11-21T11:00:00Z", "--to", "2026-11-21T13:00:00Z"})
                .size(),
            3U);
}

TEST_F(Exported, IntoAFileOrNotAtAll) {
  const std::string file = dir_.path() / "rows.csv";
  EXPECT_THAT(lines({"-o", "csv", "--file", file}), ElementsAre());
  EXPECT_EQ(rows_of(tests::read_bytes(file)), 4U);
  const auto nowhere = command(
      {"ledger", "export", "--ledger", dir(), "-o", "csv", "--file", dir_.path() / "no" / "file"});
  EXPECT_EQ(nowhere.exit_code, 4);
  EXPECT_THAT(nowhere.err, HasSubstr("cannot write "));
}

TEST_F(Exported, NotWhereTheFlagsDoNotGoTogether) {
  struct Case {
    std::vector<std::string> flags;
    std::string says;
  };
  const std::vector<Case> cases{
      {{}, "give --from LEDGER_ID for lines with their proof, or -o json or -o csv for outcomes"},
      {{"--from", name_ + "-1", "--probe", "x"}, "--probe chooses outcomes; say how to print them"},
      {{"--fields", "runbook-a"}, "--fields chooses outcomes; say how to print them"},
      {{"-o", "csv", "--from", name_ + "-1"}, "is neither UTC like 2026-11-21T08:00:00Z nor"},
      {{"-o", "table"}, "--output"},
      {{"-o", "csv", "--fields", "runbook-c"}, "--fields"}};
  for (const auto& [flags, says] : cases) {
    std::vector<std::string> words{"ledger", "export", "--ledger", dir()};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto ran = command(words);
    EXPECT_EQ(ran.exit_code, exit_usage) << says;
    EXPECT_THAT(ran.err, HasSubstr(says));
    EXPECT_EQ(ran.out, "");
  }
}

TEST(CsvCell, IsSafeToOpen) {
  const std::vector<std::pair<std::string, std::string>> cells{{"plain", "\"plain\""},
                                                               {"", "\"\""},
                                                               {"a,b", "\"a,b\""},
                                                               {"say \"x\"", "\"say \"\"x\"\"\""},
                                                               {"two\nlines", "\"two\nlines\""},
                                                               {"=1+1", "\"'=1+1\""},
                                                               {"+1", "\"'+1\""},
                                                               {"-1", "\"'-1\""},
                                                               {"@x", "\"'@x\""},
                                                               {"\tx", "\"'\tx\""},
                                                               {"\rx", "\"'\rx\""},
                                                               {"\n=x", "\"'\n=x\""},
                                                               {"1-1", "\"1-1\""}};
  for (const auto& [text, cell] : cells) EXPECT_EQ(csv_cell(text), cell);
}

TEST(FieldSets, NameMembersOfAnOutcomeLineAndOfItsReview) {
  const std::string line =
      tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/tests/golden/ledger/worked-example.jsonl") +
      tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/tests/golden/ledger/kinds.jsonl");
  for (const OutcomeField& field : field_sets().front().fields) {
    if (field.name == "review") continue;  // the id of its line
    EXPECT_THAT(line, HasSubstr('"' + std::string(field.name) + "\":")) << field.name;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::commands
