#include "tests/exporters/metrics/rule_cases.h"

namespace smokeledger::exporters::metrics {
namespace {

using enum CaseKind;

std::string decided(const std::string& probe, const std::string& decision) {
  return R"(smokeledger_decisions_total{instance="h",probe=")" + probe + R"(",decision=")" +
         decision + "\"}";
}
std::string decided(const std::string& decision) {
  return decided("chat-walk", decision);
}
std::string labels(const std::string& decision) {
  return "instance: h, probe: chat-walk, decision: " + decision;
}

std::vector<RuleCase> cases_of_escalations() {
  const std::string alert = "SmokeledgerEscalated";
  const std::string once = "Probe chat-walk was escalated 1 times in 75m.";
  return {
      {alert,
       fires,
       "escalated once",
       {{decided("escalate"), "0x60 1x60"}},
       "70m",
       once,
       labels("escalate")},
      {alert,
       fires,
       "of a probe that requires evidence, whatever it was for",
       {{decided("gateway-chat", "escalate"), "0x60 1x60"}},
       "70m",
       "Probe gateway-chat was escalated 1 times in 75m.",
       "instance: h, probe: gateway-chat, decision: escalate"},
      {alert, quiet, "long ago", {{decided("escalate"), "3x200"}}, "150m"},
      {alert,
       quiet,
       "expected, or of a drill that is counted",
       {{decided("expects-escalate", "escalate"), "0x60 1x60"},
        {decided("expects-failure", "escalate"), "0x60 1x60"},
        {decided("drill-walk", "escalate"), "0x60 1x60"}},
       "70m"},
      {alert,
       restart,
       "which escalates nothing",
       {{decided("escalate"), "2x60 stale _x9 2x60"}},
       "120m"},
      {alert,
       restart,
       "and escalated after it",
       {{decided("escalate"), "2x60 stale _x9 3x60"}},
       "90m",
       once,
       labels("escalate")},
  };
}

std::vector<RuleCase> cases_of_fallbacks() {
  const std::string alert = "SmokeledgerFallbackTaken";
  const std::string two = "Probe chat-walk used a fallback in 2 of 5 runs in 150m.";
  return {
      {alert,
       fires,
       "two of five",
       {{decided("use_fallback"), "0x60 1x30 2x60"},
        {decided("keep_primary"), "0x30 1x30 2x30 3x60"}},
       "150m",
       two,
       labels("use_fallback")},
      {alert, quiet, "once", {{decided("use_fallback"), "0x60 1x90"}}, "150m"},
      {alert,
       restart,
       "between the two",
       {{decided("use_fallback"), "0x60 1x30 stale _x1 2x60"},
        {decided("keep_primary"), "0x30 1x30 2x30 stale _x1 3x60"}},
       "150m",
       two,
       labels("use_fallback")},
      {alert,
       restart,
       "after one",
       {{decided("use_fallback"), "0x60 1x30 stale _x1 1x60"}},
       "150m"},
  };
}

std::vector<RuleCase> cases_of_pauses() {
  const std::string alert = "SmokeledgerPaused";
  const std::string gap = R"(smokeledger_paused_total{instance="h",gap="credential"})";
  const std::string two =
      "Probe chat-walk was paused 2 times in 75m and decided nothing else. Gaps of this time: "
      "credential.";
  return {
      {alert,
       fires,
       "twice in a row",
       {{decided("paused"), "0x30 1x30 2x60"},
        {decided("keep_primary"), "5x200"},
        {gap, "0x30 1x30 2x60"}},
       "75m",
       two,
       labels("paused")},
      {alert,
       quiet,
       "with a run between",
       {{decided("paused"), "0x30 1x30 2x60"}, {decided("keep_primary"), "5x40 6x200"}},
       "75m"},
      {alert,
       restart,
       "between the two",
       {{decided("paused"), "0x30 1x20 stale _x3 1x5 2x60"},
        {decided("keep_primary"), "5x51 stale _x3 5x200"},
        {gap, "0x30 1x20 stale _x3 1x5 2x60"}},
       "75m",
       two,
       labels("paused")},
      {alert,
       restart,
       "with a run after it",
       {{decided("paused"), "0x30 1x20 stale _x3 1x5 2x60"},
        {decided("keep_primary"), "5x51 stale _x3 6x200"}},
       "75m"},
  };
}

}  // namespace

std::vector<RuleCase> cases_of_probes() {
  auto all = cases_of_escalations();
  for (auto* some : {cases_of_fallbacks, cases_of_pauses}) {
    for (auto& one : some()) all.push_back(std::move(one));
  }
  return all;
}

std::vector<RuleCase> cases_of_drills() {
  const std::string deviated = "SmokeledgerDrillDeviated";
  const std::string not_run = "SmokeledgerDrillNotRun";
  const std::string walk = R"(smokeledger_drill_deviations_total{probe="drill-walk"})";
  const std::string client = R"(smokeledger_drill_deviations_total{probe="drill-client"})";
  const std::string once = "Drill drill-walk did not go as it declares 1 times in 75m.";
  const std::string nothing =
      "Drill drill-walk decided nothing in 75m, though its schedule asks for it.";
  const std::string kept = decided("drill-walk", "keep_primary");
  const std::string drill = "instance: h, probe: drill-walk";
  return {
      {deviated, fires, "once", {{walk, "0x60 1x60"}}, "70m", once, "probe: drill-walk"},
      {deviated,
       fires,
       "with a client that a person starts",
       {{client, "0x60 1x60"}},
       "70m",
       "Drill drill-client did not go as it declares 1 times in 75m.",
       "probe: drill-client"},
      {deviated,
       quiet,
       "escalated as it expects",
       {{walk, "0x120"}, {decided("drill-walk", "escalate"), "0x60 1x60"}},
       "70m"},
      {deviated, restart, "which runs no drill", {{walk, "1x60 stale _x2 1x100"}}, "120m"},
      {deviated,
       restart,
       "and deviated after it",
       {{walk, "1x60 stale _x2 2x100"}},
       "90m",
       once,
       "probe: drill-walk"},
      {not_run,
       fires,
       "paused or nothing",
       {{kept, "4x200"}, {decided("drill-walk", "paused"), "0x200"}},
       "100m",
       nothing,
       drill},
      {not_run, quiet, "just begun", {{kept, "0x200"}}, "30m"},
      {not_run, quiet, "ran", {{kept, "4x60 5x200"}}, "100m"},
      {not_run,
       restart,
       "just where the window begins",
       {{kept, "4x24 stale _x1 4x200"}},
       "100m",
       nothing,
       drill},
      {not_run, restart, "and ran after it", {{kept, "4x60 stale _x5 5x200"}}, "100m"},
  };
}

}  // namespace smokeledger::exporters::metrics
