#include "tests/exporters/metrics/rule_cases.h"

namespace smokeledger::exporters::metrics {
namespace {

using enum CaseKind;

std::vector<RuleCase> cases_of_reviews() {
  const std::string alert = "SmokeledgerReviewsOutstanding";
  const std::string waiting = "smokeledger_reviews_outstanding";
  const std::string three = "For a day there was always a line that needs a person; now 3 wait.";
  return {
      {alert, fires, "for a day", {{waiting, "0x9 3x1500"}}, "1455m", three},
      {alert, quiet, "for less than a day", {{waiting, "0x9 3x1500"}}, "1445m"},
      {alert, quiet, "scraped for the first time", {{waiting, "3x1500"}}, "1435m"},
      {alert, quiet, "reviewed in between", {{waiting, "3x700 0x10 2x800"}}, "1455m"},
      {alert,
       restart,
       "in the midst of the day",
       {{waiting, "0x9 2x700 stale _x5 3x800"}},
       "1455m",
       three},
      {alert, restart, "a minute ago", {{waiting, "0x9 3x1444 stale _x60"}}, "1455m", three},
      {alert, restart, "a day ago", {{waiting, "0x4 3x8 stale _x5 3x1500"}}, "1455m", three},
      {alert, restart, "after a review", {{waiting, "3x700 0x10 stale _x5 2x800"}}, "1455m"},
  };
}

std::vector<RuleCase> cases_of_packets() {
  const std::string alert = "SmokeledgerPacketUnacknowledged";
  const std::string open = R"(smokeledger_packets_open{state="open"})";
  const std::string two =
      "2 escalation packets are open and nobody acknowledged them for half an hour.";
  const std::string labels = "state: open";
  return {
      {alert, fires, "for half an hour", {{open, "0x9 2x60"}}, "45m", two, labels},
      {alert, quiet, "for less", {{open, "0x9 2x60"}}, "35m"},
      {alert, quiet, "acknowledged", {{open, "0x10 1x20 0x60"}}, "45m"},
      {alert,
       restart,
       "in the midst of it",
       {{open, "0x9 1x10 stale _x4 2x60"}},
       "45m",
       two,
       labels},
      {alert, restart, "a minute ago", {{open, "0x9 2x34 stale _x20"}}, "45m", two, labels},
      {alert, restart, "when it began", {{open, "0x4 2x8 stale _x4 2x60"}}, "45m", two, labels},
      {alert, restart, "after it was acknowledged", {{open, "1x20 0x4 stale _x4 0x60"}}, "45m"},
  };
}

std::vector<RuleCase> cases_of_handing_over() {
  const std::string alert = "SmokeledgerPacketNotHandedOver";
  const std::string waiting = R"(smokeledger_packets_not_handed_over{handed_to="webhook"})";
  const std::string two =
      "For half an hour there was always an escalation packet that the webhook did not get; now 2.";
  const std::string labels = "handed_to: webhook";
  return {
      {alert, fires, "for half an hour", {{waiting, "0x9 2x60"}}, "45m", two, labels},
      {alert, quiet, "for less", {{waiting, "0x9 2x60"}}, "35m"},
      {alert, quiet, "it got them in between", {{waiting, "0x9 2x20 0 2x60"}}, "45m"},
      {alert,
       restart,
       "in the midst of it",
       {{waiting, "0x9 1x10 stale _x4 2x60"}},
       "45m",
       two,
       labels},
      {alert, restart, "after it got them", {{waiting, "1x20 0x4 stale _x4 0x60"}}, "45m"},
  };
}

}  // namespace

std::vector<RuleCase> cases_of_people() {
  const std::string alert = "SmokeledgerContractReviewOverdue";
  const std::string reviewed =
      R"(smokeledger_contract_reviewed_timestamp_seconds{family="responses"})";
  const std::string labels = "family: responses";
  const std::string late =
      "Nobody recorded a look at the documentation of responses for 180d 0h 11m 0s.";
  std::vector<RuleCase> all{
      {alert, fires, "for too long", {{reviewed, "-15552060x60"}}, "10m", late, labels},
      {alert, quiet, "reviewed", {{reviewed, "0x60"}}, "10m"},
      {alert,
       restart,
       "without a review",
       {{reviewed, "-15552060x5 stale _x2 -15552060x60"}},
       "10m",
       late,
       labels},
      {alert, restart, "and reviewed", {{reviewed, "-15552060x3 stale _x3 0x60"}}, "10m"},
  };
  for (auto* some : {cases_of_reviews, cases_of_packets, cases_of_handing_over}) {
    for (auto& one : some()) all.push_back(std::move(one));
  }
  return all;
}

std::vector<RuleCase> cases_of_the_schedule() {
  const std::string overdue = "SmokeledgerProbeOverdue";
  const std::string silent = "SmokeledgerProbeSilent";
  const std::string due = R"(smokeledger_next_due_timestamp_seconds{probe="chat-walk"})";
  const std::string last = R"(smokeledger_last_outcome_timestamp_seconds{probe="chat-walk"})";
  const std::string labels = "probe: chat-walk";
  return {
      {overdue,
       fires,
       "its time has passed",
       {{due, "600x60"}},
       "40m",
       "Probe chat-walk should have been started 30m 0s ago by its schedule.",
       labels},
      {overdue, quiet, "in time", {{due, "600x20 3000x30"}}, "40m"},
      {overdue, restart, "and due later", {{due, "600x20 stale _x2 9000x60"}}, "60m"},
      {overdue,
       restart,
       "and nothing was started after it",
       {{due, "600x24 stale _x2 1800x60"}},
       "60m",
       "Probe chat-walk should have been started 30m 0s ago by its schedule.",
       labels},
      {silent,
       fires,
       "no line",
       {{last, "0x200"}},
       "90m",
       "Probe chat-walk left no line for 1h 30m 0s. What its routes answered meanwhile is not "
       "known.",
       labels},
      {silent, quiet, "spoke", {{last, "0x60 3600x60"}}, "90m"},
      {silent,
       restart,
       "and no line after it",
       {{last, "0x84 stale _x1 0x200"}},
       "100m",
       "Probe chat-walk left no line for 1h 40m 0s. What its routes answered meanwhile is not "
       "known.",
       labels},
      {silent, restart, "and a line after it", {{last, "0x84 stale _x1 5220x200"}}, "100m"},
  };
}

std::vector<RuleCase> cases_of_the_service() {
  const std::string alert = "SmokeledgerNotScraped";
  const std::string refused = "SmokeledgerReloadFailed";
  const std::string accepted = "smokeledger_config_last_reload_successful";
  const std::string one = R"(smokeledger_build_info{instance="one",version="0.1.0"})";
  const std::string two = R"(smokeledger_build_info{environment="qa",instance="two",version="1"})";
  const std::string newer = R"(smokeledger_build_info{instance="one",version="0.2.0"})";
  const std::string no_change =
      "The last read of the configuration was refused and changed nothing.";
  return {
      {alert,
       fires,
       "one of two is gone",
       {{one, "1x200"}, {two, "1x20 stale"}},
       "40m",
       "Prometheus has no sample of smokeledger at two, and had some within a day.",
       "environment: qa, instance: two"},
      {alert,
       fires,
       "the only one is gone",
       {{one, "1x20 stale"}},
       "40m",
       "Prometheus has no sample of smokeledger at one, and had some within a day.",
       "instance: one"},
      {alert, quiet, "both are there", {{one, "1x60"}, {two, "1x60"}}, "40m"},
      {alert, quiet, "one of two went long ago", {{one, "1x1600"}, {two, "1x20 stale"}}, "1500m"},
      {alert, restart, "of both", {{one, "1x20 stale _x4 1x60"}, {two, "1x26 stale 1x60"}}, "40m"},
      {alert, restart, "by another version", {{one, "1x20 stale"}, {newer, "_x24 1x60"}}, "40m"},
      {alert,
       absent,
       "other metrics alone",
       {{"smokeledger_ledger_seq", "0x60"}},
       "20m",
       "Prometheus has no sample of smokeledger."},
      {refused, fires, "refused", {{accepted, "1x5 0x60"}}, "20m", no_change},
      {refused, quiet, "accepted later", {{accepted, "0x5 1x60"}}, "20m"},
      {refused, restart, "which accepted it", {{accepted, "0x15 stale _x2 1x60"}}, "20m"},
      {refused,
       restart,
       "and refused after it",
       {{accepted, "1x5 stale _x2 0x60"}},
       "20m",
       no_change},
  };
}

std::vector<RuleCase> cases_of_the_ledger() {
  const std::string append = "SmokeledgerAppendFailed";
  const std::string back = "SmokeledgerLedgerWentBackwards";
  const std::string still = "SmokeledgerLedgerStoodStill";
  const std::string failures = "smokeledger_ledger_append_failures_total";
  const std::string seq = "smokeledger_ledger_seq";
  const std::string covered = R"(smokeledger_ledger_checkpoint_lines{ledger="a"})";
  const std::string disk =
      "In 75m the disk refused 1 appends to the ledger; nothing was sent after the first.";
  const std::string behind = "The ledger stands at 40, behind where it stood within a day.";
  const std::string no_line = "The ledger got no line in 75m; its newest is 100.";
  return {
      {append, fires, "one", {{failures, "0x10 1x60"}}, "20m", disk},
      {append, quiet, "none", {{failures, "0x60"}}, "20m"},
      {append, restart, "begins anew at 0", {{failures, "0x10 1x1 stale _x1 0x60"}}, "30m", disk},
      {append, restart, "without one", {{failures, "0x10 stale _x1 0x60"}}, "30m"},
      {back, fires, "the newest line", {{seq, "100x60 40x60"}}, "70m", behind},
      {back,
       fires,
       "the newest checkpoint",
       {{seq, "100x200"}, {covered, "90x60 40x60"}},
       "70m",
       behind,
       "ledger: a"},
      {back, quiet, "goes on", {{seq, "100x60 101x60"}, {covered, "90x60 100x60"}}, "70m"},
      {back,
       restart,
       "goes on",
       {{seq, "100x60 stale _x9 102x60"}, {covered, "90x60 stale _x15 102x60"}},
       "80m"},
      {back, restart, "with less", {{seq, "100x60 stale _x4 40x60"}}, "70m", behind},
      {still, fires, "no line", {{seq, "100x200"}}, "90m", no_line},
      {still, quiet, "goes on", {{seq, "100x60 101x200"}}, "90m"},
      {still, restart, "which adds lines", {{seq, "100x60 stale _x2 103x200"}}, "90m"},
      {still,
       restart,
       "just where the window begins",
       {{seq, "100x14 stale _x1 100x200"}},
       "90m",
       no_line},
  };
}

}  // namespace smokeledger::exporters::metrics
