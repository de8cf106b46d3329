#include "probes/core/counters.h"

namespace smokeledger::probes::core {
namespace {

constexpr std::array<CounterInfo, 10> table{{
    {Counter::outcomes,
     "Outcome lines in the ledger, by the route of the last attempt (of the primary when nothing "
     "was sent) and the class of answer it got.",
     {"family", "provider", "mode", "status_class"}},
    {Counter::retries,
     "Retries made on the same route, by the reason of the failed attempt (unknown where a gateway "
     "retried) and the layer that retried.",
     {"family", "provider", "reason", "layer"}},
    {Counter::fallback_taken,
     "Outcomes whose run went on to a fallback route, usable or not, by that route and the layer "
     "that "
     "took it.",
     {"family", "provider", "layer"}},
    {Counter::decisions, "Decisions of the policy, one per outcome line.", {"probe", "decision"}},
    {Counter::parser_results,
     "Attempts in outcome lines, by what the contract check said of the reply.",
     {"family", "provider", "result"}},
    {Counter::attempts,
     "Attempt lines in the ledger: each was durable before its request was sent.",
     {"family", "provider"}},
    {Counter::paused, "Outcomes in which nothing could be decided, by the evidence gap.", {"gap"}},
    {Counter::tokens_reported,
     "Tokens that replies reported of themselves, as counted by the provider.",
     {"provider", "direction"}},
    {Counter::evidence_missing,
     "Outcomes whose reply did not tell what the probe requires its gateway to tell, by the route "
     "of that attempt.",
     {"family", "provider"}},
    {Counter::drill_deviations,
     "Outcomes of a drill that did not go as it declares: its check_result is fail.",
     {"probe"}},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].counter) != i) return false;
  }
  return table.size() == every<Counter>().size();
}
static_assert(in_order(), "one row per Counter, in the enumeration's order");

}  // namespace

std::size_t CounterInfo::label_count() const {
  std::size_t count = 0;
  while (count < labels.size() && !labels[count].empty()) ++count;
  return count;
}

std::span<const CounterInfo> counters() {
  return table;
}

const CounterInfo& info(Counter counter) {
  return table[static_cast<std::size_t>(counter)];
}

}  // namespace smokeledger::probes::core
