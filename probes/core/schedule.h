// When a probe runs next. Pure: instants and draws are values.
#pragma once

#include <cstdint>
#include <optional>

#include "probes/core/plan.h"
#include "probes/core/time.h"

namespace smokeledger::probes::core {

// What the schedule needs to know of a probe's past, in this boot's time.
struct Progress {
  std::optional<Instant> last_attempt;  // nothing was ever sent: empty
  std::optional<Instant> last_slot;     // when the last run, sent or paused, was started
  std::uint32_t failures_in_a_row = 0;
  bool confirm_wanted = false;  // the decision changed and no confirm run came yet
};

// interval * 2^failures, at most backoff_cap (never below interval).
Milliseconds effective_interval(const Schedule&, std::uint32_t failures_in_a_row);

// The next due instant, at or after `now`. A probe that never ran is splayed over the whole first
// interval. A slot that passed while nobody could run it is dropped: the next one of the same
// phase is taken. Never earlier than last_attempt + minimum_interval.
Instant next_due(const Schedule&, const Progress&, Instant now, Draw);

// The earliest instant at which a manual run may send.
Instant allowed_from(const Schedule&, const Progress&, Instant now);

// A past moment in this boot's time. The same boot: exact. Another boot: by the wall clock, where a
// restored whole-second stamp counts as the end of its second; a wall clock that went backwards
// makes it `now`, so that a full interval is waited.
Instant restore(const Stamp& past, const Stamp& now);

}  // namespace smokeledger::probes::core
