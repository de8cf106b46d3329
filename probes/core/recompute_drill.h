// A recorded drill concluded anew. What the stub counted and saw is an input that no line but the
// outcome tells; what follows from it is not. Internal to recompute.
#pragma once

#include "probes/core/outcome.h"
#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// Completes what summarise() gave, as the drill's end did. REQUIRES: plan.drill.
Outcome conclude_anew(const ProbePlan&, const RunFacts&, Outcome, const Outcome& recorded);

}  // namespace smokeledger::probes::core
