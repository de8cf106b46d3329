// What a ledger knows, for commands that only read.
#pragma once

#include <string>

#include "probes/core/state.h"

namespace smokeledger::daemon::commands {

// The fold of the last segment. Where there is no ledger, an empty one; where it cannot be read,
// what stands before the damage, with why in `problem`, which is left alone otherwise.
probes::core::State read_state(const std::string& dir, std::string& problem);

}  // namespace smokeledger::daemon::commands
