#include "tests/exporters/metrics/promtool.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "exporters/metrics/rules.h"
#include "tests/exporters/metrics/samples.h"

namespace smokeledger::exporters::metrics {
namespace {

constexpr const char* needs = "promtool is needed: install the Debian package prometheus";

std::string source(const std::string& path) {
  std::ifstream file(std::string(SMOKELEDGER_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

TEST(Promtool, HasNothingToSayOfAFilledRegistry) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  metrics.restore({{{core::Counter::attempts, {"responses", "openai"}}, 123'456'789}});
  metrics.set_ledger_seq(1'000'000'000);
  metrics.restore_reviews({});
  metrics.set_packets({});
  metrics.set_checkpoint("staging-0a1b2c3d", 1, {});
  metrics.set_config_sha256("0123456789abcdef");
  metrics.set_reload(true, core::WallTime{});
  metrics.set_next_due("chat-walk", core::WallTime{});
  metrics.set_last_outcome("chat-walk", core::WallTime{});
  const auto result = promtool("check metrics", metrics.text(), true);
  EXPECT_EQ(result.exit_code, 0) << needs;
  EXPECT_EQ(result.output, "");
}

TEST(Promtool, FindsFaultWithABrokenExposition) {
  const auto result = promtool("check metrics", "# HELP a b\nc\n# TYPE a counter\na 1\n", true);
  EXPECT_NE(result.exit_code, 0) << "else the test above could not fail";
}

// The shipped configuration, with its rules where they lie: promtool reads a copy elsewhere.
std::string scrape_configuration() {
  auto text = source("etc/prometheus/prometheus.yml");
  const std::string_view rules = "\"smokeledger.rules.yml\"";
  const auto at = text.find(rules);
  EXPECT_NE(at, std::string::npos) << "the shipped rules are not named";
  if (at == std::string::npos) return text;
  return text.replace(
      at, rules.size(), "\"" SMOKELEDGER_SOURCE_DIR "/etc/prometheus/smokeledger.rules.yml\"");
}

TEST(Promtool, AcceptsTheShippedScrapeConfigurationAndItsRules) {
  const auto text = scrape_configuration();
  const auto shipped = promtool("check config", text);
  EXPECT_EQ(shipped.exit_code, 0) << needs << '\n' << shipped.output;
}

TEST(Promtool, AcceptsTheCentralJobOnceItIsUncommented) {
  std::istringstream lines(scrape_configuration());
  std::string text;
  bool in_job = false;
  for (std::string line; std::getline(lines, line);) {
    in_job = in_job || line.starts_with("  # - job_name: smokeledger-central");
    text += (in_job && line.starts_with("  # ") ? "  " + line.substr(4) : line) + '\n';
  }
  ASSERT_TRUE(in_job);
  const auto result = promtool("check config", text);
  EXPECT_EQ(result.exit_code, 0) << needs << '\n' << result.output;
}

TEST(Amtool, AcceptsTheShippedAlertmanagerConfigurationAndCouldRefuseIt) {
  auto text = source("etc/alertmanager/alertmanager.yml");
  const auto shipped = amtool("check-config", text);
  EXPECT_EQ(shipped.exit_code, 0) << "amtool is needed: install the Debian package "
                                     "prometheus-alertmanager\n"
                                  << shipped.output;
  const std::string_view receiver = "name: smokeledger\n";
  text.replace(text.find(receiver), receiver.size(), "name: another\n");
  const auto refused = amtool("check-config", text);
  EXPECT_NE(refused.exit_code, 0) << "a route leads to a receiver that is not there";
  EXPECT_NE(refused.output.find("\"smokeledger\""), std::string::npos) << refused.output;
}

// Where an alert goes: the names of its receivers, on the last line of the answer.
std::string receivers_of(const AlertRow& alert) {
  const auto routed = amtool("config routes test alertname=" + std::string(alert.name) + " about=" +
                                 std::string(core::word(alert.about)) + " --config.file",
                             source("etc/alertmanager/alertmanager.yml"));
  const auto end = routed.output.find_last_not_of('\n') + 1;
  const auto begin = end == 0 ? 0 : routed.output.rfind('\n', end - 1) + 1;
  return routed.output.substr(begin, end - begin);
}

TEST(Amtool, SendsAlertsOnRoutesAndDrillsToThePacketsAndAllToPeople) {
  for (const AlertRow& alert : alerts()) {
    const bool packet = alert.about == AlertAbout::routes || alert.about == AlertAbout::drills;
    EXPECT_EQ(receivers_of(alert), packet ? "smokeledger,people" : "people") << alert.name;
  }
}

// The expressions of the page: each ```promql block is one.
std::vector<std::string> page_expressions() {
  std::vector<std::string> expressions;
  std::istringstream lines(source("docs/metrics.md"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```promql") {
      inside = true;
      expressions.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      expressions.back() += line + '\n';
    }
  }
  return expressions;
}

TEST(Promtool, AcceptsEveryExpressionOfThePage) {
  const auto expressions = page_expressions();
  ASSERT_GE(expressions.size(), 5U);
  std::string rules = "groups:\n  - name: page\n    rules:\n";
  int number = 0;
  for (const auto& expression : expressions) {
    rules += "      - record: page:expression:" + std::to_string(number++) + "\n        expr: |\n";
    std::istringstream lines(expression);
    for (std::string line; std::getline(lines, line);) rules += "          " + line + '\n';
  }
  const auto result = promtool("check rules", rules);
  EXPECT_EQ(result.exit_code, 0) << needs << '\n' << result.output;
}

TEST(ThePageOfMetrics, UsesNoMetricThatDoesNotExist) {
  std::set<std::string> known;
  for (const auto& info : catalogue()) known.insert(info.name);
  for (const auto& expression : page_expressions()) {
    for (auto at = expression.find("smokeledger_"); at != std::string::npos;) {
      const auto end = expression.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", at);
      const auto name = expression.substr(at, end - at);
      EXPECT_TRUE(known.contains(name)) << name;
      at = expression.find("smokeledger_", at + 1);
    }
  }
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
