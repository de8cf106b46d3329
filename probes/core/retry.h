// Retry and fallback policy as a fold over history. Pure: the interpreter supplies elapsed time and
// the random draw, and does what it is told.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "probes/core/attempt.h"
#include "probes/core/plan.h"
#include "probes/core/retry_after.h"

namespace smokeledger::probes::core {

// A wait is drawn from [least, most).
struct WaitBounds {
  Milliseconds least{0};
  Milliseconds most{0};

  bool operator==(const WaitBounds&) const = default;
};

// Before retry `number` (0 is the first) on a route. `before`: the wait before the attempt that
// failed; only decorrelated jitter looks at it. No overflow at any number. Full and equal jitter
// after https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/,
// decorrelated after https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
WaitBounds backoff_bounds(const RetryPolicy&, std::uint32_t number, Milliseconds before);
Milliseconds backoff(const RetryPolicy&, std::uint32_t number, Milliseconds before, Draw);

// One judged attempt and what only the running process knows about it.
struct Past {
  std::size_t route = 0;  // index into plan.routes
  Attempt attempt;
  RetryWish wish = {};  // of the reply; nothing where none came
};

// What other runs left to this one.
struct Allowance {
  // Further requests allowed because the newest attempt's provider failed; nothing: no limit.
  std::optional<std::uint32_t> retry_tokens;
  bool under_pressure = false;  // one request, and no fallback on top
};

// Why nothing more is sent, where it was not for the policy of this run alone.
enum class Held { no, retry_tokens, pressure };

struct Send {
  std::size_t route = 0;
  Milliseconds after{0};
  Milliseconds timeout{0};  // of this attempt: within the run's deadline
  // What this step did with the last reply's Retry-After; written back to that attempt.
  RetryAfterSeen retry_after = RetryAfterSeen::absent;
};
struct Stop {
  RetryAfterSeen retry_after = RetryAfterSeen::absent;  // as in Send
  Held held = Held::no;
};
using Step = std::variant<Send, Stop>;

// `elapsed`: since the run's first request could go; what it waited for a slot before is not
// counted. REQUIRES: plan.routes not empty.
Step next_step(const ProbePlan&,
               std::span<const Past> history,
               Milliseconds elapsed,
               Draw,
               const Allowance& = {});

}  // namespace smokeledger::probes::core
