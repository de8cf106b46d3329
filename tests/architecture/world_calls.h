// The world has few doors: clocks, chance, the environment and sleeping are called only where
// listed, each with its reason.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tests/architecture/tree.h"

namespace smokeledger::tests::architecture {

std::span<const std::string_view> world_names();
const std::vector<Allowance>& world_allowances();

// Calls that no allowance covers, and allowances that cover no call or give no reason.
Breaches stray_world_calls(const std::vector<SourceFile>&, const std::vector<Allowance>&);

}  // namespace smokeledger::tests::architecture
