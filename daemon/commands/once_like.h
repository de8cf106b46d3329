// An outcome and its repetition, side by side: what `once --like` prints.
#pragma once

#include <string>
#include <string_view>

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

// `<name>-<8 hexadecimal digits>-<number>`, as lines and answers give it.
bool is_ledger_id(std::string_view);

// Prints {"then":line,"results":[...]}: as a table of field, then and now, or as {"then":line,
// "now":line}. The exit code is that of today's decision, 1 when it was not run.
int print_like(const std::string& answer, bool as_table, Context&);

}  // namespace smokeledger::daemon::commands
