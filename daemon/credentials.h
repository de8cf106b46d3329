// Credentials are read from files when a run starts and are never kept: systemd credentials by
// name, or an absolute path. https://www.freedesktop.org/software/systemd/man/systemd.exec.html
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "probes/core/plan.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

namespace core = probes::core;

inline constexpr std::string_view credential_placeholder = "<API_KEY_PLACEHOLDER>";

// What a live drill sends in place of a credential: of a key's form, and no account's.
inline constexpr std::string_view invalid_key =
    "sk-smokeledger-drill-with-an-invalid-key-0000000000";

struct Credentials {
  std::map<std::string, std::shared_ptr<const probes::run::Secret>> secrets;  // by provider
  std::vector<std::string> missing;  // providers without a credential
  // Providers whose credential is there and cannot be used, with the reason; never its content.
  std::map<std::string, std::string> unusable;

  bool complete() const { return missing.empty() && unusable.empty(); }
};

// What the plan's routes need; of a live drill the invalid key, and no file is read. `directory`:
// systemd's, may be empty. Never throws; a file that cannot be read, is empty, holds the
// placeholder, more than one line or word, or more than 8 KiB is unusable.
Credentials gather_credentials(const core::ProbePlan&, const std::string& directory);

// One secret, by the same rules. Null: there is none, or it is unusable; then `why` says so.
std::shared_ptr<const probes::run::Secret> read_secret(const config::SecretPlace&,
                                                       const std::string& directory,
                                                       std::string& why);

}  // namespace smokeledger::daemon
