// The two ways of a drill: our own runs, and somebody's client.
#pragma once

#include <string>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/commands/log_flags.h"
#include "daemon/config/config.h"

namespace smokeledger::daemon::commands {

struct DrillFlags {
  std::string config_file;
  std::vector<std::string> probes;
  std::string output;
  LogFlags log{.level = "warning", .format = "logfmt"};
};

// Runs these walk, gateway and live drills now. The exit code.
int drill_runs(config::Config, const std::vector<std::string>& probes, const DrillFlags&, Context&);

// Runs the client command of Context::after_dashes by this client drill. The exit code.
int drill_client(config::Config, const std::string& probe, const DrillFlags&, Context&);

}  // namespace smokeledger::daemon::commands
