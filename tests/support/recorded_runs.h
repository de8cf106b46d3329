// Runs of the interpreter among twins, as the lines they leave in a ledger.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/plan.h"
#include "probes/core/retry_tokens.h"
#include "tests/support/plans.h"

namespace smokeledger::tests {

struct RecordedLine {
  core::Line line;
  core::WallTime at{};
};
using RecordedLines = std::vector<RecordedLine>;

// The plan with the hash of its own policy text; its policy line.
core::ProbePlan with_policy(core::ProbePlan plan);
core::PolicyLine policy_line(const core::ProbePlan&);

struct Circumstances {
  std::uint32_t number = 1;  // of the day
  core::Trigger trigger = core::Trigger::schedule;
  std::vector<double> draws{0.5};                    // the last one repeats
  std::vector<core::Milliseconds> takes{};           // of each request; then 20 ms
  std::optional<core::Milliseconds> aborted{};       // after this time
  std::optional<core::Milliseconds> no_slot_from{};  // others take every slot then, for ever
  // What other runs left: their facts, and the tokens that they spent at each provider.
  std::vector<std::string> pressure{};
  core::RetryTokens tokens{};
};

// Attempt lines and outcome of one run.
RecordedLines recorded_run(const core::ProbePlan&,
                           std::vector<core::Exchange> script,
                           const Circumstances& = {});

// The same run, ended with its process behind its last attempt line and closed by a later start
// that knew this plan, or none.
RecordedLines crashed(RecordedLines, const core::ProbePlan* known);

// What a run leaves that could not begin.
RecordedLines paused_run(const core::ProbePlan&,
                         std::uint32_t number,
                         core::Gap,
                         std::vector<std::string> unresolved);

// A new ledger with these lines.
void write_ledger(const std::filesystem::path& dir,
                  const RecordedLines&,
                  std::uint64_t segment_bytes = 64ULL << 20);

}  // namespace smokeledger::tests
