// Two kinds of time that do not mix. WallTime is evidence of when, for people and lines; Instant is
// CLOCK_BOOTTIME, for intervals, and is not moved by clock steps. The core never reads a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::probes::core {

using Milliseconds = std::chrono::milliseconds;
using WallTime = std::chrono::sys_seconds;  // UTC, whole seconds

// A tag for time_point; it has no now() on purpose.
struct BootClock {
  using duration = Milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
};
using Instant = BootClock::time_point;

// Uniform in [0, 1): the one random input of a policy function.
struct Draw {
  double value = 0;
};

// When something happened, in both kinds of time, so that a restart within one boot can compare
// Instants and a restart after a reboot falls back to the wall clock.
struct Stamp {
  WallTime wall{};
  std::string boot_id;  // 8 hex digits that name the boot; empty: not known
  Instant boot{};       // since that boot

  bool operator==(const Stamp&) const = default;
};

// From the earliest to the latest of some moments, both included.
struct TimeRange {
  WallTime earliest{};
  WallTime latest{};

  bool operator==(const TimeRange&) const = default;
};
void include(std::optional<TimeRange>&, WallTime);

std::string format_utc(WallTime);                     // 2026-11-21T08:30:00Z
std::optional<WallTime> parse_utc(std::string_view);  // the same form only
std::string utc_day(WallTime);                        // 20261121
std::string format_duration(Milliseconds);            // 1h30m, 90s, 250ms: units TOML accepts
std::optional<Milliseconds> parse_duration(
    std::string_view);  // one or more of <integer>(d|h|m|s|ms)
// `2026-11-21T08:00:00Z`, or `-24h`: that long before `now`.
std::optional<WallTime> parse_moment(std::string_view, WallTime now);
// A decimal number such as 30 or 1.5, of this unit, rounded up; what is beyond 30 years is 30
// years.
std::optional<Milliseconds> decimal_wait(std::string_view, Milliseconds unit);

}  // namespace smokeledger::probes::core
