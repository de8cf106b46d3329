// A whole contract as one JSON object.
#pragma once

#include <string>

#include "probes/core/contract.h"

namespace smokeledger::daemon::commands {

// Without a newline. The members are the keys of contract files, docs/configuration.md, and the
// version with the file's digest.
std::string contract_json(const probes::core::Contract&);

}  // namespace smokeledger::daemon::commands
