#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "exporters/ledger/reader.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using tests::Host;

// The recorded lines of one run of every probe, as a new ledger with one change.
template <class Change>
std::string changed_ledger(const Host& host, Change change) {
  EXPECT_EQ(command({"once", "--config.file", host.config_file()}).exit_code, 12);
  std::vector<std::pair<core::Line, core::WallTime>> lines;
  auto reader = exporters::ledger::Reader::open(host.path("ledger")).value();
  while (auto item = reader.next().value()) {
    lines.emplace_back(reader.decode(*item).value(), item->frame.recorded_at);
  }
  auto options = tests::options_in(host.path("changed"));
  options.name = "changed";
  const auto made = exporters::ledger::Ledger::open(options).value();
  for (auto& [line, at] : lines) {
    // They speak of the ledger they stood in.
    if (std::holds_alternative<core::OpenLine>(line)) continue;
    if (std::holds_alternative<core::CheckpointLine>(line)) continue;
    change(line);
    EXPECT_TRUE(made->append({&line, 1}, at));
  }
  return host.path("changed");
}

void leave(core::Line&) {}

void change_a_rule(core::Line& line) {
  auto* outcome = std::get_if<core::OutcomeLine>(&line);
  if (outcome != nullptr && outcome->outcome.probe == "chat-walk") outcome->outcome.rule = "mine";
}

void lose_a_policy(core::Line& line) {
  auto* policy = std::get_if<core::PolicyLine>(&line);
  if (policy != nullptr && policy->probe == "chat-walk") line = core::ClockStepLine{};
}

TEST(LedgerReplay, OfARightLedgerExitsWithZero) {
  const Host host;
  const auto dir = changed_ledger(host, leave);
  const auto ran = command({"ledger", "replay", "--ledger", dir}, true);
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.out;
  EXPECT_EQ(ran.out, "2 outcomes replayed, 0 differ, 0 could not be replayed\n");
}

TEST(LedgerReplay, PrintsALineForEachDifference) {
  const Host host;
  const auto dir = changed_ledger(host, change_a_rule);
  const auto ran = command({"ledger", "replay", "--ledger", dir, "-o", "table"});
  EXPECT_EQ(ran.exit_code, exit_failed);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], StartsWith("ledger_id"));
  EXPECT_THAT(lines[1], HasSubstr("  rule   mine      credential_missing"));
  EXPECT_EQ(lines[2], "2 outcomes replayed, 1 differs, 0 could not be replayed");
}

TEST(LedgerReplay, PrintsObjectsForAProgram) {
  const Host host;
  const auto dir = changed_ledger(host, change_a_rule);
  const auto ran = command({"ledger", "replay", "--ledger", dir});
  EXPECT_EQ(ran.exit_code, exit_failed);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0],
              HasSubstr(R"("replayed":true,"field":"rule","recorded":"mine",)"
                        R"("recomputed":"credential_missing"})"));
  EXPECT_EQ(lines[1],
            R"({"outcomes_replayed":2,"differ":1,"could_not_be_replayed":0,)"
            R"("contradictions_in_other_lines":0,"runs_under_way":0,)"
            R"("outcomes_begun_in_retired_segments":0,"stated_breaks":0,"problem":null})");
}

TEST(LedgerReplay, DoesNotPassWhatItCouldNotCheck) {
  const Host host;
  const auto dir = changed_ledger(host, lose_a_policy);
  const auto ran = command({"ledger", "replay", "--ledger", dir}, true);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out,
              HasSubstr("  could not be replayed: a policy line: there is none before it"));
  EXPECT_THAT(ran.out, HasSubstr("\n1 outcome replayed, 0 differ, 1 could not be replayed\n"));
}

TEST(LedgerReplay, OfDamageOrOfNothingSaysSo) {
  const Host host;
  const auto dir = changed_ledger(host, leave);
  for (const auto& file : tests::segment_files(dir)) {
    std::string bytes = tests::read_bytes(file);
    bytes[bytes.size() - 100] ^= 1;
    tests::write_bytes(file, bytes);
  }
  auto ran = command({"ledger", "replay", "--ledger", dir}, true);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, HasSubstr("; damaged: ledger-"));
  ran = command({"ledger", "replay", "--ledger", host.path("nowhere")});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, StartsWith("smokeledger: "));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
