// The one door to a ledger for commands that write: the running service's control socket, or, when
// nobody listens there, the ledger's lock itself.
#pragma once

#include <optional>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"

namespace smokeledger::daemon::commands {

// False also for the socket file that a killed service left behind.
bool somebody_listens(const std::string& socket);

// What the service answered to a POST on its control socket. Nothing, with why printed, when it did
// not answer, or refused.
std::optional<std::string> ask_service(const config::Config&, const std::string& target, Context&);

// Why this process must not write the ledger because of whose it is; empty: it may.
std::string not_our_ledger(const config::Config&);

}  // namespace smokeledger::daemon::commands
