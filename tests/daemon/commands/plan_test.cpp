#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "daemon/commands/plan_table.h"
#include "daemon/system_clock.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using tests::Host;
namespace core = probes::core;

TEST(Plan, PrintsOneObjectAProbe) {
  const Host host;
  const auto ran = command({"plan", "--config.file", host.config_file(), "--hosts", "2"});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("no ledger yet"));
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  simdjson::dom::parser parser;
  simdjson::dom::element walk;
  ASSERT_EQ(parser.parse(lines[0]).get(walk), simdjson::SUCCESS) << lines[0];
  EXPECT_EQ(std::string_view(walk["probe"]), "chat-walk");
  EXPECT_EQ(std::string_view(walk["mode"]), "walk");
  EXPECT_EQ(walk["routes"].get_array().value().size(), 2U);
  EXPECT_EQ(std::int64_t(walk["interval_ms"]), 1'800'000);
  EXPECT_EQ(std::int64_t(walk["hours"]), 24);
  EXPECT_EQ(std::int64_t(walk["hosts"]), 2);
  EXPECT_EQ(std::int64_t(walk["runs_per_day"]), 96);
  EXPECT_EQ(std::int64_t(walk["calls_per_day"]), 96);
  EXPECT_EQ(std::int64_t(walk["worst_calls_per_day"]), 2 * 48 * 4);
  EXPECT_EQ(std::int64_t(walk["output_tokens_per_day"]), 96 * 256);
  EXPECT_EQ(std::string_view(walk["bound_by"]), "interval");
  EXPECT_EQ(std::int64_t(walk["runs_not_fitting"]), 0);
  EXPECT_EQ(std::string_view(walk["after"]["throttled"]), "retry_then_fall_back");
  const auto first = walk["next_runs"].at(0);
  EXPECT_LE(std::string_view(first["from"]), std::string_view(first["to"]));
}

TEST(Plan, PrintsATableWithItsSumOnATerminal) {
  const Host host;
  for (const auto& ran : {command({"plan", "--config.file", host.config_file()}, true),
                          command({"plan", "--config.file", host.config_file(), "-o", "table"})}) {
    const auto lines = tests::split_lines(ran.out);
    ASSERT_THAT(lines, SizeIs(3 + 2 + 2 + 20));
    EXPECT_THAT(lines[0], StartsWith("probe        mode    routes"));
    EXPECT_THAT(lines[1], StartsWith("chat-walk    walk    chat>responses  30m"));
    EXPECT_THAT(lines[2], StartsWith("chat-direct  direct  chat            30m"));
    EXPECT_THAT(lines[3], StartsWith("in 24 h on each host: "));
    EXPECT_THAT(lines[4],
                StartsWith("in a day on 1 host(s): 96 calls and 24576 output tokens when every "
                           "primary answers, 240 calls and "));
    EXPECT_THAT(lines[7], testing::MatchesRegex("throttled +retry_then_fall_back"));
  }
}

