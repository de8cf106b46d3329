// The one door to a ledger for commands that write: the running service's control socket, or, when
// nobody listens there, the ledger's lock itself.
#pragma once

#include <optional>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"
#include "probes/core/line.h"

namespace smokeledger::daemon::commands {

// False also for the socket file that a killed service left behind.
bool somebody_listens(const std::string& socket);

// What the service answered to a POST on its control socket. Nothing, with why printed, when it did
// not answer, or refused.
std::optional<std::string> ask_service(const config::Config&,
                                       const std::string& target,
                                       Context&,
                                       const std::string& json_body = "{}");
// Of an answer that names the line that was written: prints its ledger id. An exit code.
int print_ledger_id(const std::string& answer, Context&);

// Why this process must not write the ledger because of whose it is; empty: it may.
std::string not_our_ledger(const config::Config&);

// Appends the line by ourselves, signs it, and prints its ledger id. An exit code, with why
// printed.
int append_on_our_own(const config::Config&, const probes::core::Line&, Context&);

}  // namespace smokeledger::daemon::commands
