// smokeledger contract reviewed FAMILY --initials AB: records that a person opened the
// documentation behind a contract again, as a ledger line, through the running service where there
// is one. Prints the line's ledger id. Exit: 0 recorded; 1 it was not, or the configuration is
// invalid; 2 no such family, or no initials; otherwise as `run`.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

void add_contract_reviewed(CLI::App& contract, Context&);

}  // namespace smokeledger::daemon::commands
