// A packet as it is handed to others: both forms, and the lines that prove them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "exporters/ledger/error.h"
#include "exporters/packets/gather.h"

namespace smokeledger::exporters::packets {

struct PacketFiles {
  std::string json;
  std::string markdown;
  std::string slice_name;  // the file's name by which both call the slice
  std::string slice;       // JSON lines; empty, and no name: no checkpoint proves them yet
};

// As gather(), with its errors.
ledger::Result<PacketFiles> packet_files(const std::filesystem::path& dir,
                                         std::string_view packet_id,
                                         const Circumstances&);

}  // namespace smokeledger::exporters::packets
