// What the policy functions of this build make of a recorded run: the judge of recorded decisions.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/core/difference.h"
#include "probes/core/line.h"
#include "probes/core/outcome.h"

namespace smokeledger::probes::core {

// How a recorded run came to its end, by its attempts and its gap.
RunEnd end_of(const Outcome&);

// The outcome anew: observed and decided by this policy from the recorded attempts, gap and inputs
// of other runs (the facts of `pressure` that the lines of one probe do not tell), and of a drill
// from what the stub counted. What no policy makes (who asked, which configuration, environment,
// build, links, facts that only the running process knew) is taken as it is recorded.
// `retries_without_recovery`: of the probe's runs before this one, as the ledger's fold has it.
// REQUIRES: plan.routes not empty; the run was not closed after a crash.
Outcome recompute(const ProbePlan&,
                  const Outcome& recorded,
                  std::uint32_t retries_without_recovery);

// Likewise of a run that a start closed after a crash, from its attempt lines. `plan` is null where
// the outcome says policy_of_the_run_not_loaded: whoever closed it did not have it.
Outcome recompute_crashed(const OpenRun&, const ProbePlan* plan, const Outcome& recorded);

bool closed_without_policy(const Outcome&);

// A run that repeats an older policy uses the contracts of its own day, and says where they are
// others than that policy names: `contract_changed:<family>` in `unresolved`.
std::string contract_changed_fact(EndpointFamily);
bool contract_changed(const Outcome&, EndpointFamily);

// Status and failure class of each attempt, from its HTTP status and its reason.
std::vector<Difference> class_differences(const Outcome&);

}  // namespace smokeledger::probes::core
