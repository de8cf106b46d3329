// Outcomes as rows that people read, and the exit code they amount to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/table.h"
#include "exporters/ledger/record.h"
#include "probes/core/outcome.h"

namespace smokeledger::daemon::commands {

extern const Row outcome_header;
// Widths that keep a growing table aligned for names of usual length.
extern const std::vector<std::size_t> outcome_widths;

// REQUIRES: the record's line is an outcome.
Row outcome_row(const exporters::ledger::LedgerRecord&);

// Its cell for a fallback, from the words of the line: the route, else who took it, `unknown` or
// `-`.
std::string shown_fallback(std::string_view route, std::string_view taken, std::string_view layer);

// Of `once`: 0 keep_primary, 10 retry_primary, 11 use_fallback, 12 paused, 13 escalate.
int exit_code_of(probes::core::Decision);

}  // namespace smokeledger::daemon::commands
