// docs/operations.md has a place for everything that somebody has to act on.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "daemon/commands/command.h"
#include "daemon/commands/drill_line.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/ledger_verify.h"
#include "daemon/commands/outcome_table.h"
#include "exporters/ledger/note_key.h"
#include "exporters/metrics/rules.h"
#include "probes/core/decision.h"
#include "probes/core/reading.h"
#include "probes/core/reason.h"
#include "tests/daemon/commands/code.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using tests::NameSet;
using Cells = std::vector<std::string>;

// The rows of all tables below a heading, up to the next heading.
std::vector<Cells> rows_below(const std::string& heading) {
  const auto page = tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/docs/operations.md");
  std::vector<Cells> rows;
  bool inside = false;
  for (const auto& line : tests::split_lines(page)) {
    if (line.starts_with("#")) inside = line == heading;
    if (!inside || !line.starts_with("| ") || line.starts_with("| ---")) continue;
    Cells cells;
    for (std::size_t from = 1; from < line.size();) {
      const auto to = line.find('|', from);
      const auto begin = line.find_first_not_of(' ', from);
      const auto end = line.find_last_not_of(' ', to - 1) + 1;
      cells.push_back(begin < end ? line.substr(begin, end - begin) : "");
      from = to + 1;
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

NameSet names_in_first_column(const std::string& heading) {
  NameSet names;
  for (const auto& row : rows_below(heading)) {
    for (const auto& name : tests::code_spans(row.front())) {
      EXPECT_TRUE(names.insert(name).second) << name << " is there twice";
    }
  }
  return names;
}

template <class E>
NameSet words() {
  return {core::Words<E>::list.begin(), core::Words<E>::list.end()};
}

TEST(OperationsPage, SaysWhatToDoAfterEveryReasonAndFinding) {
  NameSet reasons = words<core::Reason>();
  reasons.erase("none");
  EXPECT_EQ(names_in_first_column("### Reasons"), reasons);
  EXPECT_EQ(names_in_first_column("### Findings"), words<core::FindingCode>());
}

TEST(OperationsPage, SaysWhatToDoAfterEveryDecisionByEachOfItsRules) {
  std::set<std::pair<std::string, std::string>> expected;
  for (const auto& rule : core::rules()) {
    expected.emplace(core::word(rule.decision), rule.id);
  }
  std::set<std::pair<std::string, std::string>> found;
  std::string decision;
  for (const auto& row : rows_below("## Decisions, and what to do next")) {
    if (row.front() == "decision") continue;
    ASSERT_EQ(row.size(), 3U) << row.front();
    if (!row[0].empty()) decision = tests::code_spans(row[0]).at(0);
    found.emplace(decision, tests::code_spans(row[1]).at(0));
    EXPECT_FALSE(row[2].empty()) << row[1];
  }
  EXPECT_EQ(found, expected);
}

TEST(OperationsPage, HasASectionForEveryAlertAndForNoOther) {
  NameSet expected;
  for (const auto& row : exporters::metrics::alerts()) expected.emplace(row.name);
  NameSet found;
  const auto page = tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/docs/operations.md");
  for (const auto& line : tests::split_lines(page)) {
    if (line.starts_with("### Smokeledger")) found.insert(line.substr(4));
  }
  EXPECT_EQ(found, expected);
}

TEST(OperationsPage, MakesThePublicHalfOfAKeyAsTheServiceDoes) {
  const auto page = tests::read_bytes(SMOKELEDGER_SOURCE_DIR "/docs/operations.md");
  const auto blocks = tests::code_blocks(page);
  const auto block = std::find_if(blocks.begin(), blocks.end(), [](const auto& one) {
    return one.text.find("openssl pkey") != std::string::npos;
  });
  ASSERT_NE(block, blocks.end());
  const auto key = exporters::ledger::SignerKey::random("staging");
  ASSERT_TRUE(key);
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "ledger-key", key->pem());
  const std::string commands = "cd '" + dir.path().string() + "' && " + block->text;
  ASSERT_EQ(std::system(commands.c_str()), 0) << "openssl is needed";
  EXPECT_EQ(tests::read_bytes(dir.path() / "ledger-key.pub"), key->verifier().text() + '\n');
}

using Codes = std::set<int>;

// Numbers that begin a statement: `1 one is not, 2 cannot be used`.
Codes codes_in(const std::string& cell) {
  static const std::regex code("(?:^|, |; )(\\d{1,2}) ");
  Codes codes;
  for (std::sregex_iterator it(cell.begin(), cell.end(), code), end; it != end; ++it) {
    codes.insert(std::stoi((*it)[1]));
  }
  return codes;
}

const Codes of_a_service{exit_config_invalid,
                         exit_ledger_locked,
                         exit_ledger_unusable,
                         exit_ledger_corrupt,
                         exit_ledger_io,
                         exit_cannot_listen};

struct CommandCodes {
  Codes codes;              // beside 0, and 2 for wrong flags
  bool as_service = false;  // and those of `run`
};

std::map<std::string, CommandCodes> expected_codes() {
  using core::Decision;
  Codes decisions{exit_failed};
  for (const auto decision : core::every<Decision>()) {
    if (decision != Decision::keep_primary) decisions.insert(exit_code_of(decision));
  }
  const CommandCodes fails{{exit_failed}};
  const CommandCodes reads{{exit_failed, exit_unreadable}};
  return {{"check-config", fails},
          {"contract check", {{exit_failed, exit_usage}}},
          {"contract list", {{exit_usage}}},
          {"contract reviewed", {{exit_failed, exit_usage}, true}},
          {"contract show", {{exit_usage}}},
          {"demo", {{exit_failed, exit_usage}, true}},
          {"drill", {{exit_failed, exit_usage, exit_could_not_tell}, true}},
          {"evidence", {{exit_failed, exit_usage}}},
          {"ledger break", {{exit_failed, exit_ledger_locked, exit_ledger_io}}},
          {"ledger count", reads},
          {"ledger export", {{exit_failed, exit_usage, exit_unreadable}}},
          {"ledger head", reads},
          {"ledger query", {{exit_failed, exit_usage, exit_unreadable}}},
          {"ledger replay", reads},
          {"ledger verify", {{exit_failed, exit_behind, exit_fork, exit_unreadable}}},
          {"once", {decisions, true}},
          {"outbox", {{exit_failed, exit_usage, exit_unreadable}}},
          {"packet ack", {{exit_failed, exit_usage}, true}},
          {"packet close", {{exit_failed, exit_usage}, true}},
          {"packet list", reads},
          {"packet open", {{exit_failed, exit_usage}, true}},
          {"packet show", {{exit_failed, exit_usage, exit_unreadable}}},
          {"plan", fails},
          {"record", {{exit_failed, exit_usage}, true}},
          {"review", {{exit_failed, exit_usage}, true}},
          {"rules", fails},
          {"stub", {{exit_failed, exit_usage}}},
          {"version", {}}};
}

// A cell of several commands leaves out what they share: `ledger query`, `head`.
std::vector<std::string> commands_in(const std::string& cell) {
  std::vector<std::string> commands = tests::code_spans(cell);
  const auto blank = commands.empty() ? std::string::npos : commands[0].find(' ');
  if (blank == std::string::npos) return commands;
  for (std::size_t i = 1; i < commands.size(); ++i) {
    commands[i] = commands[0].substr(0, blank + 1) + commands[i];
  }
  return commands;
}

TEST(OperationsPage, HasEveryExitCodeOfEveryCommand) {
  auto expected = expected_codes();
  NameSet leaves;
  for (const auto& [command, flags] : tests::names().commands) {
    if (!tests::names().is_group(command) && command != "run") leaves.insert(command);
  }
  for (const auto& row : rows_below("## Exit codes")) {
    if (row[0] == "command" || row[0] == "`once --like`" || row[0].find('`') != 0) continue;
    for (const auto& command : commands_in(row[0])) {
      ASSERT_TRUE(expected.contains(command)) << command;
      EXPECT_EQ(codes_in(row.at(2)), expected[command].codes) << command;
      EXPECT_EQ(row.at(2).find("otherwise as `run`") != std::string::npos,
                expected[command].as_service)
          << command;
      EXPECT_EQ(leaves.erase(command), 1U) << command << " is no command, or is there twice";
    }
  }
  EXPECT_THAT(leaves, testing::IsEmpty()) << "these are not on the page";
}

TEST(OperationsPage, HasEveryExitCodeOfTheService) {
  Codes expected = of_a_service;
  expected.insert({exit_ok, exit_usage});
  Codes found;
  for (const auto& row : rows_below("## Exit codes")) {
    if (!row[0].empty() && row[0].find_first_not_of("0123456789") == std::string::npos) {
      found.insert(std::stoi(row[0]));
    }
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