TEST(Plan, OfAnInvalidConfigurationNamesTheErrorsAndFails) {
  Host host;
  host.change("mode = \"walk\"", "mode = \"fly\"");
  const auto ran = command({"plan", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, HasSubstr(host.config_file() + ":"));
  EXPECT_EQ(command({"plan", "--config.file", host.path("gone.toml")}).exit_code, exit_failed);
}

TEST(Plan, ReadsTheLedgerForTheTimeOfTheLastRuns) {
  const Host host;
  ASSERT_EQ(command({"once", "--config.file", host.config_file(), "chat-walk"}).exit_code, 12);
  const auto before = system_stamp().wall;
  const auto ran = command({"plan", "--config.file", host.config_file()});
  EXPECT_EQ(ran.err, "");
  simdjson::dom::parser parser;
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  const std::string from(
      std::string_view(parser.parse(lines[0])["next_runs"].at(0)["from"].get_string().value()));
  EXPECT_GT(*core::parse_utc(from), before + 20min) << "its slot is used";
}

TEST(Plan, SaysWhenTheLedgerCannotBeRead) {
  const Host host;
  std::filesystem::create_directory(host.path("ledger"));
  const auto ran = command({"plan", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_ok);
  EXPECT_THAT(ran.err, StartsWith("the ledger could not be read: "));
}

TEST(Planned, IsTheWindowThatJitterLeaves) {
  const Host host;
  const auto config = *config::load_config(host.config_file()).config;
  const core::Stamp now{tests::at(tests::noon), "00000001", core::Instant{1000h}};
  core::ProbeState known;
  known.probe = "chat-walk";
  known.last_attempt = core::Stamp{now.wall - 10min, now.boot_id, now.boot - 10min};
  core::State state;
  state.probes["chat-walk"] = known;
  const auto probes = planned(config, state, {.now = now});
  ASSERT_THAT(probes, SizeIs(2));
  const auto& walk = probes[0].next_runs;
  EXPECT_EQ(walk[0].from, tests::at("2026-11-21T12:20:00Z"));
  EXPECT_EQ(walk[0].to, tests::at("2026-11-21T12:23:00Z")) << "a tenth of jitter";
  EXPECT_EQ(walk[1].from, tests::at("2026-11-21T12:50:00Z"));
  EXPECT_EQ(walk[1].to, tests::at("2026-11-21T12:56:00Z")) << "and a tenth more";
  EXPECT_THAT(walk, SizeIs(48));
  EXPECT_EQ(probes[1].next_runs[0].from, now.wall) << "it never ran: over the first interval";
  EXPECT_EQ(probes[1].next_runs[0].to, now.wall + 30min);
}

TEST(Planned, MarksRunsThatAWindowWouldPause) {
  Host host;
  host.change("[schedule]",
              "[windows.noon]\ntime_zone = \"UTC\"\nfrom = \"12:40\"\nto = \"13:00\"\n"
              "[schedule]\nquiet = [\"noon\"]");
  const auto read = config::load_config(host.config_file());
  ASSERT_TRUE(read.config);
  const core::Stamp now{tests::at(tests::noon), "00000001", core::Instant{1000h}};
  const auto probes = planned(*read.config, {}, {.window = 2h, .now = now});
  std::vector<std::string> quiet;
  for (const auto& run : probes[0].next_runs) quiet.push_back(run.quiet);
  EXPECT_EQ(quiet, (std::vector<std::string>{"", "", "", ""}));
  const core::Stamp later{now.wall + 10min, "00000001", core::Instant{1000h}};
  const auto paused = planned(*read.config, {}, {.window = 1h, .now = later});
  ASSERT_THAT(paused[0].next_runs, SizeIs(2));
  EXPECT_EQ(paused[0].next_runs[1].quiet, "noon");
}

TEST(ClassTable, HasAColumnForEachProbeThatSaysOtherwise) {
  Host host;
  host.change("mode = \"walk\"", "mode = \"walk\"\nretry = { on = { dns = \"escalate\" } }");
  const auto read = config::load_config(host.config_file());
  ASSERT_TRUE(read.config);
  const auto lines = tests::split_lines(class_table(planned(*read.config, {}, {})));
  EXPECT_THAT(lines[0], testing::MatchesRegex("after +by_default +chat-walk"));
  EXPECT_THAT(lines,
              testing::Contains(testing::MatchesRegex("dns +retry_then_fall_back +escalate")));
  EXPECT_THAT(lines, testing::Contains(testing::MatchesRegex("tls +fall_back +-")));
}

TEST(PlanRow, OfAClientDrillHasNoNextRun) {
  auto plan = std::make_shared<core::ProbePlan>();
  plan->drill.emplace();
  plan->drill->of = core::DrillOf::client;
  config::Config config;
  config.probes = {plan};
  const auto probes = planned(config, {}, {});
  ASSERT_THAT(probes, SizeIs(1));
  EXPECT_THAT(probes[0].next_runs, SizeIs(0));
  EXPECT_EQ(plan_row(probes[0]).at(4), "-");
}

TEST(PlanRow, FitsItsHeader) {
  EXPECT_THAT(plan_row({std::make_shared<core::ProbePlan>(), {}, {}}), SizeIs(plan_header.size()));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
