// Which parts of a ledger a question has to look at, and the checks of each line that it finds
// there: how lines of one kind are read out of a large ledger. Read-only, in constant memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/chain.h"
#include "exporters/ledger/error.h"
#include "exporters/ledger/scan.h"
#include "exporters/ledger/segments.h"

namespace smokeledger::exporters::ledger {

// The numbers that the lines of one segment may have, and are worth anything with.
struct Span {
  std::uint64_t first_seq = 0;
  std::uint64_t end_seq = 0;
  bool broken = false;  // a break is stated: what cannot be read stands behind it
};

struct Stretches {
  std::vector<Segment> segments;
  std::vector<Span> spans;    // of each of them
  std::vector<Block> blocks;  // of those that may hold an answer, in order
  std::uint64_t all_bytes = 0;
};

// Of lines before `before_seq`; `may_hold` is asked of each segment that ended, by what its last
// line says. Checks the names, order and last lines of the segments. Errors as Reader::open(), and
// `corrupt`.
Result<Stretches> stretches_of(const std::filesystem::path& dir,
                               std::optional<std::uint64_t> before_seq,
                               const std::function<bool(const SegmentEnd&)>& may_hold);

struct LineQuestion {
  std::vector<std::string> needles;         // as scan() has them
  std::function<bool(const Frame&)> wants;  // before its hash is checked
  std::function<void(std::string_view bytes, const Frame&, core::Line)> found;
};

// Of one of these blocks, in order. An error says what was met behind those found: the file cannot
// be read, or a line that is wanted is damaged.
std::optional<LedgerError> ask(const Stretches&, const Block&, const LineQuestion&);

}  // namespace smokeledger::exporters::ledger
