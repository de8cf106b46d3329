// The decisions that people recorded, as rows that people read, and their members by name.
#pragma once

#include <vector>

#include "daemon/commands/outcome_fields.h"
#include "daemon/commands/table.h"

namespace smokeledger::daemon::commands {

extern const Row decision_header;

// REQUIRES: the record's line is a decision.
Row decision_row(const exporters::ledger::LedgerRecord&);

// As field_sets(), of decisions: the fallback review asks for none.
const std::vector<FieldSet>& decision_field_sets();

}  // namespace smokeledger::daemon::commands
