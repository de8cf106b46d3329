// `review` and `record` with no service running, and with one; and how readers show them.
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/reviews.h"
#include "tests/daemon/commands/command_line.h"
#include "tests/daemon/commands/running_service.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using tests::command;
using tests::Host;
using tests::RunningService;

// The ledger id of an outcome that fell back, in the host's ledger.
std::string record_outcome(const Host& host) {
  auto options = tests::options_in(host.path("ledger"));
  const auto made = ledger::Ledger::open(options).value();
  const core::Line line = core::OutcomeLine{tests::outcome_of("chat-walk", 1)};
  return made->append({&line, 1}, tests::at(tests::noon)).value().back().ledger_id();
}

tests::Ran review(const Host& host,
                  const std::string& lines,
                  const std::string& decision,
                  std::vector<std::string> more = {}) {
  std::vector<std::string> words{"review",
                                 lines,
                                 "--decision",
                                 decision,
                                 "--initials",
                                 "AB",
                                 "--config.file",
                                 host.config_file()};
  words.insert(words.end(), more.begin(), more.end());
  return command(words);
}

std::string queried(const Host& host, const std::string& output) {
  const auto ran = command({"ledger", "query", "--ledger", host.path("ledger"), "-o", output});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  return ran.out;
}

TEST(ReviewCommand, IsOneLineWhoseLedgerIdIsPrintedAndEveryReaderShowsIt) {
  const Host host;
  const std::string id = record_outcome(host);
  const std::string before = queried(host, "json");
  EXPECT_THAT(
      before,
      AllOf(HasSubstr(R"("operator_decision":"unreviewed")"), Not(HasSubstr(R"("review":)"))));
  const auto ran = review(host,
                          id,
                          "investigate",
                          {"--owner",
                           "team-b",
                           "--note",
                           "Planned key change.",
                           "--link",
                           "https://wiki.example/page?token=1",
                           "--planned-maintenance"});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("staging-"));
  const std::string review_id = ran.out.substr(0, ran.out.size() - 1);

  EXPECT_THAT(queried(host, "json"),
              AllOf(HasSubstr(R"("operator_decision":"investigate","operator_initials":"AB",)"
                              R"("follow_up_owner":"team-b")"),
                    HasSubstr(R"(,"review":{"ledger_id":")" + review_id + R"(","recorded_at":")"),
                    HasSubstr(R"("reclassified":"planned_maintenance","caller_uid":)" +
                              std::to_string(::getuid()) +
                              R"(,"operator_notes":"Planned key change.",)"
                              R"("evidence_links":["https://wiki.example/page"]}})")));
  EXPECT_THAT(queried(host, "table"), HasSubstr("  investigate AB planned_maintenance  "));
  const auto exported = command(
      {"ledger", "export", "--ledger", host.path("ledger"), "-o", "json", "--fields", "runbook-a"});
  EXPECT_THAT(exported.out, HasSubstr(R"("operator_initials":"AB","follow_up_owner":"team-b"})"));
}

TEST(ReviewCommand, ThatComesLaterAmendsAndNothingIsOverwritten) {
  const Host host;
  const std::string id = record_outcome(host);
  const std::string first = review(host, id, "fail").out;
  const std::string second = review(host, id + ".." + id, "pass").out;
  EXPECT_NE(first, second);
  EXPECT_THAT(queried(host, "json"), HasSubstr(R"("operator_decision":"pass")"));
  const auto seq = ledger::seq_of(id);
  EXPECT_EQ(ledger::reviews(host.path("ledger"))->all_of(*seq).size(), 2U);
}

TEST(ReviewCommand, GoesThroughARunningServiceWithTheCallersNumber) {
  const Host host;
  const std::string id = record_outcome(host);
  tests::Ran ran;
  tests::Ran of_nothing;
  {
    const RunningService service(host);
    ran = review(host, id, "pass");
    of_nothing = review(host, id + "0000", "pass");
  }
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_EQ(of_nothing.exit_code, exit_usage);
  const auto reviews = ledger::reviews(host.path("ledger"));
  const auto* const joined = reviews->of(*ledger::seq_of(id));
  ASSERT_NE(joined, nullptr);
  EXPECT_EQ(joined->review.caller_uid, ::getuid());
}

TEST(ReviewCommand, RefusesWhatCannotBeRecordedAndNamesTheFix) {
  const Host host;
  const std::string id = record_outcome(host);
  struct Case {
    std::string lines;
    std::vector<std::string> flags;
    std::string says;
  };
  const std::vector<Case> cases{
      {"nonsense", {}, "'nonsense' is no line of this ledger, which is staging-"},
      {"other-0a1b2c3d-1", {}, "is no line of this ledger"},
      {id + ".." + id + "9", {}, "is no line of this ledger"},
      {id, {"--note", "the provider is healthy"}, "a claim about health"},
      {id, {"--note", std::string(201, 'x')}, "has 201 characters, the most is 200"},
      {id, {"--link", "http://wiki.example"}, "is not an https link"},
  };
  for (const auto& [lines, flags, says] : cases) {
    const auto ran = review(host, lines, "pass", flags);
    EXPECT_EQ(ran.exit_code, exit_usage) << says;
    EXPECT_THAT(ran.err, HasSubstr(says));
    EXPECT_THAT(ran.out, IsEmpty());
  }
  EXPECT_TRUE(ledger::reviews(host.path("ledger"))->empty());
}

std::vector<std::string> decision_words(const Host& host) {
  return {"record",
          "--about",
          "incident",
          "--family",
          "chat_completions",
          "--status-class",
          "retryable",
          "--retry-attempts",
          "2",
          "--decision",
          "use_fallback",
          "--initials",
          "AB",
          "--owner",
          "platform-oncall",
          "--config.file",
          host.config_file()};
}

// As it was printed, with its newline.
std::string line_of(const Host& host, const std::string& id) {
  const auto line = ledger::find_line(host.path("ledger"), id.substr(0, id.find('\n')));
  return line && *line ? (*line)->bytes : "";
}

TEST(RecordCommand, WritesADecisionThatAPersonMadeWithoutAProbe) {
  const Host host;
  const auto ran = command(decision_words(host));
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("staging-"));
  EXPECT_THAT(line_of(host, ran.out),
              AllOf(HasSubstr(R"("kind":"decision")"),
                    HasSubstr(R"("about":"incident")"),
                    HasSubstr(R"("status_class":"retryable","retry_attempts":2,)"
                              R"("fallback_decision":"use_fallback","caller_received":"unknown",)"
                              R"("operator_initials":"AB")")));
}

// With what nobody saw left out.
std::vector<std::string> pause_words(const Host& host, const std::string& line) {
  return {"record",
          "--about",
          "incident",
          "--family",
          "responses",
          "--status-class",
          "not_sent",
          "--decision",
          "paused",
          "--initials",
          "AB",
          "--owner",
          "platform-oncall",
          "--line",
          line,
          "--config.file",
          host.config_file()};
}

TEST(RecordCommand, InventsNothingWhereNothingWasSent) {
  const Host host;
  const std::string id = record_outcome(host);
  const auto ran = command(pause_words(host, id));
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(line_of(host, ran.out),
              HasSubstr(R"("status_class":"not_sent","retry_attempts":"unknown",)"
                        R"("fallback_decision":"paused","caller_received":"unknown","cited_seq":)" +
                        std::to_string(*ledger::seq_of(id)) + ','));
  EXPECT_THAT(command(pause_words(host, id + "000")).err, HasSubstr("is no line of this ledger"));
}

TEST(RecordedDecisions, AreListedAndExportedByTheirKind) {
  const Host host;
  const std::string id = record_outcome(host);
  const std::string first = command(decision_words(host)).out;
  const std::string second = command(pause_words(host, id)).out;
  const auto asked = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--ledger", host.path("ledger"), "--kind", "decision"});
    return command(words);
  };
  const auto table = asked({"ledger", "query", "-o", "table"}).out;
  EXPECT_THAT(table, StartsWith("recorded_at"));
  EXPECT_THAT(table, HasSubstr("  chat_completions  use_fallback  retryable     2"));
  EXPECT_THAT(table, HasSubstr("not_sent      unknown  unknown          " + id + "  AB"));
  EXPECT_EQ(asked({"ledger", "query", "-o", "json", "--decision", "paused"}).out,
            line_of(host, second) + '\n');
  EXPECT_EQ(asked({"ledger", "query", "-o", "json", "--limit", "1"}).out,
            line_of(host, second) + '\n');
  EXPECT_THAT(asked({"ledger", "export", "-o", "json", "--fields", "runbook-a"}).out,
              HasSubstr(R"("status_class":"not_sent","retry_attempts":"unknown",)"
                        R"("fallback_decision":"paused","operator_initials":"AB",)"
                        R"("follow_up_owner":"platform-oncall"})"));
  EXPECT_THAT(asked({"ledger", "export", "-o", "csv"}).out,
              HasSubstr(R"("chat_completions","","retryable","2","unknown","use_fallback","")"));
  EXPECT_EQ(asked({"ledger", "query", "--probe", "chat-walk"}).exit_code, exit_usage);
  EXPECT_EQ(asked({"ledger", "query", "--status-class", "2xx"}).exit_code, exit_usage);
  EXPECT_EQ(asked({"ledger", "export", "-o", "json", "--fields", "runbook-b"}).exit_code,
            exit_usage);
  EXPECT_EQ(asked({"ledger", "export", "--from", id}).exit_code, exit_usage);
  EXPECT_THAT(queried(host, "json"), Not(HasSubstr(R"("kind":"decision")")));
}

TEST(RecordCommand, GoesThroughARunningServiceAndRefusesAWrongFamily) {
  const Host host;
  tests::Ran ran;
  {
    const RunningService service(host);
    ran = command(decision_words(host));
  }
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  auto words = decision_words(host);
  words[4] = "chat";
  EXPECT_EQ(command(words).exit_code, exit_usage);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
