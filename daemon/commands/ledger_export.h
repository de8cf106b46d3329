// smokeledger ledger export: a slice, as evidence that can be checked without the ledger. Exit: 0;
// 1 no checkpoint follows yet, or the ledger is damaged; 4 no such line, or it could not be read or
// written.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

void add_ledger_export(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
