// What a probe may send, before it does: arithmetic that a reader can check. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "probes/core/plan.h"

namespace smokeledger::probes::core {

struct Forecast {
  std::uint64_t runs = 0;                    // scheduled ones at most
  std::uint64_t calls_expected = 0;          // one call a run
  std::uint64_t calls_at_worst = 0;          // every retry and fallback, within the daily caps
  std::uint64_t output_tokens_expected = 0;  // as many as those calls ask for at most
  std::uint64_t output_tokens_at_worst = 0;
  // Scheduled runs that are paused when all of them go as badly as they can.
  std::uint64_t runs_not_fitting = 0;
  // What bounds the worst case: `interval`, `calls_per_day` or `output_tokens_per_day`;
  // `not_scheduled` of a client drill.
  std::string_view binding;
};

// Requests of one run at most: every retry on every route, within the attempt budget. A client
// drill sends none itself.
std::uint32_t attempts_at_most(const ProbePlan&);

// Output tokens that one run asks for at most.
std::uint64_t output_tokens_at_most(const ProbePlan&);

// Over `window` on each of `hosts` hosts, for the whole fleet.
Forecast forecast(const ProbePlan&, Milliseconds window, std::uint32_t hosts);

}  // namespace smokeledger::probes::core
