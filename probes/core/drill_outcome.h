// The outcome of a drill: what a run observed, with what the stub counted beside it. Pure.
#pragma once

#include <string_view>

#include "probes/core/decision.h"
#include "probes/core/drill.h"
#include "probes/core/outcome.h"
#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// Facts for `unresolved` beside those of the verdict.
inline constexpr std::string_view gap_below_planned_wait = "gap_below_planned_wait";
inline constexpr std::string_view gateway_evidence_differs = "gateway_evidence_differs";
inline constexpr std::string_view no_backoff_seen = "no_backoff_seen";
inline constexpr std::string_view refused_for_another_reason = "refused_for_another_reason";

// The outcome that summarise() gave for a walk or a gateway drill, completed by the verdict and
// decided anew. A run that was cut short stays so. REQUIRES: is_counted_by_stub(plan).
Outcome conclude_drill(const ProbePlan&, Outcome, const DrillVerdict&);

// The outcome of a client drill, of which this process sent nothing. `facts.end` is aborted when
// the drill was cut short. REQUIRES: is_client_drill(plan).
Outcome conclude_client_drill(const ProbePlan&, const RunFacts& facts, const DrillVerdict&);

// The outcome of a live drill. REQUIRES: plan.drill->live is not none.
Outcome conclude_live_drill(const ProbePlan&, Outcome);

}  // namespace smokeledger::probes::core
