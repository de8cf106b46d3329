#include "daemon/commands/drill_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string line(const std::string& result, const std::string& arrivals = "12") {
  return R"({"probe":"sdk","line":{"ledger_id":"staging-1a2b3c4d-17","attempts":[{},{}],)"
         R"("attempt_budget":4,"arrivals":)" +
         arrivals + R"(,"rule":"drill_over_budget","because":"More.","check_result":")" + result +
         R"(","unresolved":["retry_after_not_obeyed"]}})";
}

constexpr const char* not_run =
    R"({"probe":"sdk","not_run":"busy","allowed_from":"2026-11-21T08:10:00Z"})";

std::vector<DrillResult> read(const std::vector<std::string>& results) {
  std::string list;
  for (const auto& result : results) list.append(list.empty() ? "" : ",").append(result);
  const auto read = read_drill_results(R"({"results":[)" + list + "]}");
  EXPECT_TRUE(read);
  return read.value_or(std::vector<DrillResult>{});
}

TEST(DrillLine, IsReadFromItsOutcomeLine) {
  const auto results = read({line("fail")});
  ASSERT_THAT(results, SizeIs(1));
  const DrillResult& result = results.front();
  EXPECT_EQ(result.probe, "sdk");
  EXPECT_THAT(result.not_run, IsEmpty());
  EXPECT_EQ(result.ledger_id, "staging-1a2b3c4d-17");
  EXPECT_EQ(result.attempts, 2U);
  EXPECT_EQ(result.arrivals, "12");
  EXPECT_EQ(result.budget, 4U);
  EXPECT_EQ(result.rule, "drill_over_budget");
  EXPECT_EQ(result.check_result, core::CheckResult::fail);
  EXPECT_THAT(result.unresolved, ElementsAre("retry_after_not_obeyed"));
}

TEST(DrillLine, IsSaidInOneSentence) {
  EXPECT_EQ(drill_sentence(read({line("fail")}).front(), 1),
            "asked 1, upstream saw 12, budget 4: fail");
  EXPECT_EQ(drill_sentence(read({line("pass")}).front(), 5),
            "asked 5, upstream saw 12, budget 4 each: pass");
  EXPECT_EQ(drill_sentence(read({line("investigate", R"("unknown")")}).front(), 1),
            "asked 1, upstream saw unknown, budget 4: investigate");
}

TEST(DrillLine, IsARowOfATable) {
  EXPECT_THAT(drill_row(read({line("fail")}).front()),
              ElementsAre("sdk",
                          "2",
                          "12",
                          "4",
                          "fail",
                          "drill_over_budget",
                          "staging-1a2b3c4d-17",
                          "retry_after_not_obeyed"));
  EXPECT_EQ(drill_row(read({not_run}).front()).at(5),
            "not run: busy; it may run from 2026-11-21T08:10:00Z");
  EXPECT_EQ(drill_row(read({not_run}).front()).size(), drill_header.size());
}

TEST(DrillExitCode, IsOneWhereADrillFailedAndThreeWhereOneCouldNotTell) {
  const auto code = [](const std::vector<std::string>& results) {
    return exit_code_of(read(results));
  };
  EXPECT_EQ(code({line("pass")}), exit_ok);
  EXPECT_EQ(code({line("pass"), line("pass")}), exit_ok);
  EXPECT_EQ(code({line("investigate"), line("pass")}), exit_could_not_tell);
  EXPECT_EQ(code({not_run, line("pass")}), exit_could_not_tell);
  EXPECT_EQ(code({line("investigate"), line("fail"), not_run}), exit_failed);
  EXPECT_EQ(code({}), exit_could_not_tell) << "nothing was drilled";
}

TEST(DrillResults, AreNothingWhereTheAnswerIsNone) {
  for (const char* json : {"", "[]", "{}", R"({"results":{}})", R"({"refused":"no"})"}) {
    EXPECT_FALSE(read_drill_results(json)) << json;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::commands
