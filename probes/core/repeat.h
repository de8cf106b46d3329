// An older run once more: its recorded policy, with what only the configuration of today knows.
// Pure.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// What the configuration of today has.
struct Today {
  std::span<const std::shared_ptr<const Provider>> providers;
  std::span<const std::shared_ptr<const Route>> routes;
  std::span<const std::shared_ptr<const Contract>> contracts;
  const ProbePlan* probe = nullptr;  // of the recorded policy's name; null: there is none any more
};

struct Repeat {
  std::optional<ProbePlan> plan;      // empty: it cannot be repeated
  std::vector<std::string> refusals;  // why, each a clause that names what differs
};

// The recorded routes, retry policy, expectation and owner; of today the credentials, headers and
// limits of the providers, the contracts, the schedule with its caps and windows, links and
// environment. A contract that changed since is named in the plan's `unresolved`. Refused is what
// could send a credential to another host, or ask for what nobody configured: a provider with
// another address or scheme, a model that no route has, a probe or a family that is gone. A
// drill against the stub is none of this command's.
Repeat repeat(const ProbePlan& recorded, const Today&);

}  // namespace smokeledger::probes::core
