#include "exporters/ledger/scan.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "exporters/ledger/file.h"
#include "exporters/ledger/frame.h"

namespace smokeledger::exporters::ledger {
namespace {

// memmem(3): the search of std::string_view looks at a byte at a time.
std::size_t find(std::string_view bytes, std::string_view needle) {
  const void* const found = ::memmem(bytes.data(), bytes.size(), needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

bool holds_all(std::string_view line, std::span<const std::string> needles) {
  return std::all_of(needles.begin(), needles.end(), [line](const std::string& needle) {
    return find(line, needle) != std::string_view::npos;
  });
}

// Where the first line begins that does so at `from` or behind; the byte before it is a newline.
std::size_t next_line(std::string_view bytes, std::size_t from) {
  if (from == 0) return 0;
  const auto newline = bytes.find('\n', from - 1);
  return newline == std::string_view::npos ? bytes.size() : newline + 1;
}

}  // namespace

std::vector<Block> blocks_of(std::size_t segment, std::uint64_t size) {
  std::vector<Block> blocks;
  for (std::uint64_t begin = 0; begin < size; begin += block_bytes) {
    blocks.push_back({segment, begin, std::min(begin + block_bytes, size)});
  }
  return blocks;
}

Result<void> scan(const Segment& segment,
                  const Block& block,
                  std::span<const std::string> needles,
                  const std::function<void(std::uint64_t, std::string_view)>& found) {
  auto file = File::open(segment.path, O_RDONLY);
  if (!file) return file.error();
  // With the byte before it, which says whether a line begins here, and all of the last line.
  const std::uint64_t from = block.begin == 0 ? 0 : block.begin - 1;
  const std::size_t wanted = block.end - from + max_line_bytes + 1;
  using Buffer = std::array<char, block_bytes + max_line_bytes + 2>;
  const auto buffer = std::make_unique_for_overwrite<Buffer>();
  auto got = read_at(*file, segment.path, buffer->data(), wanted, from);
  if (!got) return got.error();
  const std::string_view bytes(buffer->data(), *got);
  const std::uint64_t own = block.end - from;  // lines that begin before this
  std::size_t position = next_line(bytes, block.begin - from);
  while (position < own) {
    const auto hit = find(bytes.substr(position), needles.front());
    if (hit == std::string_view::npos) return {};
    const auto before = bytes.rfind('\n', position + hit);
    const bool same_line = before == std::string_view::npos || before < position;
    const std::size_t start = same_line ? position : before + 1;
    const auto end = bytes.find('\n', start);
    if (start >= own || end == std::string_view::npos) return {};
    const std::string_view line = bytes.substr(start, end - start);
    if (line.size() <= max_line_bytes && holds_all(line, needles)) found(from + start, line);
    position = end + 1;
  }
  return {};
}

}  // namespace smokeledger::exporters::ledger
