#include "daemon/reload.h"

#include <algorithm>
#include <array>
#include <utility>

namespace smokeledger::daemon {
namespace {

bool needs_restart(const std::string& key) {
  constexpr std::array<std::string_view, 4> fixed{"ledger.", "web.", "control.", "stub."};
  return std::any_of(
      fixed.begin(), fixed.end(), [&](std::string_view prefix) { return key.starts_with(prefix); });
}

}  // namespace

Reload compare(const config::Config& current, config::Config next) {
  constexpr std::size_t most_named = 64;
  Reload reload;
  std::vector<std::string> changed = config::changed_keys(current, next);
  for (const auto& key : changed) {
    if (needs_restart(key)) reload.errors.push_back(key + " can only be changed by a restart");
  }
  if (!reload.errors.empty()) return reload;
  reload.line.config_sha256 = next.sha256;
  if (changed.size() > most_named) {
    reload.line.changed_left_out = static_cast<std::uint32_t>(changed.size() - most_named);
    changed.resize(most_named);
  }
  reload.line.changed = std::move(changed);
  reload.config = std::move(next);
  return reload;
}

Reload read_reload(const config::Config& current) {
  auto read = config::load_config(current.file);
  if (read.config) {
    // Flags of the command line stay in force.
    read.config->web = current.web;
    return compare(current, std::move(*read.config));
  }
  Reload reload;
  for (const auto& error : read.errors) reload.errors.push_back(error.text());
  return reload;
}

}  // namespace smokeledger::daemon
