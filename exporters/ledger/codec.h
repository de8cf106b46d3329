// Lines to bytes and back. docs/ledger-format.md is the grammar; a test holds the two together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "exporters/ledger/error.h"
#include "exporters/ledger/frame.h"
#include "exporters/ledger/hash.h"
#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

// What the ledger puts around a payload.
struct Envelope {
  std::uint64_t seq = 0;
  Hash prev{};
  std::string_view ledger;  // <configured name>-<8 hex>
  core::WallTime recorded_at{};
  // Of an open line only: how many lines, this one included, the segment is created with.
  std::uint64_t header_lines = 1;
};

struct Encoded {
  std::string bytes;  // with the newline
  Hash hash{};
};

// One line. Error `unusable`: it would be longer than max_line_bytes, its kind is not a plain word,
// or a policy is not one JSON object in printable ASCII.
Result<Encoded> encode(Hasher&, const Envelope&, const core::Line&);

struct Decoded {
  core::Line line;
  std::uint64_t header_lines = 0;  // of an open line
};

// Reads payloads. Keeps its buffers; not thread-safe.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  // `line`: without the newline, the bytes `frame` was read from. Kinds this build does not know
  // become OtherLine; members it does not know are passed over. The error is a clause that names
  // the first member that is missing or wrong.
  boost::system::result<Decoded, std::string> decode(const Frame& frame, std::string_view line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A record of a line that was read back and checked.
LedgerRecord make_record(const Frame&, core::Line);

}  // namespace smokeledger::exporters::ledger
