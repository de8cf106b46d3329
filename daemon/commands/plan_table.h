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

// A run is due in this span; jitter widens it from run to run.
struct NextRun {
  probes::core::WallTime from{};
  probes::core::WallTime to{};
  std::string quiet;  // the window that is open at `from`; the run would be paused
};

inline constexpr std::size_t most_next_runs = 1'000;

struct PlannedProbe {
  std::shared_ptr<const probes::core::ProbePlan> plan;
  std::vector<NextRun> next_runs;  // that can begin in the window, at most most_next_runs
  probes::core::Forecast day;      // of all hosts
};

struct PlanOptions {
  probes::core::Milliseconds window{std::chrono::hours{24}};  // for the next runs
  std::uint32_t hosts = 1;
  probes::core::Stamp now;
};

// `state`: what the ledger knows of earlier runs; empty for a new one.
std::vector<PlannedProbe> planned(const config::Config&,
                                  const probes::core::State& state,
                                  const PlanOptions&);

extern const Row plan_header;
Row plan_row(const PlannedProbe&);

// What is done after each reason: the documented default, then one column for each probe that says
// otherwise somewhere; `-` where it does not.
std::string class_table(const std::vector<PlannedProbe>&);

}  // namespace smokeledger::daemon::commands
