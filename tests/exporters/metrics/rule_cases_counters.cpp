#include "tests/exporters/metrics/rule_cases.h"

namespace smokeledger::exporters::metrics {
namespace {

using enum CaseKind;

// Of a counter that shows one more, one that shows none, and both with a restart between.
std::vector<RuleCase> counted_once(const std::string& alert,
                                   const std::string& series,
                                   const std::string& summary,
                                   const std::string& labels) {
  return {
      {alert, fires, "once", {{series, "0x60 1x60"}}, "70m", summary, labels},
      {alert, quiet, "long ago", {{series, "1x200"}}, "150m"},
      {alert, restart, "which counts nothing", {{series, "1x60 stale _x3 1x200"}}, "120m"},
      {alert,
       restart,
       "and once after it",
       {{series, "1x60 stale _x3 2x60"}},
       "90m",
       summary,
       labels},
  };
}

std::vector<RuleCase> cases_of_retries() {
  const std::string alert = "SmokeledgerRetriesGrowing";
  const std::string retries =
      R"(smokeledger_retries_total{family="responses",provider="one",layer="client",reason="timeout"})";
  const std::string labels = "family: responses, provider: one, layer: client";
  const std::string nine =
      "Layer client made 9 retries at one (responses) in 24h, more than twice as many as in the "
      "24h before.";
  return {
      {alert,
       fires,
       "nine after a day of none",
       {{retries, "0x1440 1x720 9x1000"}},
       "2880m",
       nine,
       labels},
      {alert, quiet, "as many as before", {{retries, "0x700 9x1400 18x1000"}}, "2880m"},
      {alert,
       restart,
       "while they grow",
       {{retries, "0x1440 1x720 stale _x2 9x1000"}},
       "2880m",
       nine,
       labels},
      {alert,
       restart,
       "while they do not grow",
       {{retries, "0x700 9x1000 stale _x2 9x400 18x1000"}},
       "2880m"},
  };
}

}  // namespace

std::vector<RuleCase> cases_of_counters() {
  const std::string route = R"({family="responses",provider="one"})";
  const std::string labels = "family: responses, provider: one";
  auto all = cases_of_retries();
  for (
      auto& some :
      {counted_once(
           "SmokeledgerParserRejected",
           R"(smokeledger_parser_results_total{family="responses",provider="one",result="rejected"})",
           "1 replies of one (responses) did not have the shape that the parser needs, in 75m.",
           labels + ", result: rejected"),
       counted_once("SmokeledgerGatewayEvidenceGone",
                    "smokeledger_evidence_missing_total" + route,
                    "1 replies of one (responses) did not tell what their probe requires the "
                    "gateway to tell, in 75m.",
                    labels),
       counted_once("SmokeledgerCapReached",
                    R"(smokeledger_paused_total{gap="budget"})",
                    "1 runs were paused in 75m because our own cap on calls or output tokens of "
                    "the day was reached.",
                    "gap: budget")}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  all.push_back(
      {"SmokeledgerGatewayEvidenceGone",
       quiet,
       "escalated for something else",
       {{"smokeledger_evidence_missing_total" + route, "0x120"},
        {R"(smokeledger_decisions_total{probe="gateway-chat",decision="escalate"})", "0x60 1x60"}},
       "70m"});
  return all;
}

}  // namespace smokeledger::exporters::metrics
