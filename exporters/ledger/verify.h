// Is this ledger what was written? Every line of every segment, in one pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

// Counts what was checked, up to the first problem.
struct Verification {
  std::string ledger;
  std::uint64_t lines = 0;
  std::size_t segments = 0;
  Hash head{};  // of the last line that was checked
  bool incomplete_tail = false;
  std::vector<StatedBreak> breaks;  // damage that the ledger itself states; nothing in it verified
  std::optional<Problem> problem;

  bool sound() const { return !problem && breaks.empty(); }
};

// Checks names and order of the segments, and of every line its bytes, hash, previous hash,
// sequence number, place and payload. Read-only; a ledger may be written meanwhile. Errors
// `unusable` and `io`; damage is a result, not an error.
Result<Verification> verify(const std::filesystem::path& dir);

// One sentence.
std::string sentence(const Verification&);

}  // namespace smokeledger::exporters::ledger
