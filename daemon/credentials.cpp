#include "daemon/credentials.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace smokeledger::daemon {
namespace {

using probes::run::Secret;

std::string path_of(const core::Provider& provider, const std::string& directory) {
  if (!provider.credential_file.empty()) return provider.credential_file;
  if (directory.empty() || provider.credential == credential_placeholder) return {};
  return directory + '/' + provider.credential;
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// The first bytes of a regular file, or the error number. Anything else that has the name, such as
// a pipe, is not waited for.
struct FirstBytes {
  std::size_t count = 0;
  int error = 0;
};

FirstBytes read_file(const std::string& path, char* to, std::size_t size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return {0, errno};
  struct stat status {};
  FirstBytes found;
  if (::fstat(file, &status) != 0) {
    found.error = errno;
  } else if (!S_ISREG(status.st_mode)) {
    found.error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
  } else if (const ssize_t count = ::read(file, to, size); count < 0) {
    found.error = errno;
  } else {
    found.count = static_cast<std::size_t>(count);
  }
  ::close(file);
  return found;
}

constexpr std::size_t longest = 8192;

// Why the bytes are no credential; empty: they are one.
std::string_view defect_of(std::string_view text) {
  if (text.empty()) return "it is empty";
  if (text.size() > longest) return "it is longer than 8 KiB";
  if (text == credential_placeholder) return "it still holds the placeholder";
  if (text.find_first_of("\r\n") != std::string_view::npos) return "it holds more than one line";
  if (!printable(text)) return "it holds a blank or a byte that is not printable ASCII";
  return {};
}

struct Found {
  std::shared_ptr<const Secret> secret;
  std::string defect;  // both empty: there is none
};

// One line of the file, without the line end that editors add.
Found read_secret(const std::string& path) {
  if (path.empty()) return {};
  std::array<char, longest + 1> buffer{};
  const FirstBytes bytes = read_file(path, buffer.data(), buffer.size());
  if (bytes.error == ENOENT || bytes.error == ENOTDIR) return {};
  if (bytes.error != 0) {
    return {nullptr, "it cannot be read: " + std::generic_category().message(bytes.error)};
  }
  std::string_view text(buffer.data(), bytes.count);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  Found found{nullptr, std::string(defect_of(text))};
  if (found.defect.empty()) found.secret = std::make_shared<const Secret>(std::string(text));
  explicit_bzero(buffer.data(), buffer.size());
  return found;
}

}  // namespace

Credentials gather_credentials(const core::ProbePlan& plan, const std::string& directory) {
  Credentials found;
  if (plan.drill && plan.drill->live == core::LiveDrill::invalid_key) {
    const auto key = std::make_shared<const Secret>(std::string(invalid_key));
    for (const auto& route : plan.routes) found.secrets.emplace(route->provider->name, key);
    return found;
  }
  for (const auto& route : plan.routes) {
    const core::Provider& provider = *route->provider;
    if (provider.auth == core::AuthScheme::none || found.secrets.contains(provider.name)) continue;
    Found read = read_secret(path_of(provider, directory));
    if (read.secret != nullptr) {
      found.secrets.emplace(provider.name, std::move(read.secret));
    } else if (!read.defect.empty()) {
      found.unusable.emplace(provider.name, std::move(read.defect));
    } else if (std::find(found.missing.begin(), found.missing.end(), provider.name) ==
               found.missing.end()) {
      found.missing.push_back(provider.name);
    }
  }
  return found;
}

std::shared_ptr<const Secret> read_secret(const config::SecretPlace& place,
                                          const std::string& directory,
                                          std::string& why) {
  const bool by_name = place.file.empty();
  if (place.empty() || (by_name && directory.empty())) return nullptr;
  Found read = read_secret(by_name ? directory + '/' + place.credential : place.file);
  why = std::move(read.defect);
  return std::move(read.secret);
}

}  // namespace smokeledger::daemon
