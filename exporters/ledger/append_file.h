// The seam between the ledger and the disk: three verbs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "exporters/ledger/error.h"

namespace smokeledger::exporters::ledger {

// Bytes at the end of one file. After an error of append or sync what the file holds is not known:
// the caller calls neither again. A second sync after a failed one may succeed although the bytes
// are lost (https://wiki.postgresql.org/wiki/Fsync_Errors).
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  // Sets disk space aside for this many bytes behind what was appended. Error `no_space`: there is
  // not that much, and nothing changed.
  virtual Result<void> reserve(std::uint64_t bytes) = 0;
  virtual Result<void> append(std::string_view bytes) = 0;  // all of them, or an error
  virtual Result<void> sync() = 0;  // on return what was appended survives a power cut
};

// Makes the file when it is missing.
using OpenAppendFile =
    std::function<Result<std::unique_ptr<AppendFile>>(const std::filesystem::path&)>;

// On a POSIX file, mode 0640. Refuses to append when the file at `path` is no longer the one that
// was opened or has another length than what was appended: someone moved, removed or wrote to it.
Result<std::unique_ptr<AppendFile>> open_posix_file(const std::filesystem::path& path);

}  // namespace smokeledger::exporters::ledger
