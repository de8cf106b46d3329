// Whether a recorded walk is one that its policy allows. The policy function itself is the judge:
// next_step is asked at each step whether some draw, and something that the reply may have asked
// for, leads to what was done. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/difference.h"
#include "probes/core/plan.h"

namespace smokeledger::probes::core {

struct RecordedWalk {
  std::span<const Attempt> attempts;
  // When the request of each attempt left, from the first one on; as many as attempts.
  std::span<const Milliseconds> sent;
  // The run ended by its own policy: whether it was allowed to is checked, too.
  bool ended_itself = true;
  // The latest that it can have ended, from the first request on; empty: not known.
  std::optional<Milliseconds> ended{};
  std::span<const std::string> pressure{};  // as the outcome has it
};

// The first step that the policy does not allow; none: empty. Waits are allowed that grow with the
// draw. REQUIRES: plan.routes not empty.
std::vector<Difference> walk_differences(const ProbePlan&, const RecordedWalk&);

}  // namespace smokeledger::probes::core
