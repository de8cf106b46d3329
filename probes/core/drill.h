// The verdict on a drill: from what the stub counted and when, never from what a client says of
// itself. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/arrival.h"
#include "probes/core/drill_plan.h"
#include "probes/core/outcome.h"

namespace smokeledger::probes::core {

// A sequence is the arrivals of one logical request. Sequences are told apart when there are no
// more of them than requests were asked for and each has an id or the client's own count; of one
// request asked for, everything that arrived is one sequence.

// The numbers of the verdict. What a busy host adds to a gap only ever lengthens it.
//
// Waits: a gap shorter than the wait asked for by more than this disobeys it. Timers and the two
// roundings of a gap may take so much off.
inline constexpr Milliseconds wait_tolerance{2};
// Backoff: the median gap of the later halves of all sequences (of two gaps or more) against the
// median of their first halves. Gaps grow when it is longer by more than noise and at least so many
// thousandths. A doubling wait with a quarter of jitter comes to 1500 at least.
inline constexpr std::int64_t growth_thousandths = 1400;
// They do not grow when it is below so many thousandths and enough gaps were seen, or when the
// longest of all is below so many of the shortest, or within noise of it. Otherwise jitter may hide
// either: not_exercised.
inline constexpr std::int64_t no_growth_thousandths = 1200;
inline constexpr std::size_t gaps_to_rule_out_growth = 6;
inline constexpr std::int64_t alike_below_thousandths = 1250;
// Jitter: judged where so many sequences have a gap at the same place. It shows when, the longest
// of them left out, they spread by more than noise and by more than a twentieth of the shortest.
inline constexpr std::size_t sequences_to_see_jitter = 5;
inline constexpr Milliseconds noise{20};

// How a client command ended.
enum class ClientEnd { none, exited, killed, not_started };
template <>
struct Words<ClientEnd> {
  static constexpr std::array<std::string_view, 4> list{"none", "exited", "killed", "not_started"};
};

struct DrillSeen {
  std::uint64_t arrivals = 0;               // in all
  std::vector<LogicalRequest> requests{};   // what the stub still knows of them, in any order
  std::optional<Milliseconds> answered_at;  // when the caller had its last answer; stub's time
  ClientEnd client = ClientEnd::none;       // none: no client command was run
  int exit_code = 0;                        // of a client that exited
};

struct DrillVerdict {
  std::uint32_t arrivals = 0;
  // Inside the sequences, one sequence after another; of arrivals that cannot be told apart,
  // between all of them. At most max_arrival_gaps.
  std::vector<Milliseconds> gaps{};
  // Of the arrivals of each sequence; of all arrivals against asked x budget where they cannot be
  // told apart. unknown: nothing arrived.
  WithinBudget within_budget = WithinBudget::unknown;
  bool as_expected = true;  // as many arrivals in all as declared, if that was declared
  bool stopped = true;      // none after the caller had its answer
  // Gaps behind a reply that asked for a wait, or that did not come at once, say nothing of these.
  Seen backoff_policy_seen = Seen::not_exercised;
  Seen jitter_seen = Seen::not_exercised;
  CallerReceived caller_received = CallerReceived::unknown;  // by the exit code
  // arrivals_not_told_apart, fewer_requests_than_asked, retry_after_not_obeyed,
  // should_retry_not_obeyed, arrivals_after_answer, arrivals_not_as_declared, client_killed,
  // client_not_started, exit_code_not_declared
  std::vector<std::string> findings{};
};

DrillVerdict judge_drill(const DrillTerms&, const DrillSeen&);

}  // namespace smokeledger::probes::core
