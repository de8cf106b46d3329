// The subcommands of `packet` that read.
#pragma once

#include "daemon/commands/command.h"

namespace CLI {
class App;
}

namespace smokeledger::daemon::commands {

void add_packet_list(CLI::App& packet, Context&);
void add_packet_show(CLI::App& packet, Context&);

}  // namespace smokeledger::daemon::commands
