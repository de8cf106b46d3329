#include "daemon/credentials.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

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

// The first bytes of a regular file; negative where there is none. Anything else that has the
// name, such as a pipe, is not waited for.
ssize_t read_file(const std::string& path, char* to, std::size_t size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return -1;
  struct stat status {};
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const ssize_t count = regular ? ::read(file, to, size) : -1;
  ::close(file);
  return count;
}

// One line of the file, without the line end that editors add.
std::shared_ptr<const Secret> read_secret(const std::string& path) {
  constexpr std::size_t longest = 8192;
  std::array<char, longest + 1> buffer{};
  const ssize_t count = path.empty() ? -1 : read_file(path, buffer.data(), buffer.size());
  if (count <= 0) return nullptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(count));
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  std::shared_ptr<const Secret> secret;
  if (!text.empty() && text.size() <= longest && printable(text) &&
      text != credential_placeholder) {
    secret = std::make_shared<const Secret>(std::string(text));
  }
  explicit_bzero(buffer.data(), buffer.size());
  return secret;
}

}  // namespace

Credentials gather_credentials(const core::ProbePlan& plan, const std::string& directory) {
  Credentials found;
  for (const auto& route : plan.routes) {
    const core::Provider& provider = *route->provider;
    if (provider.auth == core::AuthScheme::none || found.secrets.contains(provider.name)) continue;
    if (auto secret = read_secret(path_of(provider, directory))) {
      found.secrets.emplace(provider.name, std::move(secret));
    } else if (std::find(found.missing.begin(), found.missing.end(), provider.name) ==
               found.missing.end()) {
      found.missing.push_back(provider.name);
    }
  }
  return found;
}

}  // namespace smokeledger::daemon
