// What a run is called: <probe>-<UTC day>-<number of the day>, chat-walk-20261121-001.
#pragma once

#include <string>

#include "probes/core/state.h"

namespace smokeledger::daemon {

namespace core = probes::core;

// Of the probe's next run, by what the ledger holds of it.
std::string next_check_id(const core::State&, const std::string& probe, core::WallTime now);

}  // namespace smokeledger::daemon
