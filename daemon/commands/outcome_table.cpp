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

Row outcome_row(const exporters::ledger::LedgerRecord& record) {
  const core::Outcome& outcome = std::get<core::OutcomeLine>(record.line()).outcome;
  return {core::format_utc(record.recorded_at()),
          record.ledger_id(),
          outcome.probe,
          std::string(word(outcome.decision)),
          std::string(word(outcome.status_class)),
          std::to_string(outcome.retry_count),
          outcome.fallback_route.empty() ? "-" : outcome.fallback_route,
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
