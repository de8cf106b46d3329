// The frame of a line: the members every kind has, read straight from the bytes. The bytes on disk
// are the canonical bytes, so nothing is serialised again to check them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "exporters/ledger/record.h"
#include "probes/core/time.h"

namespace smokeledger::exporters::ledger {

inline constexpr std::uint32_t format_version = 1;
inline constexpr std::size_t max_line_bytes = 16'384;  // without the newline

// Views into the line that was read.
struct Frame {
  std::uint64_t seq = 0;
  Hash prev{};
  std::string_view kind;
  std::string_view ledger_id;
  core::WallTime recorded_at{};
  Hash hash{};               // as written; whether it is right is for the chain to say
  std::string_view covered;  // the bytes it must be the hash of
};

// Reads the frame of one line without its newline: printable ASCII, at most max_line_bytes, members
// v, seq, prev, kind, ledger_id, recorded_at in this order at the start, hash at the end. The error
// is a clause that says what is wrong, such as `its format version is 2, this build reads 1`.
boost::system::result<Frame, std::string> read_frame(std::string_view line);

}  // namespace smokeledger::exporters::ledger
