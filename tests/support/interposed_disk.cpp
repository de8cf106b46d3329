// Loaded with LD_PRELOAD into a process under test: the calls that change files, with a switch.
//
//   INTERPOSED_UNDER  folder; calls on it and what is below it are logged and may be killed at
//   INTERPOSED_LOG    file; `call path` a line, the path relative to the folder
//   INTERPOSED_KILL   `when call path n`: SIGKILL before, during (half a write) or after the n-th
//   call
//                     of that name on such a path; call and path may be patterns of fnmatch(3)
//   INTERPOSED_SYNC   `none`: fdatasync and fsync do nothing and succeed
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdlib>
#include <sstream>
#include <string>

namespace {

struct Switch {
  std::string under;
  std::string when;
  std::string call;
  std::string path;
  unsigned nth = 0;
  int log = -1;
  bool syncs = true;
};

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value == nullptr ? "" : value;
}

const Switch& chosen() {
  static const Switch made = [] {
    Switch read;
    read.under = variable("INTERPOSED_UNDER");
    read.syncs = variable("INTERPOSED_SYNC") != "none";
    std::istringstream rule(variable("INTERPOSED_KILL"));
    rule >> read.when >> read.call >> read.path >> read.nth;
    if (const std::string log = variable("INTERPOSED_LOG"); !log.empty()) {
      read.log = static_cast<int>(::syscall(
          SYS_openat, AT_FDCWD, log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }
    return read;
  }();
  return made;
}

std::string path_of(int descriptor) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), target, sizeof(target));
  return length < 0 ? "" : std::string(target, static_cast<std::size_t>(length));
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

enum class Fate { goes_on, half, dies_after };

// Decides about one call, before it is made.
Fate met(const char* call, const std::string& full) {
  const Switch& with = chosen();
  if (with.under.empty() || !full.starts_with(with.under)) return Fate::goes_on;
  const std::string path = full == with.under ? "." : full.substr(with.under.size() + 1);
  if (with.log >= 0) {
    const std::string line = std::string(call) + ' ' + path + '\n';
    ::syscall(SYS_write, with.log, line.data(), line.size());
  }
  static std::atomic<unsigned> count{0};
  const bool meant = ::fnmatch(with.call.c_str(), call, 0) == 0 &&
                     ::fnmatch(with.path.c_str(), path.c_str(), 0) == 0;
  if (with.nth == 0 || !meant || ++count != with.nth) return Fate::goes_on;
  if (with.when == "before") die();
  return with.when == "during" ? Fate::half : Fate::dies_after;
}

template <class Call>
auto through(const char* name, const std::string& path, Call call) {
  const Fate fate = met(name, path);
  const auto result = call();
  if (fate != Fate::goes_on) die();
  return static_cast<int>(result);
}

int open_file(const char* path, int flags, unsigned mode) {
  const auto opened = [&] { return ::syscall(SYS_openat, AT_FDCWD, path, flags, mode); };
  if ((flags & O_CREAT) == 0 || ::access(path, F_OK) == 0) return static_cast<int>(opened());
  return through("create", path, opened);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, unsigned) : 0;
  va_end(more);
  return open_file(path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const Fate fate = met("write", path_of(descriptor));
  const ssize_t written =
      ::syscall(SYS_write, descriptor, bytes, fate == Fate::half ? size / 2 : size);
  if (fate != Fate::goes_on) die();
  return written;
}

int fdatasync(int descriptor) {
  return through("fdatasync", path_of(descriptor), [=] {
    return chosen().syncs ? ::syscall(SYS_fdatasync, descriptor) : 0;
  });
}

int fsync(int descriptor) {
  return through("fsync", path_of(descriptor), [=] {
    return chosen().syncs ? ::syscall(SYS_fsync, descriptor) : 0;
  });
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  return through("fallocate", path_of(descriptor), [=] {
    return ::syscall(SYS_fallocate, descriptor, mode, offset, length);
  });
}

int ftruncate(int descriptor, off_t length) noexcept {
  return through("ftruncate", path_of(descriptor), [=] {
    return ::syscall(SYS_ftruncate, descriptor, length);
  });
}

int flock(int descriptor, int operation) noexcept {
  return through(
      "flock", path_of(descriptor), [=] { return ::syscall(SYS_flock, descriptor, operation); });
}

int fchmod(int descriptor, mode_t mode) noexcept {
  return through(
      "fchmod", path_of(descriptor), [=] { return ::syscall(SYS_fchmod, descriptor, mode); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (::access(path, F_OK) == 0) return static_cast<int>(::syscall(SYS_mkdir, path, mode));
  return through("mkdir", path, [=] { return ::syscall(SYS_mkdir, path, mode); });
}

int rename(const char* from, const char* to) noexcept {
  return through("rename", from, [=] { return ::syscall(SYS_rename, from, to); });
}

int unlink(const char* path) noexcept {
  if (::access(path, F_OK) != 0) return static_cast<int>(::syscall(SYS_unlink, path));
  return through("unlink", path, [=] { return ::syscall(SYS_unlink, path); });
}

// Of files only: what is a directory is none of the ledger's to remove.
int remove(const char* path) noexcept {
  return unlink(path);
}

}  // extern "C"
