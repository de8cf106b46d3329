// The queue of lines that wait for a review, as a fold over the ledger. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/review.h"

namespace smokeledger::probes::core {

// What one line does to the queue.
void fold(ReviewQueue&, const Line&, std::uint64_t seq, WallTime recorded_at);

// The lines that let a new segment go on from it; none: nothing waits. The last decisions and the
// policies are in the carry and policy lines beside them.
std::vector<Line> carry_lines(const ReviewQueue&);

}  // namespace smokeledger::probes::core
