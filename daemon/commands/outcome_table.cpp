#include "daemon/commands/outcome_table.h"

#include <string>

namespace smokeledger::daemon::commands {

namespace core = probes::core;

const Row outcome_header{"recorded_at",
                         "ledger_id",
                         "probe",
                         "decision",
                         "status_class",
                         "retries",
                         "fallback",
                         "check_result",
                         "rule"};
const std::vector<std::size_t> outcome_widths{20, 16, 16, 13, 12, 7, 10, 12, 0};

std::string shown_fallback(std::string_view route, std::string_view taken, std::string_view layer) {
  if (!route.empty()) return std::string(route);
  if (taken == core::word(core::Tristate::no)) return "-";
  return std::string(layer.empty() ? taken : layer);
}

namespace {

// Ours, or in gateway mode the gateway's.
std::string shown_retries(const core::Outcome& outcome) {
  if (outcome.mode != core::Mode::gateway || outcome.attempts.empty()) {
    return std::to_string(outcome.retry_count);
  }
  const auto& told = outcome.attempts.back().gateway_retries;
  return told ? std::to_string(*told) : "unknown";
}

}  // namespace

Row outcome_row(const exporters::ledger::LedgerRecord& record) {
  const core::Outcome& outcome = std::get<core::OutcomeLine>(record.line()).outcome;
  return {core::format_utc(record.recorded_at()),
          record.ledger_id(),
          outcome.probe,
          std::string(word(outcome.decision)),
          std::string(word(outcome.status_class)),
          shown_retries(outcome),
          shown_fallback(outcome.fallback_route,
                         word(outcome.fallback_taken),
                         outcome.fallback_layer ? word(*outcome.fallback_layer) : ""),
          std::string(word(outcome.check_result)),
          outcome.rule};
}

int exit_code_of(core::Decision decision) {
  switch (decision) {
    case core::Decision::keep_primary:
      return 0;
    case core::Decision::retry_primary:
      return 10;
    case core::Decision::use_fallback:
      return 11;
    case core::Decision::paused:
      return 12;
    case core::Decision::escalate:
      break;
  }
  return 13;
}

}  // namespace smokeledger::daemon::commands
