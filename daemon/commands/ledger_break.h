// smokeledger ledger break: states damage and begins a new segment behind it.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

void add_ledger_break(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
