// What the probes of a configuration will do, as rows: shared by `plan` and `demo`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/commands/table.h"
#include "daemon/config/config.h"
#include "probes/core/forecast.h"
#include "probes/core/state.h"

namespace smokeledger::daemon::commands {

struct PlannedProbe {
  std::string probe;
  std::string mode;
  std::vector<std::string> routes;
  probes::core::Milliseconds interval{0};
  probes::core::WallTime next_run_from{};  // the next run is due in this window
  probes::core::WallTime next_run_to{};
  probes::core::Forecast forecast;
};

struct PlanOptions {
  probes::core::Milliseconds window{std::chrono::hours{24}};
  std::uint32_t hosts = 1;
  probes::core::Stamp now;
};

// `state`: what the ledger knows of earlier runs; empty for a new one.
std::vector<PlannedProbe> planned(const config::Config&,
                                  const probes::core::State& state,
                                  const PlanOptions&);

extern const Row plan_header;
Row plan_row(const PlannedProbe&);

}  // namespace smokeledger::daemon::commands
