#include "probes/core/provider_state.h"

#include <set>

namespace smokeledger::probes::core {

bool failed_before_connecting(const Attempt& attempt) {
  return !attempt.http_status &&
         (attempt.reason == Reason::dns || attempt.reason == Reason::connect ||
          attempt.reason == Reason::local_network);
}

// A further request of a run costs the provider whose failure caused it.
void fold(ProviderStates& state, const AttemptLine& line) {
  if (line.previous) state.retry_tokens.spend(line.previous->provider);
}

void fold(ProviderStates& state, const OutcomeLine& line, WallTime recorded_at) {
  for (const Attempt& attempt : line.outcome.attempts) {
    if (attempt.usable()) state.retry_tokens.credit(attempt.provider);
    const bool not_known =
        attempt.reason == Reason::aborted || attempt.reason == Reason::unknown_crash;
    if (!not_known)
      state.reach[attempt.provider] = {!failed_before_connecting(attempt), recorded_at};
  }
}

void fold(ProviderStates& state, const CarryProviderLine& line) {
  state.reach[line.provider] = {line.reached, line.tried_at};
  state.retry_tokens.restore(line.provider, line.retry_tokens_spent);
}

std::vector<CarryProviderLine> carry_lines(const ProviderStates& state) {
  std::set<std::string_view> names;
  for (const auto& [provider, reach] : state.reach) names.insert(provider);
  for (const auto& [provider, spent] : state.retry_tokens.all()) names.insert(provider);
  std::vector<CarryProviderLine> lines;
  lines.reserve(names.size());
  for (const std::string_view name : names) {
    CarryProviderLine line{std::string(name), true, {}, state.retry_tokens.spent(name)};
    if (const auto known = state.reach.find(name); known != state.reach.end()) {
      line.reached = known->second.reached;
      line.tried_at = known->second.tried_at;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace smokeledger::probes::core
