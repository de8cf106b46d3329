// All restart state, as one fold over lines. Nothing else survives a restart.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/provider_state.h"
#include "probes/core/schedule.h"

namespace smokeledger::probes::core {

struct State {
  std::map<std::string, ProbeState, std::less<>> probes;
  std::string config_sha256;  // of the last config line
  ContractReviews contract_reviews;
  ProviderStates providers;
  std::optional<RetiredLine> retired;  // the newest

  bool operator==(const State&) const = default;
};

// What one line adds to the counters; pure, total. Carry lines add nothing: their tally replaces.
std::vector<Increment> increments(const Line&);

// Folds one line, appended at `recorded_at`, into the state.
void fold(State&, const Line&, WallTime recorded_at);

// The sum over all probes: what `ledger count` prints and /metrics shows.
Tally total(const State&);

// The lines that let a new segment stand alone: one per probe and provider, the newest review of
// each contract, and the configuration in force.
std::vector<Line> carry_lines(const State&);

// What the schedule needs to know of a probe after a restart, in this boot's time.
Progress progress_of(const ProbeState&, const Stamp& now);

// A run whose process ended before its outcome: the outcome that closes it. REQUIRES:
// state.open_run. `plan` may be null when the probe is no longer configured.
Outcome close_crashed(const ProbeState& state, const ProbePlan* plan, std::string_view build);

}  // namespace smokeledger::probes::core
