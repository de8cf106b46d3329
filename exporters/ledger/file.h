// Files and directories of the ledger, as values and errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "exporters/ledger/error.h"

namespace smokeledger::exporters::ledger {

// An open descriptor, closed when it goes.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File() { close(); }

  // open(2) with O_CLOEXEC. Error `io`, or `unusable` when there is no such file.
  static Result<File> open(const std::filesystem::path&, int flags, unsigned mode = 0);

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  void close();

 private:
  int descriptor_ = -1;
};

// `cannot <doing> <path>: <the system's words>`, and what a person can do where that is known.
LedgerError io_error(std::string_view doing, const std::filesystem::path&, int system_error);

Result<std::uint64_t> file_size(const File&, const std::filesystem::path&);

// Up to `size` bytes at `offset` into `to`; fewer only at the end of the file.
Result<std::size_t> read_at(
    const File&, const std::filesystem::path&, char* to, std::size_t size, std::uint64_t offset);

// All bytes, completing short writes and interrupted calls.
Result<void> write_all(const File&, const std::filesystem::path&, std::string_view bytes);

// Makes names in the directory durable: fsync(2) of the directory itself.
Result<void> sync_directory(const std::filesystem::path&);

}  // namespace smokeledger::exporters::ledger
