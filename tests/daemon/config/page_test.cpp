// docs/configuration.md and the key tables are held to each other.
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/config.h"
#include "daemon/config/keys.h"

namespace smokeledger::daemon::config {
namespace {

// Rows of keys on the page, in order, each with its heading: "[ledger]", "[[probes]]".
std::vector<std::string> page_rows() {
  std::ifstream in(SMOKELEDGER_SOURCE_DIR "/docs/configuration.md");
  std::vector<std::string> rows;
  std::string heading;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) heading = line.substr(3);
    if (line.starts_with("| `")) rows.push_back(heading + " " + line);
  }
  return rows;
}

std::string heading_of(const KeyInfo& row, std::string_view top, bool in_arrays) {
  if (row.section.empty()) return std::string(top);
  if (row.section == "extension") return "Extension";
  in_arrays = in_arrays && row.section != "stream";
  const bool array = in_arrays || row.section == "probes";
  return (array ? "[[" : "[") + std::string(row.section) + (array ? "]]" : "]");
}

TEST(ConfigurationPage, describes_every_key_in_file_order_and_nothing_else) {
  std::vector<std::string> expected;
  for (const KeyInfo& row : config_keys()) {
    expected.push_back(heading_of(row, "Top level", false) + " " + page_row(row));
  }
  for (const KeyInfo& row : contract_keys()) {
    expected.push_back(heading_of(row, "Contract", true) + " " + page_row(row));
  }
  EXPECT_THAT(page_rows(), testing::ElementsAreArray(expected));
}

TEST(ConfigurationPage, states_the_class_table_of_the_code) {
  std::ifstream in(SMOKELEDGER_SOURCE_DIR "/docs/configuration.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const core::ClassRow& row : core::class_rows()) {
    if (row.reason == core::Reason::none) continue;
    std::string choices;
    for (const auto action : core::every<core::AfterFailure>()) {
      if (!core::may_choose(row.reason, action)) continue;
      choices.append(choices.empty() ? "`" : ", `").append(word(action)).append("`");
    }
    const std::string line = "\n| " + std::string(word(row.reason)) + " | `" +
                             std::string(word(row.by_default)) + "` | " + choices + " |\n";
    EXPECT_THAT(page, testing::HasSubstr(line));
  }
}

TEST(KeyTable, gives_every_optional_key_a_default_and_every_key_an_example) {
  for (const auto keys : {config_keys(), contract_keys()}) {
    for (const KeyInfo& row : keys) {
      const bool table =
          row.type == KeyType::table || row.type == KeyType::tables || row.type == KeyType::named;
      EXPECT_TRUE(row.required || table || !row.fallback.empty()) << row.section << "." << row.key;
      EXPECT_FALSE(row.example.empty()) << row.section << "." << row.key;
      EXPECT_FALSE(row.says.empty()) << row.section << "." << row.key;
    }
  }
}

TEST(KeyTable, keeps_the_rows_of_a_section_together) {
  for (const auto keys : {config_keys(), contract_keys()}) {
    for (const KeyInfo& row : keys) {
      const auto rows = section_keys(keys, row.section);
      EXPECT_TRUE(&row >= &rows.front() && &row <= &rows.back()) << row.section << "." << row.key;
    }
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
