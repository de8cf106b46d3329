// smokeledger ledger verify: a whole ledger, or a slice of one. Exit: 0 sound, and as every anchor
// says; 1 damaged, or a checkpoint or slice not signed by the key; 2 it ends before an anchor; 3 it
// was rewritten before an anchor; 4 something given cannot be used, or no anchor could be checked.
// The first of 1, 3, 2, 4 that holds. Wrong flags are 2 as everywhere.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

inline constexpr int exit_behind = 2;
inline constexpr int exit_fork = 3;

void add_ledger_verify(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
