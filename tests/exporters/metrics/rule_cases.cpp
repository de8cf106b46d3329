#include "tests/exporters/metrics/rule_cases.h"

#include "exporters/metrics/rules.h"

namespace smokeledger::exporters::metrics {
namespace {

const std::string decisions =
    R"(smokeledger_decisions_total{instance="h",probe="chat-walk",decision=")";
std::string decided(const std::string& decision) {
  return decisions + decision + "\"}";
}

std::vector<RuleCase> cases_of_decisions() {
  const std::string labels = R"(instance: h, probe: chat-walk, decision: )";
  return {
      {"fires",
       "SmokeledgerEscalated",
       {{decided("escalate"), "0x60 1x60"}},
       "70m",
       labels + "escalate",
       "Probe chat-walk was escalated 1 times in 75m."},
      {"stays quiet", "SmokeledgerEscalated", {{decided("escalate"), "3x200"}}, "150m", "", ""},
      {"a restart in between",
       "SmokeledgerEscalated",
       {{decided("escalate"), "2x60 _x10 2x60"}},
       "120m",
       "",
       ""},
      {"counted across a restart",
       "SmokeledgerEscalated",
       {{decided("escalate"), "2x60 _x10 3x60"}},
       "90m",
       labels + "escalate",
       "Probe chat-walk was escalated 1 times in 75m."},
      {"expected",
       "SmokeledgerEscalated",
       {{R"(smokeledger_decisions_total{probe="expects-escalate",decision="escalate"})",
         "0x60 1x60"}},
       "70m",
       "",
       ""},
      {"two of five",
       "SmokeledgerFallbackTaken",
       {{decided("use_fallback"), "0x60 1x30 2x60"},
        {decided("keep_primary"), "0x30 1x30 2x30 3x60"}},
       "149m",
       labels + "use_fallback",
       "Probe chat-walk used a fallback in 2 of 5 runs in 150m."},
      {"once",
       "SmokeledgerFallbackTaken",
       {{decided("use_fallback"), "0x60 1x90"}},
       "149m",
       "",
       ""},
      {"fires",
       "SmokeledgerPaused",
       {{decided("paused"), "0x30 1x30 2x60"},
        {decided("keep_primary"), "5x200"},
        {R"(smokeledger_paused_total{instance="h",gap="credential"})", "0x30 1x30 2x60"}},
       "75m",
       labels + "paused",
       "Probe chat-walk was paused 2 times in 75m and decided nothing else. Gaps of this time: "
       "credential."},
      {"with a run between",
       "SmokeledgerPaused",
       {{decided("paused"), "0x30 1x30 2x60"}, {decided("keep_primary"), "5x40 6x200"}},
       "75m",
       "",
       ""},
  };
}

std::vector<RuleCase> cases_of_drills_and_gateways() {
  const std::string drill = R"(smokeledger_decisions_total{probe="drill-walk",decision=")";
  const std::string gateway =
      R"(smokeledger_decisions_total{probe="gateway-chat",decision="escalate"})";
  return {
      {"fires",
       "SmokeledgerDrillDeviated",
       {{drill + "escalate\"}", "0x60 1x60"}},
       "70m",
       "probe: drill-walk, decision: escalate",
       "Drill drill-walk counted something else than declared 1 times in 75m."},
      {"stays quiet",
       "SmokeledgerDrillDeviated",
       {{drill + "keep_primary\"}", "0x60 1x60"}},
       "70m",
       "",
       ""},
      {"fires",
       "SmokeledgerDrillNotRun",
       {{drill + "keep_primary\"}", "4x200"}, {drill + "paused\"}", "0x200"}},
       "100m",
       "probe: drill-walk",
       "Drill drill-walk decided nothing in 75m, though its schedule asks for it."},
      {"just begun",
       "SmokeledgerDrillNotRun",
       {{drill + "keep_primary\"}", "0x200"}},
       "30m",
       "",
       ""},
      {"ran",
       "SmokeledgerDrillNotRun",
       {{drill + "keep_primary\"}", "4x60 5x200"}},
       "100m",
       "",
       ""},
      {"fires",
       "SmokeledgerGatewayEvidenceGone",
       {{gateway, "0x60 1x60"}},
       "70m",
       "probe: gateway-chat, decision: escalate",
       "Probe gateway-chat, whose replies have to tell what its gateway did, was escalated 1 times "
       "in 75m."},
      {"stays quiet", "SmokeledgerGatewayEvidenceGone", {{gateway, "1x200"}}, "150m", "", ""},
  };
}

std::vector<RuleCase> cases_of_counters() {
  const std::string retries =
      R"(smokeledger_retries_total{family="responses",provider="one",layer="client",reason="timeout"})";
  const std::string rejected =
      R"(smokeledger_parser_results_total{family="responses",provider="one",result="rejected"})";
  const std::string budget = R"(smokeledger_paused_total{gap="budget"})";
  return {
      {"fires",
       "SmokeledgerRetriesGrowing",
       {{retries, "0x1440 1x720 9x1000"}},
       "2880m",
       "family: responses, provider: one, layer: client",
       "Layer client made 9 retries at one (responses) in 24h, more than twice as many as in the "
       "24h "
       "before."},
      {"as many as before",
       "SmokeledgerRetriesGrowing",
       {{retries, "0x700 9x1400 18x1000"}},
       "2880m",
       "",
       ""},
      {"fires",
       "SmokeledgerParserRejected",
       {{rejected, "0x60 1x60"}},
       "70m",
       "family: responses, provider: one, result: rejected",
       "1 replies of one (responses) did not have the shape that the parser needs, in 75m."},
      {"stays quiet", "SmokeledgerParserRejected", {{rejected, "1x200"}}, "150m", "", ""},
      {"fires",
       "SmokeledgerCapReached",
       {{budget, "0x60 1x60"}},
       "70m",
       "gap: budget",
       "1 runs were paused in 75m because our own cap on calls or output tokens of the day was "
       "reached."},
      {"stays quiet", "SmokeledgerCapReached", {{budget, "1x200"}}, "150m", "", ""},
  };
}

