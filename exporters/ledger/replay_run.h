// One run, judged by its own lines and its policy. Internal to replay.
#pragma once

#include <string>
#include <vector>

#include "exporters/ledger/replay_lines.h"

namespace smokeledger::exporters::ledger {

struct CitedOutcome {
  std::string ledger_id;
  core::WallTime recorded_at{};
  core::Outcome outcome;
};

// Everything in an outcome, and in the lines of its run, that does not follow from those lines and
// from the policy. REQUIRES: `policy` is there, or closed_without_policy(outcome) and the run has
// lines.
std::vector<ReplayFinding> judge_run(const RecordedRun&,
                                     CitedOutcome,
                                     const core::ProbePlan* policy);

}  // namespace smokeledger::exporters::ledger
