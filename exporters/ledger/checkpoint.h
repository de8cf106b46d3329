// What a checkpoint says: so many lines of this ledger, the last with this hash. As the text of a
// signed note it is three lines: `smokeledger-chain-v1/<ledger name>`, the number of lines, and the
// hash in base64. The chain is linear, so this is no RFC 6962 tree head and does not name itself
// one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

struct Checkpoint {
  std::uint64_t length = 0;  // lines covered: those numbered 0 to length - 1
  Hash head{};               // of the last of them
  std::string ledger{};      // its name

  bool operator==(const Checkpoint&) const = default;
};

std::string checkpoint_text(const Checkpoint&);

// Only what checkpoint_text() writes of a length above 0. The error is a clause.
boost::system::result<Checkpoint, std::string> parse_checkpoint_text(std::string_view text);

// Of a whole signed note; its signatures are not checked.
boost::system::result<Checkpoint, std::string> checkpoint_of_note(std::string_view note);

// The first 104 bits of a hash, as two numbers that a double holds exactly: what the gauges show.
struct HeadNumbers {
  std::uint64_t high = 0;  // bits 0 to 51
  std::uint64_t low = 0;   // bits 52 to 103

  bool operator==(const HeadNumbers&) const = default;
};
HeadNumbers head_numbers(const Hash&);

}  // namespace smokeledger::exporters::ledger
