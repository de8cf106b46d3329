#include "probes/core/schedule.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

Milliseconds fraction(Milliseconds whole, double part) {
  return Milliseconds{static_cast<Milliseconds::rep>(static_cast<double>(whole.count()) * part)};
}

}  // namespace

Milliseconds effective_interval(const Schedule& schedule, std::uint32_t failures_in_a_row) {
  const Milliseconds cap = std::max(schedule.backoff_cap, schedule.interval);
  Milliseconds interval = schedule.interval;
  for (std::uint32_t i = 0; i < failures_in_a_row && interval < cap; ++i) {
    interval = std::min(interval * 2, cap);
  }
  return interval;
}

Instant allowed_from(const Schedule& schedule, const Progress& progress, Instant now) {
  if (!progress.last_attempt) return now;
  return std::max(now, *progress.last_attempt + schedule.minimum_interval);
}

Instant next_due(const Schedule& schedule, const Progress& progress, Instant now, Draw draw) {
  const Instant allowed = allowed_from(schedule, progress, now);
  if (!progress.last_slot) return std::max(allowed, now + fraction(schedule.interval, draw.value));

  const Milliseconds interval = effective_interval(schedule, progress.failures_in_a_row);
  Milliseconds wait = interval;
  if (progress.confirm_wanted && schedule.confirm_after > Milliseconds{0}) {
    wait = std::min(wait, std::max(schedule.confirm_after, schedule.minimum_interval));
  }
  Instant slot = *progress.last_slot + wait + fraction(wait, schedule.jitter * draw.value);
  if (slot < now) {
    // Dropped, not caught up: step whole intervals ahead, so that probes which all missed their
    // slots keep the distance that they had.
    const auto missed = (now - slot) / interval + 1;
    slot += interval * missed;
  }
  return std::max(slot, allowed);
}

Instant restore(const Stamp& past, const Stamp& now) {
  if (!past.boot_id.empty() && past.boot_id == now.boot_id && past.boot <= now.boot) {
    return past.boot;
  }
  const auto ago = now.wall - (past.wall + std::chrono::seconds{1});
  if (now.wall < past.wall) return now.boot;
  return now.boot - std::max(Milliseconds{0}, Milliseconds{ago});
}

}  // namespace smokeledger::probes::core
