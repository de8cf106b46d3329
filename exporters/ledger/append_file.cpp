#include "exporters/ledger/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "exporters/ledger/file.h"

namespace smokeledger::exporters::ledger {
namespace {

class PosixFile final : public AppendFile {
 public:
  PosixFile(File file, std::filesystem::path path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  Result<void> append(std::string_view bytes) override {
    if (auto same = require_unchanged(); !same) return same;
    if (auto written = write_all(file_, path_, bytes); !written) return written;
    size_ += bytes.size();
    return {};
  }

  Result<void> sync() override {
    int failed = 0;
    do {
      failed = ::fdatasync(file_.descriptor());
    } while (failed != 0 && errno == EINTR);
    if (failed != 0) return io_error("sync", path_, errno);
    return {};
  }

 private:
  Result<void> require_unchanged() {
    struct stat opened {};
    struct stat named {};
    if (::fstat(file_.descriptor(), &opened) != 0) return io_error("look at", path_, errno);
    if (::stat(path_.c_str(), &named) != 0) return io_error("find", path_, errno);
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) {
      return LedgerError{LedgerErrorKind::io,
                         path_.string() + " was replaced while it was being written"};
    }
    // A device such as /dev/full has no length.
    if (S_ISREG(opened.st_mode) && static_cast<std::uint64_t>(opened.st_size) != size_) {
      return LedgerError{
          LedgerErrorKind::io,
          path_.string() + " was changed by someone else while it was being written"};
    }
    return {};
  }

  File file_;
  std::filesystem::path path_;
  std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> open_posix_file(const std::filesystem::path& path) {
  auto file = File::open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
  if (!file) return file.error();
  auto size = file_size(*file, path);
  if (!size) return size.error();
  return std::unique_ptr<AppendFile>(std::make_unique<PosixFile>(std::move(*file), path, *size));
}

}  // namespace smokeledger::exporters::ledger
