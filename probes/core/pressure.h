// What other runs leave to the next one: facts of the ledger's fold that bound what is sent, in the
// words in which an outcome line names them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/outcome.h"
#include "probes/core/state.h"

namespace smokeledger::probes::core {

// Facts in Outcome::pressure: each a word, a colon and what it is about.
namespace pressure {
// Runs in a row that retried and did not recover. The run sends one request.
inline constexpr std::string_view without_recovery = "retries_without_recovery:";
// The bucket of this provider was empty, so a retry or a fallback was not made.
inline constexpr std::string_view tokens_short = "retry_tokens_short:";
// The newest attempt at each of so many providers failed before it was connected.
inline constexpr std::string_view no_provider_reached = "no_provider_reached:";
}  // namespace pressure

// The fact, or nothing. A probe that expects a failure or a fallback makes its retries on purpose.
std::optional<std::string> retry_pressure(const ProbePlan&, const ProbeState*);
bool says(std::span<const std::string> facts, std::string_view word);

bool failed_before_connecting(const Outcome&);  // every attempt, and there is one

// The providers that must be reachable for this host's network to be there: those not on loopback.
std::vector<std::string> outside_providers(std::span<const std::shared_ptr<const ProbePlan>>);

// When a whole run failed before connecting: whether it is this host rather than a route. Either
// the kernel says so of every attempt, or the newest attempts at all of at least two outside
// providers, none older than four hours, ended so.
std::optional<std::string> local_network_gone(const State&,
                                              std::span<const std::string> outside,
                                              const Outcome&,
                                              WallTime now);

// Daily caps: the word in Outcome::unresolved for the first cap that a whole run may not fit into.
// What a run may send at most is counted, so that none stops half-way for lack of calls.
inline constexpr std::string_view calls_reached = "calls_per_day_reached";
inline constexpr std::string_view tokens_reached = "output_tokens_per_day_reached";
std::optional<std::string_view> daily_cap_reached(const ProbePlan&,
                                                  const ProbeState*,
                                                  WallTime now);

}  // namespace smokeledger::probes::core
