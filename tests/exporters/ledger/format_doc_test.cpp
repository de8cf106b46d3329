// docs/ledger-format.md against the code: every field, every word, and the worked example.
#include <stdio.h>

#include <map>
#include <memory>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/checkpoint_key.h"
#include "exporters/ledger/codec.h"
#include "exporters/ledger/signed_note.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using Names = std::set<std::string>;

const std::string source_dir = SMOKELEDGER_SOURCE_DIR;

// The page by headings: text from one `##` or `###` line to the next.
std::map<std::string, std::string> sections() {
  std::map<std::string, std::string> found;
  std::string heading;
  for (const auto& line : split_lines(read_bytes(source_dir + "/docs/ledger-format.md"))) {
    const bool is_heading = line.starts_with("## ") || line.starts_with("### ");
    if (is_heading) heading = line.substr(line.find(' ') + 1);
    found[heading] += line + "\n";
  }
  return found;
}

// The first column of a section's table.
Names rows_of(const std::string& section) {
  Names names;
  static const std::regex row("^\\| `([^`]+)`[^|]*\\|.*");
  std::smatch match;
  for (const auto& line : split_lines(section)) {
    if (std::regex_match(line, match, row)) names.insert(match[1]);
  }
  return names;
}

std::string fenced(const std::string& section, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const auto begin = section.find(fence) + fence.size();
  return section.substr(begin, section.find("```", begin) - begin);
}

// The section of the page that lists the members of a nested object.
const std::map<std::string, std::string> nested{{"attempts", "An attempt"},
                                                {"previous", "An attempt"},
                                                {"judged", "An attempt"},
                                                {"findings", "A finding"},
                                                {"tokens_reported", "Tokens"},
                                                {"last_attempt", "A stamp"},
                                                {"open_run", "An open run"},
                                                {"last", "`attempt`"},
                                                {"waiting", "A line that waits"},
                                                {"left_out", "Lines left out"},
                                                {"alert", "A received alert"},
                                                {"labels", "Labels of an alert"},
                                                {"alerts", "An alert of a packet"},
                                                {"closed", "An alert of a packet"},
                                                {"probes", "Outcomes of a probe"}};

class Members {
 public:
  void collect(const std::string& section, simdjson::dom::element element) {
    if (element.is_array()) {
      for (const auto item : element.get_array()) collect(section, item);
    }
    if (!element.is_object()) return;
    for (const auto [key, value] : element.get_object()) {
      const std::string name(key);
      by_section[section].insert(name);
      const auto inner = nested.find(name);
      if (inner != nested.end()) collect(inner->second, value);
    }
  }

  std::map<std::string, Names> by_section;
};

// Of everything the encoder writes, by the section that must list it.
std::map<std::string, Names> written_members() {
  ledger::Hasher hasher;
  simdjson::dom::parser parser;
  Members members;
  const Names frame{"v", "seq", "prev", "kind", "ledger_id", "recorded_at", "hash"};
  for (const auto& line : every_kind()) {
    const auto encoded = ledger::encode(hasher, {1, {}, "l", at(noon), 1}, line).value();
    const std::string section = "`" + std::string(core::kind_of(line)) + "`";
    members.by_section[section];
    members.collect(section, parser.parse(encoded.bytes).value());
    for (const auto& name : frame) {
      EXPECT_EQ(members.by_section[section].erase(name), 1U) << section << " lacks " << name;
    }
    members.by_section["Frame"] = frame;
  }
  members.by_section.erase("`forecast`");  // stands for kinds this build does not know
  return members.by_section;
}

TEST(LedgerFormatPage, lists_exactly_the_members_that_are_written) {
  auto page = sections();
  for (const auto& [section, names] : written_members()) {
    ASSERT_TRUE(page.contains(section)) << "no section " << section;
    EXPECT_EQ(rows_of(page[section]), names) << "in section " << section;
  }
}

TEST(LedgerFormatPage, has_a_section_for_every_kind_and_none_for_others) {
  const auto written = written_members();
  for (const auto& [section, text] : sections()) {
    EXPECT_TRUE(!section.starts_with('`') || written.contains(section)) << section;
  }
}

template <class E>
void expect_words_in(const std::string& text) {
  for (const auto word : core::Words<E>::list) {
    EXPECT_THAT(text, ::testing::HasSubstr("`" + std::string(word) + "`"));
  }
}

template <class E>
Names words() {
  return {core::Words<E>::list.begin(), core::Words<E>::list.end()};
}

