// Do the recorded decisions follow from the recorded evidence? Every outcome is made anew by the
// policy functions of this build, from its attempts, its inputs of other runs and its policy line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "exporters/ledger/error.h"
#include "exporters/ledger/reader.h"
#include "probes/core/difference.h"

namespace smokeledger::exporters::ledger {

struct ReplayFinding {
  std::string ledger_id;  // of the line that says what is recorded
  core::Difference difference;
  bool replayed = true;  // false: could not be checked, and `recomputed` says why
};

struct Replayed {
  std::uint64_t outcomes = 0;      // replayed
  std::uint64_t differ = 0;        // of those: where something was found
  std::uint64_t not_replayed = 0;  // whose policy is not there, or cannot be read
  std::uint64_t other_lines = 0;   // attempt and policy lines that contradict the others
  std::uint64_t under_way = 0;     // runs without an outcome at the end of the ledger
  std::uint64_t retired = 0;       // outcomes whose own lines were retired: nothing to replay from
  std::uint64_t breaks = 0;        // stated by the ledger; nothing inside was replayed
  std::optional<Problem> problem;  // damage: nothing behind it was replayed

  bool clean() const {
    return differ == 0 && not_replayed == 0 && other_lines == 0 && breaks == 0 && !problem;
  }
};

// One checked pass over all segments; read-only, also of a ledger that is being written. Memory
// grows with the policies, the probes and the runs under way, not with the outcomes. Calls back for
// each finding. Errors `unusable` and `io`; damage is a result, not an error.
Result<Replayed> replay(const std::filesystem::path& dir,
                        const std::function<void(const ReplayFinding&)>& found);

// One sentence.
std::string sentence(const Replayed&);

}  // namespace smokeledger::exporters::ledger
