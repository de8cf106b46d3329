// What a run does after each reason: data with documented defaults, which a probe may override.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "probes/core/reason.h"

namespace smokeledger::probes::core {

// Before budgets are looked at; a run that does nothing more escalates.
enum class AfterFailure { escalate, retry, fall_back, retry_then_fall_back };
template <>
struct Words<AfterFailure> {
  static constexpr std::array<std::string_view, 4> list{
      "escalate", "retry", "fall_back", "retry_then_fall_back"};
};

constexpr bool retries(AfterFailure action) {
  return action == AfterFailure::retry || action == AfterFailure::retry_then_fall_back;
}
constexpr bool falls_back(AfterFailure action) {
  return action == AfterFailure::fall_back || action == AfterFailure::retry_then_fall_back;
}

struct ClassRow {
  Reason reason{};
  AfterFailure by_default{};
  bool may_retry = false;      // a probe may say so
  bool may_fall_back = false;  // likewise
};
// One row per Reason, in the enumeration's order.
std::span<const ClassRow> class_rows();

// Whether a probe may choose this. What came after a 2xx status line is never retried, nor is a
// refusal that only a person can lift: `may_retry` of those rows is false.
bool may_choose(Reason, AfterFailure);

using ClassTable = std::array<AfterFailure, every<Reason>().size()>;
ClassTable documented_classes();

inline AfterFailure after(const ClassTable& table, Reason reason) {
  return table[static_cast<std::size_t>(reason)];
}

}  // namespace smokeledger::probes::core
