// What next_step may have said at a recorded moment, of which a line holds all but what the last
// reply asked for, the time that had passed and the draw. Pure.
#pragma once

#include <limits>
#include <vector>

#include "probes/core/retry.h"

namespace smokeledger::probes::core {

// The newest attempt with everything that its reply may have asked for, as far as it makes a
// difference before a wait of this length.
std::vector<Past> possible_pasts(const RetryPolicy&, const Past& last, Milliseconds wait);

struct Unrecorded {
  Past last;  // one of possible_pasts()
  Milliseconds elapsed{0};
};

class PossibleSteps {
 public:
  static constexpr double largest_draw = 1 - std::numeric_limits<double>::epsilon() / 2;

  // REQUIRES: `history` is not empty. The plan outlives it.
  PossibleSteps(const ProbePlan& plan, std::vector<Past> history, Allowance allowance)
      : plan_(plan), history_(std::move(history)), allowance_(allowance) {}

  Step at(const Unrecorded&, double draw);
  // The step nearest to sending on this route after this wait: waits grow with the draw, so that
  // the draw can be searched for.
  Step nearest(const Unrecorded&, std::size_t route, Milliseconds wait);

 private:
  const ProbePlan& plan_;
  std::vector<Past> history_;
  Allowance allowance_;
};

}  // namespace smokeledger::probes::core
