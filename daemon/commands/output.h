// What commands print: a table for a person, JSON lines for a program.
#pragma once

#include <string>

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

// -o,--output table|json. `output` stays empty when it is not given; it outlives the parsing.
void add_output_option(CLI::App&, std::string& output, const std::string& what = "table or json");

// What was asked for with -o, or else a table on a terminal and JSON lines elsewhere.
bool wants_table(const std::string& output, const Context&);

}  // namespace smokeledger::daemon::commands
