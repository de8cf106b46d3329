// The decision rules: a table in priority order. The first rule that applies decides.
#pragma once

#include <span>
#include <string_view>

#include "probes/core/outcome.h"

namespace smokeledger::probes::core {

struct Rule {
  std::string_view id;
  std::string_view because;  // the sentence that goes into the line
  Decision decision{};
  bool (*applies)(const Outcome&, RunEnd, Gap) = nullptr;
  Gap gap = Gap::none;  // of a paused decision
};

// Every rule, highest priority first. The last one always applies.
std::span<const Rule> rules();

// Fills in decision, rule, because, gap and check_result. Pure.
Outcome decide(const ProbePlan&, Outcome observed, RunEnd, Gap);

// Whether the decision is what the probe's expectation asks for, and what caps it.
CheckResult grade(Expectation, const Outcome&);

// The first attempt whose reply did not tell what the probe requires of its gateway; null: none.
const Attempt* without_evidence(const Outcome&);

// Whether the probe is there to fail: a controlled failure, or an escalation.
bool failure_expected(Expectation);

// True where the run lengthens the probe's interval: an escalation whose check did not pass.
bool backs_off(const Outcome&);

}  // namespace smokeledger::probes::core
