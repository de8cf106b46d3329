// The attempt lines of one run, as far as they can be judged by each other. Internal to replay.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporters/ledger/replay.h"
#include "probes/core/line.h"

namespace smokeledger::exporters::ledger {

// Collects differences of one line; what was said of a field before is not said again.
class Findings {
 public:
  explicit Findings(std::string ledger_id) : ledger_id_(std::move(ledger_id)) {}

  void add(core::Difference);
  // `prefix`: of the fields' names.
  void add(std::vector<core::Difference>, const std::string& prefix = {});
  void compare(std::string_view field, const std::string& recorded, const std::string& recomputed);
  void move_to(std::vector<ReplayFinding>& all);

 private:
  std::string ledger_id_;
  std::vector<ReplayFinding> found_;
};

// Times are subtracted and multiplied: one that nobody can have measured is named, and taken for
// none.
void keep_sane(Findings&, const std::string& field, core::Milliseconds&);

// An attempt line and how it is cited.
struct CitedAttempt {
  std::string ledger_id;
  core::AttemptLine line;
};

// A run whose attempt lines were read and whose outcome was not yet.
struct RecordedRun {
  std::vector<CitedAttempt> lines;
  std::vector<ReplayFinding> findings;  // of those lines
  // Of the probe's runs before this one.
  std::uint32_t retries_without_recovery = 0;

  const std::string& check_id() const { return lines.front().line.check_id; }
};

// Adds a line to its run, with a finding for everything in it that does not follow from the lines
// before it. REQUIRES: the run is empty, or the line has its check_id.
void add_line(RecordedRun&, CitedAttempt);

// What every line of a run and its outcome say alike.
void compare_shared(Findings&, const core::Outcome&, const core::AttemptLine&);

}  // namespace smokeledger::exporters::ledger
