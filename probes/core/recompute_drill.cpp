#include "probes/core/recompute_drill.h"

#include <algorithm>
#include <utility>

#include "probes/core/drill_outcome.h"

namespace smokeledger::probes::core {
namespace {

// Which arrivals belong to one request is known where one was asked for; of more, the sum bounds
// it.
WithinBudget within_budget(const DrillTerms& terms, const Outcome& recorded) {
  const std::uint64_t arrivals = *recorded.arrivals;
  if (arrivals == 0) return WithinBudget::unknown;
  if (arrivals > std::uint64_t{terms.asked} * terms.budget) return WithinBudget::no;
  if (terms.asked == 1 || arrivals <= terms.budget) return WithinBudget::yes;
  return recorded.within_budget == WithinBudget::no ? WithinBudget::no : WithinBudget::yes;
}

CallerReceived received(const DrillTerms& terms, const Outcome& recorded) {
  const bool can_be_told =
      std::any_of(terms.exit_codes.begin(), terms.exit_codes.end(), [&](const auto& row) {
        return row.second == recorded.caller_received;
      });
  return can_be_told ? recorded.caller_received : CallerReceived::unknown;
}

DrillVerdict verdict_of(const DrillTerms& terms, const Outcome& recorded) {
  DrillVerdict verdict;
  if (!recorded.arrivals) return verdict;
  verdict.arrivals = *recorded.arrivals;
  verdict.gaps = recorded.arrival_gaps;
  const std::size_t gaps_at_most = std::max(verdict.arrivals, 1U) - 1;
  if (verdict.gaps.size() > gaps_at_most) verdict.gaps.resize(gaps_at_most);
  verdict.within_budget = within_budget(terms, recorded);
  if (terms.arrivals && *terms.arrivals != verdict.arrivals) {
    verdict.findings.emplace_back(arrivals_not_as_declared);
  }
  if (verdict.gaps.size() >= 2) verdict.backoff_policy_seen = recorded.backoff_policy_seen;
  if (terms.asked >= sequences_to_see_jitter) verdict.jitter_seen = recorded.jitter_seen;
  verdict.caller_received = received(terms, recorded);
  return verdict;
}

}  // namespace

Outcome conclude_anew(const ProbePlan& plan,
                      const RunFacts& facts,
                      Outcome outcome,
                      const Outcome& recorded) {
  const DrillVerdict verdict = verdict_of(plan.drill->terms, recorded);
  if (is_client_drill(plan)) return conclude_client_drill(plan, facts, verdict);
  outcome = decide(plan, std::move(outcome), facts.end, facts.gap);
  if (is_counted_by_stub(plan)) return conclude_drill(plan, std::move(outcome), verdict);
  return conclude_live_drill(plan, std::move(outcome));
}

}  // namespace smokeledger::probes::core
