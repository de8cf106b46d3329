// How long the longest ledger line of a probe can become, from its configuration alone.
#pragma once

#include <cstddef>
#include <string_view>

#include "probes/core/plan.h"

namespace smokeledger::daemon::config {

inline constexpr std::size_t longest_ledger_line = 16'384;  // bytes

// An upper bound of the bytes of an outcome line:
//   2,200 + ledger name + 3 x probe name + environment + owner + longest route name
//   + each evidence link and unresolved fact + 3
//   + attempts x (900 + probe name + longest route name + longest provider name
//                 + 8 findings x (44 + longest contract path + 6 for each `[]` in it))
// 2,200 and 900 are the member names, fixed words, hashes and widest numbers of a line and of one
// attempt; docs/ledger-format.md lists them.
std::size_t worst_line_bytes(const probes::core::ProbePlan&, std::string_view ledger_name);

}  // namespace smokeledger::daemon::config