std::vector<RuleCase> cases_of_gauges() {
  const std::string due = R"(smokeledger_next_due_timestamp_seconds{probe="chat-walk"})";
  const std::string last = R"(smokeledger_last_outcome_timestamp_seconds{probe="chat-walk"})";
  const std::string reviewed =
      R"(smokeledger_contract_reviewed_timestamp_seconds{family="responses"})";
  return {
      {"fires",
       "SmokeledgerProbeOverdue",
       {{due, "600x60"}},
       "40m",
       "probe: chat-walk",
       "Probe chat-walk should have been started 30m 0s ago by its schedule."},
      {"in time", "SmokeledgerProbeOverdue", {{due, "600x20 3000x30"}}, "40m", "", ""},
      {"fires",
       "SmokeledgerProbeSilent",
       {{last, "0x200"}},
       "90m",
       "probe: chat-walk",
       "Probe chat-walk left no line for 1h 30m 0s. What its routes answered meanwhile is not "
       "known."},
      {"spoke", "SmokeledgerProbeSilent", {{last, "0x60 3600x60"}}, "90m", "", ""},
      {"fires",
       "SmokeledgerContractReviewOverdue",
       {{reviewed, "-15552060x60"}},
       "10m",
       "family: responses",
       "Nobody recorded a look at the documentation of responses for 180d 0h 11m 0s."},
      {"reviewed", "SmokeledgerContractReviewOverdue", {{reviewed, "0x60"}}, "10m", "", ""},
  };
}

std::vector<RuleCase> cases_of_the_host() {
  const std::string seq = "smokeledger_ledger_seq";
  return {
      {"fires",
       "SmokeledgerNotScraped",
       {{seq, "0x60"}},
       "20m",
       "",
       "Prometheus has no sample of smokeledger."},
      {"scraped", "SmokeledgerNotScraped", {{"smokeledger_build_info", "1x60"}}, "20m", "", ""},
      {"fires",
       "SmokeledgerAppendFailed",
       {{"smokeledger_ledger_append_failures_total", "0x10 1x60"}},
       "20m",
       "{}",
       "The disk refused 1 appends to the ledger; nothing was sent after the first."},
      {"stays quiet",
       "SmokeledgerAppendFailed",
       {{"smokeledger_ledger_append_failures_total", "0x60"}},
       "20m",
       "",
       ""},
      {"fires",
       "SmokeledgerLedgerWentBackwards",
       {{seq, "100x60 40x60"}},
       "70m",
       "{}",
       "The ledger stands at 40, behind where it stood within a day."},
      {"goes on after a restart",
       "SmokeledgerLedgerWentBackwards",
       {{seq, "100x60 _x10 102x60"}},
       "80m",
       "",
       ""},
      {"fires",
       "SmokeledgerLedgerStoodStill",
       {{seq, "100x200"}},
       "90m",
       "{}",
       "The ledger got no line in 75m; its newest is 100."},
      {"goes on", "SmokeledgerLedgerStoodStill", {{seq, "100x60 101x200"}}, "90m", "", ""},
      {"fires",
       "SmokeledgerReloadFailed",
       {{"smokeledger_config_last_reload_successful", "1x5 0x60"}},
       "20m",
       "{}",
       "The last read of the configuration was refused and changed nothing."},
      {"fires",
       "SmokeledgerReviewsOutstanding",
       {{"smokeledger_reviews_outstanding", "0x10 3x1500"}},
       "1455m",
       "{}",
       "For a day there was always a line that needs a person; now 3 wait."},
      {"reviewed in between",
       "SmokeledgerReviewsOutstanding",
       {{"smokeledger_reviews_outstanding", "3x700 0x10 2x800"}},
       "1455m",
       "",
       ""},
      {"fires",
       "SmokeledgerPacketUnacknowledged",
       {{R"(smokeledger_packets_open{state="open"})", "0x10 2x60"}},
       "45m",
       "state: open",
       "2 escalation packets are open and nobody acknowledged them for half an hour."},
      {"acknowledged",
       "SmokeledgerPacketUnacknowledged",
       {{R"(smokeledger_packets_open{state="open"})", "0x10 1x20 0x60"}},
       "45m",
       "",
       ""},
      {"accepted",
       "SmokeledgerReloadFailed",
       {{"smokeledger_config_last_reload_successful", "0x5 1x60"}},
       "20m",
       "",
       ""},
  };
}

}  // namespace

std::vector<RuleCase> rule_cases() {
  std::vector<RuleCase> all;
  for (auto* some : {cases_of_decisions,
                     cases_of_drills_and_gateways,
                     cases_of_counters,
                     cases_of_gauges,
                     cases_of_the_host}) {
    for (auto& one : some()) all.push_back(std::move(one));
  }
  // With no series at all none but one has anything to say.
  for (const AlertRow& row : alerts()) {
    if (row.name != "SmokeledgerNotScraped") {
      all.push_back({"series absent", std::string(row.name), {}, "120m", "", ""});
    }
  }
  return all;
}

}  // namespace smokeledger::exporters::metrics
