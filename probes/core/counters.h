// The counters of the product, each a projection of ledger lines: one table row each.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class Counter {
  outcomes,
  retries,
  fallback_taken,
  decisions,
  parser_results,
  attempts,
  paused,
  tokens_reported,
  evidence_missing,
  drill_deviations
};
template <>
struct Words<Counter> {
  static constexpr std::array<std::string_view, 10> list{"smokeledger_outcomes_total",
                                                         "smokeledger_retries_total",
                                                         "smokeledger_fallback_taken_total",
                                                         "smokeledger_decisions_total",
                                                         "smokeledger_parser_results_total",
                                                         "smokeledger_attempts_total",
                                                         "smokeledger_paused_total",
                                                         "smokeledger_tokens_reported_total",
                                                         "smokeledger_evidence_missing_total",
                                                         "smokeledger_drill_deviations_total"};
};

inline constexpr std::size_t max_labels = 4;

// The reason of retries that a gateway made: it tells how many, not why.
inline constexpr std::string_view gateways_reason = "unknown";

struct CounterInfo {
  Counter counter{};
  std::string_view help;
  std::array<std::string_view, max_labels> labels;  // names in order; unused ones are empty

  std::size_t label_count() const;
};
// One row per Counter, in the enumeration's order.
std::span<const CounterInfo> counters();
const CounterInfo& info(Counter);

struct CounterKey {
  Counter counter{};
  std::array<std::string, max_labels> labels;  // values in the row's order

  auto operator<=>(const CounterKey&) const = default;
};

// Sparse: a key that never counted is absent.
using Tally = std::map<CounterKey, std::uint64_t>;

struct Increment {
  CounterKey key;
  std::uint64_t by = 1;
};

}  // namespace smokeledger::probes::core
