// smokeledger ledger replay: recompute the recorded decisions. Exit: 0 all follow; 1 some do not,
// some could not be replayed, or the ledger is damaged; 4 it could not be read.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

void add_ledger_replay(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
