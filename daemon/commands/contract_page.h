// A whole contract for a person to read.
#pragma once

#include <string>

#include "probes/core/contract.h"

namespace smokeledger::daemon::commands {

// What it says of requests, replies, errors and streams, then what it lets pass and why, and its
// sources. Lists that the contract has not are left out.
std::string contract_page(const probes::core::Contract&);

}  // namespace smokeledger::daemon::commands
