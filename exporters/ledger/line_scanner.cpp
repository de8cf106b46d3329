#include "exporters/ledger/line_scanner.h"

#include <fcntl.h>

#include <cstring>

#include "exporters/ledger/frame.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::size_t block_bytes = 1U << 16U;
static_assert(block_bytes > 2 * max_line_bytes);

}  // namespace

LineScanner::LineScanner(File file, std::filesystem::path path)
    : file_(std::move(file)), path_(std::move(path)), buffer_(block_bytes) {}

Result<LineScanner> LineScanner::open(const std::filesystem::path& path) {
  auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  return LineScanner(std::move(*file), path);
}

Result<bool> LineScanner::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  auto got = read_at(file_, path_, buffer_.data() + end_, buffer_.size() - end_, offset_ + end_);
  if (!got) return got.error();
  end_ += *got;
  return *got > 0;
}

Result<std::optional<LineScanner::Line>> LineScanner::next() {
  while (true) {
    const char* const start = buffer_.data() + begin_;
    const auto* newline = static_cast<const char*>(std::memchr(start, '\n', end_ - begin_));
    if (newline != nullptr) {
      const Line line{{start, static_cast<std::size_t>(newline - start)}, offset_};
      begin_ += line.bytes.size() + 1;
      offset_ += line.bytes.size() + 1;
      return line;
    }
    if (end_ - begin_ > max_line_bytes) return std::nullopt;
    auto more = fill();
    if (!more) return more.error();
    if (!*more) return std::nullopt;
  }
}

// Judged by what was read when the end was met: a writer may have completed the line since. Only a
// tail longer than a line, which no writer leaves for a moment, is read again to its end.
Result<Tail> LineScanner::tail() {
  std::uint64_t position = offset_;
  std::uint64_t last_written = 0;  // bytes up to the last one that is not NUL
  std::string_view block(buffer_.data() + begin_, end_ - begin_);
  if (block.empty()) return Tail::none;
  while (!block.empty()) {
    if (block.find('\n') != std::string_view::npos) return Tail::damaged;
    const auto last = block.find_last_not_of('\0');
    if (last != std::string_view::npos) last_written = position - offset_ + last + 1;
    position += block.size();
    if (position - offset_ <= max_line_bytes) break;
    begin_ = end_ = 0;
    auto got = read_at(file_, path_, buffer_.data(), buffer_.size(), position);
    if (!got) return got.error();
    block = {buffer_.data(), *got};
  }
  return last_written <= max_line_bytes ? Tail::incomplete : Tail::damaged;
}

}  // namespace smokeledger::exporters::ledger
