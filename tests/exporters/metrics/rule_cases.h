// What Prometheus is given in the tests of the rules, and what comes of it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/core/words.h"

namespace smokeledger::exporters::metrics {

// What a case is about. Each alert has one of every kind at least.
enum class CaseKind {
  fires,
  quiet,
  restart,  // scrapes fail for a while (`stale` and gaps), and go on with what a restart makes of
            // it
  absent    // there is no series at all
};

}  // namespace smokeledger::exporters::metrics

template <>
struct smokeledger::probes::core::Words<smokeledger::exporters::metrics::CaseKind> {
  static constexpr std::array<std::string_view, 4> list{"fires", "quiet", "restart", "absent"};
};

namespace smokeledger::exporters::metrics {

// What Prometheus is given, a sample a minute, and whether an alert comes of it.
struct RuleCase {
  std::string alert;
  CaseKind kind{};
  std::string name;                                         // what is so in this case
  std::vector<std::pair<std::string, std::string>> series;  // as promtool spells values
  std::string at;                                           // a multiple of 5 minutes
  std::string summary{};  // of the alert that fires; empty: it stays quiet
  std::string labels{};   // of that alert, beside those that every alert has
};

// For probes as in rules_test.cpp, whose WINDOW is 75 minutes.
std::vector<RuleCase> rule_cases();

// Parts of it, by what is observed.
std::vector<RuleCase> cases_of_probes();
std::vector<RuleCase> cases_of_drills();
std::vector<RuleCase> cases_of_counters();
std::vector<RuleCase> cases_of_the_schedule();
std::vector<RuleCase> cases_of_people();
std::vector<RuleCase> cases_of_the_service();
std::vector<RuleCase> cases_of_the_ledger();

// A recorded value, and what it is recorded of: a sample every 10 minutes.
struct TrendCase {
  std::string name;
  std::vector<std::pair<std::string, std::string>> series;
  std::string at;
  std::string expr;
  std::string labels;  // with the metric's name: a whole selector
  double value = 0;
};
std::vector<TrendCase> trend_cases();

}  // namespace smokeledger::exporters::metrics
