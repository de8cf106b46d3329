// Finds the lines that hold certain bytes without looking at the others: how a query reads a large
// ledger. Read-only, in constant memory.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/segments.h"

namespace smokeledger::exporters::ledger {

// The lines that begin in these bytes of a file.
struct Block {
  std::size_t segment = 0;  // its number, for whoever asked
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

inline constexpr std::uint64_t block_bytes = 512ULL << 10U;  // stays in a core's cache

// All blocks of a file of this size, in order.
std::vector<Block> blocks_of(std::size_t segment, std::uint64_t size);

// Calls back for each complete line of the block that holds each of `needles`, in order, with where
// it begins in the file. At least one needle, none with a newline; the first should be the rarest.
// A line that is too long to be one is passed over. REQUIRES: the block has at most block_bytes.
// Error `io`.
Result<void> scan(const Segment&,
                  const Block&,
                  std::span<const std::string> needles,
                  const std::function<void(std::uint64_t offset, std::string_view line)>&);

}  // namespace smokeledger::exporters::ledger
