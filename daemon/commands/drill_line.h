// A drill's outcome line as a person reads it, and the exit code it amounts to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/commands/table.h"
#include "probes/core/outcome.h"

namespace smokeledger::daemon::commands {

inline constexpr int exit_could_not_tell = 3;

// One of {"results":[...]}.
struct DrillResult {
  std::string probe;
  std::string not_run;  // why; empty: it ran, and the rest is known
  std::string json;     // the line, or what stands in its place
  std::string ledger_id;
  std::string rule;
  std::string because;
  std::string arrivals;  // a number, or `unknown`
  std::uint64_t attempts = 0;
  std::uint64_t budget = 0;
  probes::core::CheckResult check_result = probes::core::CheckResult::investigate;
  std::vector<std::string> unresolved;
};
// Nothing when it cannot be read.
std::optional<std::vector<DrillResult>> read_drill_results(const std::string& json);

extern const Row drill_header;
Row drill_row(const DrillResult&);

// asked 1, upstream saw 12, budget 4: fail
std::string drill_sentence(const DrillResult&, std::uint32_t asked);

// 0 when every drill passed, 1 when one failed, else 3.
int exit_code_of(const std::vector<DrillResult>&);

}  // namespace smokeledger::daemon::commands