TEST(LedgerFormatPage, names_every_word_a_line_may_hold) {
  auto page = sections();
  expect_words_in<core::Mode>(page["`attempt`"]);
  expect_words_in<core::Trigger>(page["`attempt`"]);
  expect_words_in<core::EndpointFamily>(page["`attempt`"]);
  expect_words_in<core::AuthScheme>(page["`attempt`"]);
  const auto outcome = page["`outcome`"];
  expect_words_in<core::StatusClass>(outcome);
  expect_words_in<core::FailureClass>(outcome);
  expect_words_in<core::WithinBudget>(outcome);
  expect_words_in<core::Seen>(outcome);
  expect_words_in<core::Layer>(outcome);
  expect_words_in<core::Tristate>(outcome);
  expect_words_in<core::CallerReceived>(outcome);
  expect_words_in<core::Decision>(outcome);
  expect_words_in<core::CheckResult>(outcome);
  const auto attempt = page["An attempt"];
  expect_words_in<core::StatusClass>(attempt);
  expect_words_in<core::FailureClass>(attempt);
  expect_words_in<core::ObjectFamily>(attempt);
  expect_words_in<core::ParserResult>(attempt);
  expect_words_in<core::RetryAfterSeen>(attempt);
  expect_words_in<core::ServedModelMatch>(attempt);
  expect_words_in<core::FindingCode>(page["A finding"]);
  expect_words_in<core::CheckResult>(page["`review`"]);
  expect_words_in<core::DecisionAbout>(page["`decision`"]);
  expect_words_in<core::SeenStatus>(page["`decision`"]);
  expect_words_in<core::ReviewReason>(page["A line that waits"]);
  const auto packet = page["`packet`"];
  expect_words_in<core::PacketEvent>(packet);
  expect_words_in<core::PacketOpener>(packet);
  expect_words_in<core::QuestionAbout>(packet);
  expect_words_in<core::HandedTo>(packet);
  expect_words_in<core::AlertStatus>(page["A received alert"]);
  EXPECT_EQ(rows_of(page["Labels of an alert"]), words<core::AlertLabel>());
}

TEST(LedgerFormatPage, explains_every_reason_and_gap) {
  auto page = sections();
  EXPECT_EQ(rows_of(page["Reasons"]), words<core::Reason>());
  EXPECT_EQ(rows_of(page["Gaps"]), words<core::Gap>());
}

TEST(LedgerFormatPage, bridges_every_field_of_both_runbooks_to_fields_that_exist) {
  const Names runbooks{"ledger_id",
                       "endpoint_family",
                       "request_id",
                       "status_class",
                       "retry_attempts",
                       "fallback_decision",
                       "operator_initials",
                       "follow_up_owner",
                       "credential",
                       "prompt_class",
                       "check_id",
                       "request_contract_version",
                       "fallback_taken",
                       "retry_count",
                       "backoff_policy_seen",
                       "parser_result",
                       "operator_decision",
                       "evidence_links"};
  const auto bridge = sections()["The runbooks' field names"];
  EXPECT_EQ(rows_of(bridge), runbooks);
  Names known;
  for (const auto& [section, names] : written_members()) known.insert(names.begin(), names.end());
  static const std::regex ours("`([a-z_]+)`");
  for (const auto& line : split_lines(bridge)) {
    if (!line.starts_with("| `")) continue;
    const std::string target = line.substr(line.find('|', 2));
    for (std::sregex_iterator name(target.begin(), target.end(), ours), end; name != end; ++name) {
      EXPECT_TRUE(known.contains((*name)[1])) << line;
    }
  }
}

TEST(LedgerFormatPage, shows_a_checkpoint_that_is_signed_by_the_key_it_shows) {
  std::string section = sections()["Checkpoints"];
  const auto note = ledger::parse_note(fenced(section, "text"));
  ASSERT_TRUE(note) << note.error();
  EXPECT_EQ(ledger::parse_checkpoint_text(note->text)->length, 256U);
  section.erase(0, section.find("```\n") + 4);
  const auto keys = ledger::read_verifier_keys(fenced(section, "text"));
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_FALSE(check_signatures(*note, *keys));
}

TEST(WorkedExample, on_the_page_is_the_golden_file_and_verifies) {
  const auto golden = read_bytes(source_dir + "/tests/golden/ledger/worked-example.jsonl");
  const auto section = sections()["Worked example"];
  EXPECT_EQ(fenced(section, "json"), golden);
  const auto lines = split_lines(golden);
  ASSERT_EQ(lines.size(), 3U);
  const ScratchDir dir;
  const auto prev = ledger::read_frame(lines[0])->prev;
  write_bytes(dir.path() / ledger::segment_name(0, prev), golden);
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_FALSE(verified.problem) << verified.problem->text();
  EXPECT_EQ(verified.lines, 3U);
}

TEST(WorkedExample, is_recomputed_by_the_commands_on_the_page) {
  const auto section = sections()["Worked example"];
  const std::string command =
      "cd '" + source_dir + "/tests/golden/ledger' && " + fenced(section, "sh");
  const std::unique_ptr<FILE, int (*)(FILE*)> shell(::popen(command.c_str(), "r"), ::pclose);
  ASSERT_NE(shell, nullptr);
  std::string output;
  char block[4096];
  while (const auto got = ::fread(block, 1, sizeof block, shell.get())) output.append(block, got);
  EXPECT_EQ(output, fenced(section, "text"));
  for (const auto& line :
       split_lines(read_bytes(source_dir + "/tests/golden/ledger/worked-example.jsonl"))) {
    const auto frame = *ledger::read_frame(line);
    EXPECT_THAT(output, ::testing::HasSubstr(ledger::hex(frame.hash)));
    EXPECT_THAT(output, ::testing::HasSubstr(ledger::hex(frame.prev)));
  }
}

}  // namespace
}  // namespace smokeledger::tests
