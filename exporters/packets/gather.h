// Reads out of a ledger what a packet is made of. Read-only, works on a ledger that is being
// written; on the calling thread, and it may take a while: it looks through the segments since the
// first line that the packet cites.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/packets/compose.h"
#include "probes/core/packet_lines.h"

namespace smokeledger::exporters::packets {

// Of how many runs, the first and the newest ones, a packet holds the evidence. It says how many it
// leaves out.
inline constexpr std::size_t most_runs = 20;

// What the packet says of us.
struct Circumstances {
  std::string environment;
  std::string build;
  std::string config_sha256;
  std::string config_file;
  std::vector<std::shared_ptr<const core::Contract>> contracts;
};

// The packets as the ledger's newest line left them. Errors as Reader::open(), and `corrupt`.
ledger::Result<core::PacketBook> read_book(const std::filesystem::path& dir);

// Of the packet that this line opened, live or closed. Errors: `unusable`, that line is not there
// or opened none; `corrupt`.
ledger::Result<PacketEvidence> gather(const std::filesystem::path& dir,
                                      std::string_view packet_id,
                                      const Circumstances&);

}  // namespace smokeledger::exporters::packets
