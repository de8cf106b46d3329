#include "exporters/ledger/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace smokeledger::exporters::ledger {
namespace {

struct Fix {
  int error;
  const char* text;
};

// What a person can do about it, where that is known.
constexpr std::array<Fix, 7> fixes{{
    {EROFS, "; the file system is read-only: find out why, then mount it writable"},
    {EACCES, "; the user of the service must be able to read and write there"},
    {EPERM, "; the user of the service must be able to read and write there"},
    {EIO, "; look at the disk before the service is started again"},
    {ENOSPC, "; make room on that file system"},
    {EDQUOT, "; make room in the quota of the service's user"},
    {EFBIG, "; raise the limit of a file's size"},
}};

}  // namespace

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void File::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Result<File> File::open(const std::filesystem::path& path, int flags, unsigned mode) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor >= 0) return File(descriptor);
  LedgerError error = io_error("open", path, errno);
  if (errno == ENOENT || errno == ENOTDIR) error.kind = LedgerErrorKind::unusable;
  return error;
}

LedgerError io_error(std::string_view doing, const std::filesystem::path& path, int system_error) {
  const auto* fix = std::find_if(
      fixes.begin(), fixes.end(), [&](const Fix& known) { return known.error == system_error; });
  return {LedgerErrorKind::io,
          "cannot " + std::string(doing) + " " + path.string() + ": " +
              std::generic_category().message(system_error) +
              (fix == fixes.end() ? "" : fix->text)};
}

Result<std::uint64_t> file_size(const File& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) return io_error("look at", path, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> read_at(const File& file,
                            const std::filesystem::path& path,
                            char* to,
                            std::size_t size,
                            std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(file.descriptor(), to + done, size - done, static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read", path, errno);
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> write_all(const File& file,
                       const std::filesystem::path& path,
                       std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error("write", path, errno);
    if (written == 0) return io_error("write", path, EIO);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& path) {
  auto directory = File::open(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return directory.error();
  if (::fsync(directory->descriptor()) != 0) return io_error("sync the directory", path, errno);
  return {};
}

}  // namespace smokeledger::exporters::ledger
