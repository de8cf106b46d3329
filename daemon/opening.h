// How this binary names itself and its ledgers, and what it has each of their segments begin with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/plan.h"

namespace smokeledger::daemon {

namespace core = probes::core;

// As lines name this binary.
std::string build_name();

// The 8 hex digits that were added to the configured name.
std::string tag_of(const std::string& ledger_name);

// One of each probe.
std::vector<core::PolicyLine> policies_of(
    const std::vector<std::shared_ptr<const core::ProbePlan>>&);

}  // namespace smokeledger::daemon
