// Is this ledger what was written? Every line of every segment, in one pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporters/ledger/anchors.h"
#include "exporters/ledger/error.h"
#include "exporters/ledger/note_key.h"
#include "exporters/ledger/progress.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

// What a pass over all lines is asked beyond what the lines say of each other.
struct Witnesses {
  // One of them must have signed each checkpoint; none: not asked.
  std::span<const VerifierKey> keys{};
  AnchorCheck* anchors = nullptr;  // is shown the lines it wants
};

// Counts what was checked, up to the first problem.
struct Verification {
  std::string ledger;
  std::uint64_t lines = 0;
  std::uint64_t first_seq = 0;  // above 0 where older segments were deleted
  std::size_t segments = 0;
  Hash head{};  // of the last line that was checked
  std::uint64_t checkpoints = 0;
  std::uint64_t covered = 0;  // by the newest checkpoint: lines up to this one, exclusive
  bool incomplete_tail = false;
  std::vector<StatedBreak> breaks;  // damage that the ledger itself states; nothing in it verified
  std::optional<Problem> problem;

  bool sound() const { return !problem && breaks.empty(); }
};

// Checks names and order of the segments, and of every line its bytes, hash, previous hash,
// sequence number, place, and its payload but for attempts and outcomes: those are for replay. On
// all cores, in constant memory. Read-only; a ledger may be written meanwhile. Errors `unusable`
// and `io`; damage is a result, not an error.
Result<Verification> verify(const std::filesystem::path& dir,
                            const Witnesses& = {},
                            const Progress& = {});

// One sentence.
std::string sentence(const Verification&);

}  // namespace smokeledger::exporters::ledger
