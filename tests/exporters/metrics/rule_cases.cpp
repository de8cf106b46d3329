#include "tests/exporters/metrics/rule_cases.h"

#include <iterator>

#include "exporters/metrics/rules.h"

namespace smokeledger::exporters::metrics {

std::vector<RuleCase> rule_cases() {
  std::vector<RuleCase> all;
  for (auto* some : {cases_of_probes,
                     cases_of_drills,
                     cases_of_counters,
                     cases_of_the_schedule,
                     cases_of_people,
                     cases_of_the_service,
                     cases_of_the_ledger}) {
    auto cases = some();
    std::move(cases.begin(), cases.end(), std::back_inserter(all));
  }
  // With no series at all none but one has anything to say.
  for (const AlertRow& row : alerts()) {
    if (row.name == "SmokeledgerNotScraped") continue;
    all.push_back({std::string(row.name), CaseKind::absent, "no series at all", {}, "120m"});
  }
  return all;
}

std::vector<TrendCase> trend_cases() {
  const std::string labels =
      R"({decision="escalate",environment="staging",instance="h",job="smokeledger",probe="chat-walk"})";
  const std::string paused = R"({environment="staging",gap="budget",instance="h"})";
  return {
      {"of a day keeps the labels of the target",
       {{"smokeledger_decisions_total" + labels, "0x10 3x200"}},
       "1440m",
       "smokeledger:decisions:increase1d",
       "smokeledger:decisions:increase1d" + labels,
       3},
      {"of a week goes on over a restart",
       {{"smokeledger_paused_total" + paused, "0x100 2x100 stale _x10 2x100 5x2000"}},
       "10080m",
       "smokeledger:paused:increase1w",
       "smokeledger:paused:increase1w" + paused,
       5},
  };
}

}  // namespace smokeledger::exporters::metrics
