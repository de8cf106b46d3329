// Lines of one file, front to back, in constant memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/file.h"

namespace smokeledger::exporters::ledger {

// What stands behind the last newline.
enum class Tail {
  none,        // nothing
  incomplete,  // at most one line's worth without a newline, or NUL bytes: torn, or being written
  damaged,     // anything else
};

class LineScanner {
 public:
  struct Line {
    std::string_view bytes;    // without the newline; valid until the next call
    std::uint64_t offset = 0;  // in the file
  };

  static Result<LineScanner> open(const std::filesystem::path&);

  // The next complete line; empty when only a tail is left. A file that grows meanwhile is read up
  // to the end that was met first.
  Result<std::optional<Line>> next();

  // After next() gave nothing.
  Result<Tail> tail();
  std::uint64_t offset() const { return offset_; }  // of what was not yet returned

 private:
  LineScanner(File file, std::filesystem::path path);
  Result<bool> fill();  // false at the end of the file

  File file_;
  std::filesystem::path path_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what was read and not yet returned
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace smokeledger::exporters::ledger
