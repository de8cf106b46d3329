// Prometheus rules for a configuration: recording rules for trends, and alerts on what was
// observed. https://prometheus.io/docs/prometheus/2.42/configuration/alerting_rules/
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/plan.h"
#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::exporters::metrics {

namespace core = probes::core;

// Which probes a rule is for, and how often it is written.
enum class RuleScope {
  escalations,       // once per window, for probes whose escalation nobody expects
  drills,            // likewise, for every drill
  scheduled_drills,  // likewise, for drills that the schedule starts
  fallbacks,         // likewise, for probes whose fallback nobody expects
  scheduled,         // likewise, for every probe that the schedule starts
  host               // once, with the longest window
};

// What an alert is about, its label `about`. Two kinds open no packet by default. `families`: what
// was observed of a family at a provider over all probes is no incident by itself, and the probes
// have their own. The product's own records: a packet would be evidence of itself.
enum class AlertAbout { routes, families, drills, service, reviews, packets, ledger };

}  // namespace smokeledger::exporters::metrics

template <>
struct smokeledger::probes::core::Words<smokeledger::exporters::metrics::AlertAbout> {
  static constexpr std::array<std::string_view, 7> list{
      "routes", "families", "drills", "service", "reviews", "packets", "ledger"};
};

namespace smokeledger::exporters::metrics {

// One alert. In `expr` and `summary` stand for what the configuration makes of them: PROBES a
// regular expression of the probes' names, WINDOW 2.5 intervals at least, SECONDS the same in
// seconds, LONGER twice that, DAY a day or WINDOW if that is longer, REVIEW the age allowed to
// contracts, in seconds.
struct AlertRow {
  std::string_view name;
  RuleScope scope;
  AlertAbout about;
  std::string_view expr;
  std::string_view hold;     // how long it has to be so, as Prometheus spells it
  std::string_view summary;  // what was observed, a template of Prometheus
};
std::span<const AlertRow> alerts();

// 2.5 times the longest interval between two runs that the schedule makes, after failures and with
// jitter, in whole minutes. Pure.
std::chrono::minutes rule_window(const core::Schedule&);

// A rules file, YAML. `docs`: the folder or URL of operations.md, which has a section for each
// alert. Pure.
std::string rules_text(const std::vector<std::shared_ptr<const core::ProbePlan>>&,
                       std::string_view docs);

}  // namespace smokeledger::exporters::metrics
