// Retry and fallback policy as a fold over history. Pure: the interpreter supplies elapsed time and
// the random draw, and does what it is told.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "probes/core/attempt.h"
#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// Full jitter: uniform in [0, min(cap, base * multiplier^retry)). No overflow at any retry number.
// Source: the AWS Builders' Library article on timeouts, retries and backoff with jitter,
// https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
Milliseconds backoff(const RetryPolicy&, std::uint32_t retry, Draw);
// The least upper bound of that wait, for those who check waits afterwards.
Milliseconds backoff_bound(const RetryPolicy&, std::uint32_t retry);

// What is done after a reason, before budgets are looked at.
struct Response {
  bool retry = false;
  bool fall_back = false;
};
Response response_to(Reason, const RetryPolicy&);

// One judged attempt and what only the running process knows about it.
struct Past {
  std::size_t route = 0;  // index into plan.routes
  Attempt attempt;
  std::optional<Milliseconds> retry_after;  // as asked by the reply
  bool names_retry_after = false;           // it has one, though perhaps not a readable one
};

struct Send {
  std::size_t route = 0;
  Milliseconds after{0};
  Milliseconds timeout{0};  // of this attempt: within the run's deadline
  // What this step did with the last reply's Retry-After; written back to that attempt.
  RetryAfterSeen retry_after = RetryAfterSeen::absent;
};
struct Stop {
  RetryAfterSeen retry_after = RetryAfterSeen::absent;  // as in Send
};
using Step = std::variant<Send, Stop>;

// `elapsed`: since the run's first request could go; what it waited for a slot before is not
// counted. REQUIRES: plan.routes not empty.
Step next_step(const ProbePlan&, std::span<const Past> history, Milliseconds elapsed, Draw);

}  // namespace smokeledger::probes::core
