// What the ledger's lines add up to for each provider, across probes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/retry_tokens.h"

namespace smokeledger::probes::core {

struct Reach {
  bool reached = true;  // false: the newest attempt failed before it was connected
  WallTime tried_at{};  // when its outcome was recorded

  bool operator==(const Reach&) const = default;
};

struct ProviderStates {
  std::map<std::string, Reach, std::less<>> reach;
  RetryTokens retry_tokens;

  bool operator==(const ProviderStates&) const = default;
};

void fold(ProviderStates&, const AttemptLine&);
void fold(ProviderStates&, const OutcomeLine&, WallTime recorded_at);
void fold(ProviderStates&, const CarryProviderLine&);
std::vector<CarryProviderLine> carry_lines(const ProviderStates&);

// Failed before anything could be sent: no name, no connection, no network.
bool failed_before_connecting(const Attempt&);

}  // namespace smokeledger::probes::core
