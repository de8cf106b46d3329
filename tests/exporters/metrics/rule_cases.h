// What Prometheus is given in the tests of the rules, and what comes of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace smokeledger::exporters::metrics {

// What Prometheus is given, a sample a minute, and whether an alert comes of it.
struct RuleCase {
  std::string name;
  std::string alert;
  std::vector<std::pair<std::string, std::string>> series;  // as promtool spells values
  std::string at;
  std::string labels;  // of the alert that fires, beside `window`; none: it stays quiet
  std::string summary;
};

// Each alert fires in one and stays quiet in another, for probes as in rules_test.cpp.
std::vector<RuleCase> rule_cases();

}  // namespace smokeledger::exporters::metrics
