#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "probes/core/claims_guard.h"
#include "tests/exporters/metrics/samples.h"

namespace smokeledger::exporters::metrics {
namespace {

std::string page() {
  std::ifstream file(std::string(SMOKELEDGER_SOURCE_DIR) + "/docs/metrics.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The cells of the table rows whose first cell is in backquotes, by that cell.
std::map<std::string, std::vector<std::string>> table_rows(const std::string& first_cell_begins) {
  std::map<std::string, std::vector<std::string>> rows;
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `" + first_cell_begins)) continue;
    std::vector<std::string> cells;
    std::size_t from = 2;
    for (auto to = line.find(" |", from); to != std::string::npos; to = line.find(" |", from)) {
      cells.push_back(line.substr(from, to - from));
      from = to + 3;
    }
    rows[cells.front().substr(1, cells.front().size() - 2)] = cells;
  }
  return rows;
}

template <class Range>
std::string listed(const Range& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "`" : ", `").append(word).append("`");
  return text;
}

TEST(Catalogue, AndThePageOfMetricsNameTheSame) {
  auto rows = table_rows("smokeledger_");
  for (const MetricInfo& info : catalogue()) {
    const auto row = rows.find(info.name);
    ASSERT_NE(row, rows.end()) << info.name << " is not on the page";
    ASSERT_EQ(row->second.size(), 4U) << info.name;
    EXPECT_EQ(row->second[1], info.type) << info.name;
    EXPECT_EQ(row->second[2], info.labels.empty() ? "none" : listed(info.labels)) << info.name;
    EXPECT_EQ(row->second[3], info.help) << info.name;
    rows.erase(row);
  }
  for (const auto& [name, cells] : rows) ADD_FAILURE() << name << " exists on the page only";
}

TEST(Catalogue, LabelsHoldTheWordsThatThePageLists) {
  std::vector<std::string_view> reasons;
  for (const auto reason : core::Words<core::Reason>::list) {
    if (reason != "none" && reason != "aborted" && reason != "unknown_crash") {
      reasons.push_back(reason);
    }
  }
  reasons.push_back(core::gateways_reason);
  std::vector<std::string_view> gaps(core::Words<core::Gap>::list.begin() + 1,
                                     core::Words<core::Gap>::list.end());
  const std::map<std::string, std::string> expected{
      {"family", listed(core::Words<core::EndpointFamily>::list)},
      {"mode", listed(core::Words<core::Mode>::list)},
      {"status_class", listed(core::Words<core::StatusClass>::list)},
      {"reason", listed(reasons)},
      {"layer", listed(core::Words<core::Layer>::list)},
      {"decision", listed(core::Words<core::Decision>::list)},
      {"result", listed(core::Words<core::ParserResult>::list)},
      {"gap", listed(gaps)},
      {"direction", "`input`, `output`"},
      {"state", "`open`, `acknowledged`, `resolved`"},
      {"handed_to", listed(core::Words<core::HandedTo>::list)},
  };
  auto rows = table_rows("");
  for (const auto& [label, values] : expected) {
    ASSERT_TRUE(rows.contains(label)) << label;
    EXPECT_EQ(rows[label].at(1), values) << label;
  }
  std::set<std::string> open{"probe", "provider", "version", "sha256", "ledger"};
  for (const MetricInfo& info : catalogue()) {
    for (const auto& label : info.labels) {
      EXPECT_TRUE(open.contains(label) || expected.contains(label)) << label << " has no list";
    }
  }
}

TEST(Catalogue, IsWhatAFilledRegistryShows) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  metrics.set_ledger_seq(1);
  metrics.restore_reviews({});
  metrics.set_packets({});
  metrics.set_checkpoint("staging-0a1b2c3d", 1, {});
  metrics.set_config_sha256("0123456789abcdef");
  metrics.set_reload(true, core::WallTime{});
  metrics.set_next_due("chat-walk", core::WallTime{});
  metrics.set_last_outcome("chat-walk", core::WallTime{});
  metrics.set_contracts_reviewed({{core::EndpointFamily::responses, core::WallTime{}}});
  std::set<std::string> described;
  std::istringstream lines(metrics.text());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) described.insert(line);
  }
  for (const MetricInfo& info : catalogue()) {
    EXPECT_EQ(described.erase("# HELP " + info.name + " " + info.help), 1U) << info.name;
    EXPECT_EQ(described.erase("# TYPE " + info.name + " " + info.type), 1U) << info.name;
  }
  for (const auto& line : described) ADD_FAILURE() << "not in the catalogue: " << line;
}

TEST(Catalogue, HasHelpThatTheTextFormatCanCarryUnescaped) {
  for (const MetricInfo& info : catalogue()) {
    EXPECT_FALSE(info.help.empty()) << info.name;
    EXPECT_EQ(info.help.find_first_of("\\\n"), std::string::npos) << info.name;
  }
}

// What the claims guard finds, and names of types and ratios that no text of ours would hold.
void expect_no_claim(const std::string& text) {
  for (const auto& claim : probes::core::find_claims(text)) ADD_FAILURE() << claim.words;
  for (const auto* refused : {"duration", "histogram", "summary", "_ratio"}) {
    EXPECT_EQ(text.find(refused), std::string::npos) << "`" << refused << "` in: " << text;
  }
}

TEST(Catalogue, ClaimsNothingThatSmokeTestsCannotShow) {
  for (const MetricInfo& info : catalogue()) {
    expect_no_claim(info.name);
    expect_no_claim(info.help);
    EXPECT_TRUE(info.type == "counter" || info.type == "gauge") << info.name;
  }
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  expect_no_claim(metrics.text());
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
