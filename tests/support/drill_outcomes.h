// Drills and what they come to, in the domain's words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "probes/core/drill_outcome.h"
#include "tests/support/plans.h"

namespace smokeledger::tests {

inline core::ProbePlan drill_plan(core::DrillOf of,
                                  core::Expectation expect = core::Expectation::usable_response) {
  core::ProbePlan plan = walk_plan();
  plan.mode = core::Mode::drill;
  plan.expect = expect;
  plan.drill.emplace();
  plan.drill->of = of;
  plan.drill->scripts = {"throttled", "ok"};
  plan.drill->terms.budget = 4;
  return plan;
}

// A run of ours with these attempts, of which so many arrived.
inline core::Outcome ours(const core::ProbePlan& plan,
                          std::vector<core::Attempt> attempts,
                          const core::DrillVerdict& verdict,
                          core::RunEnd end = core::RunEnd::finished) {
  const core::RunFacts facts{"chat-walk-20261121-001", core::Trigger::schedule, "0.1.0", end};
  core::Outcome outcome =
      core::decide(plan, core::summarise(plan, facts, std::move(attempts)), end, core::Gap::none);
  return core::conclude_drill(plan, std::move(outcome), verdict);
}

inline core::Outcome theirs(const core::ProbePlan& plan,
                            const core::DrillVerdict& verdict,
                            core::RunEnd end = core::RunEnd::finished) {
  const core::RunFacts facts{"chat-walk-20261121-001", core::Trigger::manual, "0.1.0", end};
  return core::conclude_client_drill(plan, facts, verdict);
}

// Nothing was sent: another drill by its script was under way.
inline core::Outcome script_in_use(const core::ProbePlan& plan) {
  const core::RunFacts facts{"chat-walk-20261121-001",
                             core::Trigger::schedule,
                             "0.1.0",
                             core::RunEnd::paused,
                             core::Gap::not_exercised};
  return core::decide(plan, core::summarise(plan, facts, {}), facts.end, facts.gap);
}

// Of a budget of four.
inline core::DrillVerdict counted(std::uint32_t arrivals, std::vector<std::string> findings = {}) {
  core::DrillVerdict verdict;
  verdict.arrivals = arrivals;
  verdict.within_budget = arrivals == 0   ? core::WithinBudget::unknown
                          : arrivals <= 4 ? core::WithinBudget::yes
                                          : core::WithinBudget::no;
  verdict.findings = std::move(findings);
  return verdict;
}

}  // namespace smokeledger::tests
