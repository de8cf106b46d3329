// A new configuration for a running service: read, compared, described.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "probes/core/line.h"

namespace smokeledger::daemon {

namespace core = probes::core;

struct Reload {
  std::optional<config::Config> config;  // absent when there are errors
  core::ConfigLine line;                 // what to record before it is used
  std::vector<std::string> errors;
};

// Reads current.file again. A file with errors, or one that changes what only a restart can change
// (ledger, web, control), gives errors and no configuration.
Reload read_reload(const config::Config& current);

// The comparison alone. Pure.
Reload compare(const config::Config& current, config::Config next);

}  // namespace smokeledger::daemon
