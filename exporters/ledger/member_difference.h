// Two objects, member by member: whatever a later build adds is compared, too.
#pragma once

#include <string>
#include <vector>

#include "probes/core/difference.h"

namespace smokeledger::exporters::ledger {

namespace core = probes::core;

// The members of `recorded` that are absent from `recomputed` or have another value there. Strings
// are given without quotes, other values as JSON. REQUIRES: both are JSON objects.
std::vector<core::Difference> member_differences(const std::string& recorded,
                                                 const std::string& recomputed);

}  // namespace smokeledger::exporters::ledger
