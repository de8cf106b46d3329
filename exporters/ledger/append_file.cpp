#include "exporters/ledger/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "exporters/ledger/file.h"

namespace smokeledger::exporters::ledger {
namespace {

// At once, so that not every line asks the file system.
constexpr std::uint64_t least_reserved = 256ULL << 10U;

LedgerError no_space(const std::filesystem::path& path, std::uint64_t bytes, int error) {
  return {LedgerErrorKind::no_space,
          "cannot set " + std::to_string(bytes) + " bytes aside for " + path.string() + ": " +
              std::generic_category().message(error) +
              "; nothing more is sent until there is room"};
}

class PosixFile final : public AppendFile {
 public:
  PosixFile(File file, std::filesystem::path path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  Result<void> reserve(std::uint64_t bytes) override {
    if (size_ + bytes <= reserved_until_) return {};
    const std::uint64_t wanted = std::max(bytes, least_reserved);
    // The file's length stays: what stands behind it is no part of the ledger.
    if (::fallocate(file_.descriptor(),
                    FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(size_),
                    static_cast<off_t>(wanted)) == 0) {
      reserved_until_ = size_ + wanted;
      return {};
    }
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
      return no_space(path_, wanted, errno);
    }
    if (errno == EOPNOTSUPP || errno == ENOSYS || errno == ENODEV) return require_room(wanted);
    return io_error("set space aside for", path_, errno);
  }

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
    if (::stat(path_.c_str(), &named) != 0) {
      if (errno != ENOENT) return io_error("find", path_, errno);
      return tampered("was removed or moved");
    }
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) {
      return tampered("was replaced by another file");
    }
    // A device such as /dev/full has no length.
    if (S_ISREG(opened.st_mode) && static_cast<std::uint64_t>(opened.st_size) != size_) {
      return tampered("was changed by someone else");
    }
    return {};
  }

  LedgerError tampered(const std::string& what) const {
    return {LedgerErrorKind::io,
            path_.string() + ' ' + what +
                " while it was being written; nothing but the service may touch it. Put back what "
                "the service wrote, let `smokeledger ledger verify` read it, then start again"};
  }

  // Where a file system sets nothing aside, what it has is all that can be asked.
  Result<void> require_room(std::uint64_t bytes) {
    struct statvfs found {};
    if (::fstatvfs(file_.descriptor(), &found) != 0) return io_error("look at", path_, errno);
    const std::uint64_t room = std::uint64_t{found.f_bavail} * found.f_frsize;
    // A device such as /dev/full has no file system.
    if (found.f_blocks != 0 && room < bytes) return no_space(path_, bytes, ENOSPC);
    return {};
  }

  File file_;
  std::filesystem::path path_;
  std::uint64_t size_;
  std::uint64_t reserved_until_ = 0;
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
