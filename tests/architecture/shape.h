// Sizes and names: what keeps the tree readable.
#pragma once

#include <string>
#include <vector>

#include "tests/architecture/tree.h"

namespace smokeledger::tests::architecture {

inline constexpr std::size_t most_lines = 400;

Breaches long_files(const std::vector<SourceFile>&);

// Folders and files called util, common, helpers, misc, manager: names that say nothing.
Breaches empty_names(const std::vector<std::string>& paths);

// Top-level names that should not be there, and those that are missing.
Breaches top_level_breaches(const std::vector<std::string>& names);

}  // namespace smokeledger::tests::architecture
