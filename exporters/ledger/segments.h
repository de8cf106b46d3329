// The segment files of a ledger directory:
// `ledger-<first seq, 20 digits>-<first 16 hex of the first line's prev>.jsonl`. The order of the
// names is the order of the chain, and a missing one shows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/file.h"
#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

struct Segment {
  std::filesystem::path path;
  std::string name;  // of the file
  std::uint64_t first_seq = 0;
  std::string prev_digits;  // 16 hexadecimal digits
};

inline constexpr std::size_t prev_digits_in_name = 16;

std::string segment_name(std::uint64_t first_seq, const Hash& prev);
// The name a segment has until it is complete.
std::string unfinished_name(std::string_view segment);
std::optional<Segment> segment_from(const std::filesystem::path&);

// Every segment in the order of the chain; other files are passed over. Error `unusable`: no such
// directory.
Result<std::vector<Segment>> list_segments(const std::filesystem::path& dir);

// Removes what a crash inside a rotation left: segments that never got their name.
Result<void> remove_unfinished_segments(const std::filesystem::path& dir);

// The one writer's lock, held as long as the File is open. Error `locked`: another process has it.
Result<File> lock_directory(const std::filesystem::path& dir);

}  // namespace smokeledger::exporters::ledger
