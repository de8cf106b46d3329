// Random runs of the real retry policy against a server that plays random faults, on a virtual
// clock, held to the bounds that every run keeps. One seed is one run, again and again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "probes/core/retry.h"

namespace smokeledger::tests {

namespace core = probes::core;

// The policy under test; a mutation replaces it by one with a bound moved.
using Policy = std::function<core::Step(const core::ProbePlan&,
                                        std::span<const core::Past>,
                                        core::Milliseconds elapsed,
                                        core::Draw,
                                        const core::Allowance&)>;

// What is broken, with its number, or nothing. The numbers:
//  1 no more requests, as the server counts them, than the budget and the route allow
//  2 waits and requests end within the deadline
//  3 each wait lies within its bounds
//  4 a readable Retry-After is waited for up to its cap, or nothing is sent to that provider
//  5 retry tokens stay within their bucket, are spent before the wait and earned by a usable reply
//  6 what is terminal is not retried
//  7 nothing is retried behind a 2xx, and one timeout at most
//  8 routes are taken in order, each once, and a fallback costs what a retry costs
//  9 each request has its attempt line before it, each run one outcome, and the fold counts both
// 15 less budget, fewer tokens, a forbidden retry or pressure never make more requests
std::optional<std::string> broken_by_run(std::uint64_t seed, const Policy& = core::next_step);

// A host that restarts, sleeps and has its clock set, over weeks of one probe's schedule:
// 10 first requests keep the minimum interval in true time
// 11 missed slots are dropped: what was missed makes no burst
// 12 starts within any span of time are as many as the interval allows, and one
std::optional<std::string> broken_by_host(std::uint64_t seed);

// Independent hosts of one configuration:
// 13 a restart of all at once does not make them start together
// 14 their daily caps add up, whatever their clocks show
std::optional<std::string> broken_by_fleet(std::uint64_t seed);

}  // namespace smokeledger::tests
