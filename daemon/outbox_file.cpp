#include "daemon/outbox_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace smokeledger::daemon {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file) == 0;
}

std::string failed(const std::filesystem::path& folder, std::string_view what) {
  const std::string message = std::generic_category().message(errno);
  return "packets.outbox, " + folder.string() + ": " + std::string(what) + ": " + message;
}

}  // namespace

std::string folder_defect(const std::filesystem::path& folder) {
  const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0) return failed(folder, "the folder cannot be opened");
  if (::faccessat(dir.get(), ".", W_OK | X_OK, AT_EACCESS) == 0) return {};
  return failed(folder, "no file can be made in the folder");
}

std::string put_file(const std::filesystem::path& folder,
                     const std::string& name,
                     std::string_view bytes) {
  const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0) return failed(folder, "the folder cannot be opened");
  const std::string hidden = '.' + name + ".tmp";
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Descriptor file(::openat(dir.get(), hidden.c_str(), flags, 0640));
  if (file.get() < 0) return failed(folder, "no file can be made in the folder");
  if (write_all(file.get(), bytes) &&
      ::renameat(dir.get(), hidden.c_str(), dir.get(), name.c_str()) == 0 &&
      ::fsync(dir.get()) == 0) {
    return {};
  }
  std::string why = failed(folder, "the file cannot be written");
  ::unlinkat(dir.get(), hidden.c_str(), 0);
  return why;
}

}  // namespace smokeledger::daemon
