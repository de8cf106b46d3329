#include "exporters/metrics/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "probes/core/decision.h"
#include "probes/core/schedule.h"

namespace smokeledger::exporters::metrics {
namespace {

using std::chrono::minutes;
using Plans = std::vector<std::shared_ptr<const core::ProbePlan>>;

// One row is read as one.
// clang-format off
constexpr std::array rows{
    AlertRow{"SmokeledgerEscalated", RuleScope::escalations, AlertAbout::routes,
             R"t(increase(smokeledger_decisions_total{decision="escalate",probe=~"PROBES"}[WINDOW]) > 0.5)t", "0m",
             R"t(Probe {{ $labels.probe }} was escalated {{ $value | printf "%.0f" }} times in WINDOW.)t"},
    AlertRow{"SmokeledgerGatewayEvidenceGone", RuleScope::host, AlertAbout::families,
             R"t(increase(smokeledger_evidence_missing_total[WINDOW]) > 0.5)t", "0m",
             R"t({{ $value | printf "%.0f" }} replies of {{ $labels.provider }} ({{ $labels.family }}) did not tell what their probe requires the gateway to tell, in WINDOW.)t"},
    AlertRow{"SmokeledgerFallbackTaken", RuleScope::fallbacks, AlertAbout::routes,
             R"t(increase(smokeledger_decisions_total{decision="use_fallback",probe=~"PROBES"}[LONGER]) > 1.5)t", "0m",
             R"t(Probe {{ $labels.probe }} used a fallback in {{ $value | printf "%.0f" }} of {{ printf "sum(increase(smokeledger_decisions_total{decision!=\"paused\",probe=\"%s\",instance=\"%s\"}[LONGER]))" $labels.probe $labels.instance | query | first | value | printf "%.0f" }} runs in LONGER.)t"},
    AlertRow{"SmokeledgerRetriesGrowing", RuleScope::host, AlertAbout::families,
             R"t(sum without (reason) (increase(smokeledger_retries_total[DAY])) > 4.5 and sum without (reason) (increase(smokeledger_retries_total[DAY])) > 2 * sum without (reason) (increase(smokeledger_retries_total[DAY] offset DAY)))t", "0m",
             R"t(Layer {{ $labels.layer }} made {{ $value | printf "%.0f" }} retries at {{ $labels.provider }} ({{ $labels.family }}) in DAY, more than twice as many as in the DAY before.)t"},
    AlertRow{"SmokeledgerParserRejected", RuleScope::host, AlertAbout::families,
             R"t(increase(smokeledger_parser_results_total{result="rejected"}[WINDOW]) > 0.5)t", "0m",
             R"t({{ $value | printf "%.0f" }} replies of {{ $labels.provider }} ({{ $labels.family }}) did not have the shape that the parser needs, in WINDOW.)t"},
    AlertRow{"SmokeledgerDrillDeviated", RuleScope::drills, AlertAbout::drills,
             R"t(increase(smokeledger_drill_deviations_total{probe=~"PROBES"}[WINDOW]) > 0.5)t", "0m",
             R"t(Drill {{ $labels.probe }} did not go as it declares {{ $value | printf "%.0f" }} times in WINDOW.)t"},
    AlertRow{"SmokeledgerDrillNotRun", RuleScope::scheduled_drills, AlertAbout::drills,
             R"t(sum without (decision) (increase(smokeledger_decisions_total{decision!="paused",probe=~"PROBES"}[WINDOW])) < 0.5 and sum without (decision) (count_over_time(smokeledger_decisions_total{probe=~"PROBES"}[WINDOW] offset WINDOW)))t", "0m",
             R"t(Drill {{ $labels.probe }} decided nothing in WINDOW, though its schedule asks for it.)t"},
    AlertRow{"SmokeledgerPaused", RuleScope::scheduled, AlertAbout::routes,
             R"t(increase(smokeledger_decisions_total{decision="paused",probe=~"PROBES"}[WINDOW]) > 1.5 unless ignoring (decision) sum without (decision) (increase(smokeledger_decisions_total{decision!="paused",probe=~"PROBES"}[WINDOW])) > 0.5)t", "0m",
             R"t(Probe {{ $labels.probe }} was paused {{ $value | printf "%.0f" }} times in WINDOW and decided nothing else. Gaps of this time:{{ range query "sum by (gap) (increase(smokeledger_paused_total[WINDOW])) > 0.5" }} {{ .Labels.gap }}{{ end }}.)t"},
    AlertRow{"SmokeledgerCapReached", RuleScope::host, AlertAbout::service,
             R"t(increase(smokeledger_paused_total{gap="budget"}[WINDOW]) > 0.5)t", "0m",
             R"t({{ $value | printf "%.0f" }} runs were paused in WINDOW because our own cap on calls or output tokens of the day was reached.)t"},
    AlertRow{"SmokeledgerProbeOverdue", RuleScope::scheduled, AlertAbout::service,
             R"t(time() - smokeledger_next_due_timestamp_seconds{probe=~"PROBES"} > 600)t", "5m",
             R"t(Probe {{ $labels.probe }} should have been started {{ $value | humanizeDuration }} ago by its schedule.)t"},
    AlertRow{"SmokeledgerProbeSilent", RuleScope::scheduled, AlertAbout::service,
             R"t(time() - smokeledger_last_outcome_timestamp_seconds{probe=~"PROBES"} > SECONDS)t", "5m",
             R"t(Probe {{ $labels.probe }} left no line for {{ $value | humanizeDuration }}. What its routes answered meanwhile is not known.)t"},
    AlertRow{"SmokeledgerNotScraped", RuleScope::host, AlertAbout::service,
             R"t(absent_over_time(smokeledger_build_info[1d]) or (count without (version) (count_over_time(smokeledger_build_info[1d])) unless count without (version) (smokeledger_build_info)))t", "10m",
             R"t(Prometheus has no sample of smokeledger{{ with $labels.instance }} at {{ . }}, and had some within a day{{ end }}.)t"},
    AlertRow{"SmokeledgerContractReviewOverdue", RuleScope::host, AlertAbout::reviews,
             R"t(time() - smokeledger_contract_reviewed_timestamp_seconds > REVIEW)t", "0m",
             R"t(Nobody recorded a look at the documentation of {{ $labels.family }} for {{ $value | humanizeDuration }}.)t"},
    AlertRow{"SmokeledgerReviewsOutstanding", RuleScope::host, AlertAbout::reviews,
             R"t(last_over_time(smokeledger_reviews_outstanding[1h]) and min_over_time(smokeledger_reviews_outstanding[1d]) > 0 and last_over_time(smokeledger_reviews_outstanding[1h] offset 1d) > 0)t", "0m",
             R"t(For a day there was always a line that needs a person; now {{ $value | printf "%.0f" }} wait.)t"},
    AlertRow{"SmokeledgerPacketUnacknowledged", RuleScope::host, AlertAbout::packets,
             R"t(last_over_time(smokeledger_packets_open{state="open"}[10m]) and min_over_time(smokeledger_packets_open{state="open"}[30m]) > 0 and last_over_time(smokeledger_packets_open{state="open"}[10m] offset 30m) > 0)t", "0m",
             R"t({{ $value | printf "%.0f" }} escalation packets are open and nobody acknowledged them for half an hour.)t"},
    AlertRow{"SmokeledgerPacketNotHandedOver", RuleScope::host, AlertAbout::packets,
             R"t(last_over_time(smokeledger_packets_not_handed_over[10m]) and min_over_time(smokeledger_packets_not_handed_over[30m]) > 0 and last_over_time(smokeledger_packets_not_handed_over[10m] offset 30m) > 0)t", "0m",
             R"t(For half an hour there was always an escalation packet that the {{ $labels.handed_to }} did not get; now {{ $value | printf "%.0f" }}.)t"},
    AlertRow{"SmokeledgerAppendFailed", RuleScope::host, AlertAbout::ledger,
             R"t(max_over_time(smokeledger_ledger_append_failures_total[WINDOW]) > 0)t", "0m",
             R"t(In WINDOW the disk refused {{ $value | printf "%.0f" }} appends to the ledger; nothing was sent after the first.)t"},
    AlertRow{"SmokeledgerLedgerWentBackwards", RuleScope::host, AlertAbout::ledger,
             R"t(smokeledger_ledger_seq < max_over_time(smokeledger_ledger_seq[1d]) or smokeledger_ledger_checkpoint_lines < max_over_time(smokeledger_ledger_checkpoint_lines[1d]))t", "0m",
             R"t(The ledger stands at {{ $value | printf "%.0f" }}, behind where it stood within a day.)t"},
    AlertRow{"SmokeledgerLedgerStoodStill", RuleScope::host, AlertAbout::ledger,
             R"t(smokeledger_ledger_seq == last_over_time(smokeledger_ledger_seq[WINDOW] offset WINDOW))t", "0m",
             R"t(The ledger got no line in WINDOW; its newest is {{ $value | printf "%.0f" }}.)t"},
    AlertRow{"SmokeledgerReloadFailed", RuleScope::host, AlertAbout::service,
             R"t(smokeledger_config_last_reload_successful == 0)t", "0m",
             R"t(The last read of the configuration was refused and changed nothing.)t"},
};

// clang-format on

// Counters whose daily and weekly increases are recorded, with all of their labels and the
// target's.
constexpr std::array<std::string_view, 8> trends{"decisions",
                                                 "fallback_taken",
                                                 "retries",
                                                 "parser_results",
                                                 "paused",
                                                 "tokens_reported",
                                                 "evidence_missing",
                                                 "drill_deviations"};

constexpr minutes a_day = std::chrono::days(1);
constexpr minutes a_week = std::chrono::weeks(1);

bool in_scope(const core::ProbePlan& plan, RuleScope scope) {
  switch (scope) {
    case RuleScope::escalations:
      return !core::is_counted_by_stub(plan) && !core::failure_expected(plan.expect);
    case RuleScope::drills:
      return plan.mode == core::Mode::drill;
    case RuleScope::scheduled_drills:
      return plan.mode == core::Mode::drill && !core::is_client_drill(plan);
    case RuleScope::fallbacks:
      return plan.mode != core::Mode::drill && plan.expect != core::Expectation::use_fallback;
    case RuleScope::scheduled:
      return !core::is_client_drill(plan);
    case RuleScope::host:
      return true;
  }
  return false;
}

std::string spelled(minutes window) {
  const bool hours = window.count() % 60 == 0;
  return std::to_string(hours ? window.count() / 60 : window.count()) + (hours ? 'h' : 'm');
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// What stands for the capitals of a row.
struct Values {
  std::string probes;
  minutes window{};
  core::Milliseconds review{};
};

std::string filled(std::string_view text, const Values& values) {
  std::string full(text);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(values.window);
  const auto review = std::chrono::duration_cast<std::chrono::seconds>(values.review);
  replace_all(full, "PROBES", values.probes);
  replace_all(full, "WINDOW", spelled(values.window));
  replace_all(full, "LONGER", spelled(values.window * 2));
  replace_all(full, "SECONDS", std::to_string(seconds.count()));
  replace_all(full, "DAY", spelled(std::max(values.window, a_day)));
  replace_all(full, "REVIEW", std::to_string(review.count()));
  return full;
}

void write_alert(std::string& out,
                 const AlertRow& row,
                 const Values& values,
                 std::string_view docs) {
  std::string anchor(row.name);
  std::transform(anchor.begin(), anchor.end(), anchor.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  out.append("      - alert: ").append(row.name);
  out.append("\n        expr: '").append(filled(row.expr, values)).append("'\n");
  if (row.hold != "0m") out.append("        for: ").append(row.hold).append("\n");
  out.append("        labels:\n          window: ").append(spelled(values.window));
  out.append("\n          about: ").append(core::word(row.about));
  out.append("\n        annotations:\n          summary: '").append(filled(row.summary, values));
  out.append("'\n          runbook_url: '").append(docs).append("/operations.md#").append(anchor);
  out.append("'\n");
}

void write_trends(std::string& out, minutes longest) {
  std::string records;
  for (const auto& [suffix, window] : {std::pair{"increase1d", a_day}, {"increase1w", a_week}}) {
    if (window < longest) continue;  // too short for what is asked so rarely
    for (const std::string_view trend : trends) {
      records.append("      - record: smokeledger:").append(trend).append(":").append(suffix);
      records.append("\n        expr: 'increase(smokeledger_").append(trend);
      records.append("_total[").append(spelled(window)).append("])'\n");
    }
  }
  if (records.empty()) return;
  out.append("  - name: smokeledger-trends\n    interval: 5m\n    rules:\n").append(records);
}

// The names of the probes in scope, by their window.
std::map<minutes, std::string> by_window(const Plans& plans, RuleScope scope) {
  std::map<minutes, std::string> names;
  for (const auto& plan : plans) {
    if (!in_scope(*plan, scope)) continue;
    std::string& list = names[rule_window(plan->schedule)];
    list.append(list.empty() ? "" : "|").append(plan->name);
  }
  return names;
}

}  // namespace

std::span<const AlertRow> alerts() {
  return rows;
}

minutes rule_window(const core::Schedule& schedule) {
  constexpr std::uint32_t many = 64;
  const auto longest = static_cast<double>(core::effective_interval(schedule, many).count());
  constexpr double per_minute = 60'000;
  const double window = 2.5 * longest * (1 + schedule.jitter) / per_minute;
  return minutes{static_cast<minutes::rep>(std::ceil(window))};
}

std::string rules_text(const Plans& plans, std::string_view docs) {
  Values host;
  for (const auto& plan : plans) {
    host.window = std::max(host.window, rule_window(plan->schedule));
    host.review = plan->contract_review.max_age;
  }
  std::string out = "groups:\n";
  if (plans.empty()) return "groups: []\n";
  write_trends(out, host.window);
  out.append("  - name: smokeledger-alerts\n    rules:\n");
  for (const AlertRow& row : rows) {
    if (row.scope == RuleScope::host) {
      write_alert(out, row, host, docs);
      continue;
    }
    for (const auto& [window, probes] : by_window(plans, row.scope)) {
      write_alert(out, row, {probes, window, host.review}, docs);
    }
  }
  return out;
}

}  // namespace smokeledger::exporters::metrics
