#include <algorithm>
#include <tuple>

#include "daemon/config/secrets.h"
#include "daemon/config/section.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::string_view bare_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

auto order(const ConfigError& error) {
  return std::tie(error.line, error.column, error.problem, error.fix);
}

// The names of the tables and keys above a value.
using Trail = std::vector<std::string_view>;

std::string path_of(const Trail& trail) {
  std::string path;
  for (const std::string_view name : trail) path = join_path(path, name);
  return path;
}

void refuse_secret(Errors& errors, Position at, std::string_view text, const Trail& trail) {
  const bool versions = trail.size() == 3 && trail[1] == "versions" &&
                        (trail[0] == "environment" || trail[0] == "hosted");
  if (looks_like_secret(text, versions ? Digests::allowed : Digests::refused)) {
    errors.add_secret(at, path_of(trail));
  }
}

void refuse_secrets_below(Errors& errors, const Node& node, Trail& trail) {
  if (node.type == Node::Type::text) refuse_secret(errors, node.at, node.text, trail);
  for (const Node& item : node.items) refuse_secrets_below(errors, item, trail);
  for (const auto& [name, member] : node.members) {
    trail.push_back(name);
    refuse_secret(errors, member.key_at, name, trail);
    refuse_secrets_below(errors, member, trail);
    trail.pop_back();
  }
}

}  // namespace

std::string ConfigError::text() const {
  std::string text = file;
  if (line > 0) {
    text.append(":").append(std::to_string(line)).append(":").append(std::to_string(column));
  }
  return text.append(": ").append(problem).append("; ").append(fix);
}

void Errors::add(Position at, std::string problem, std::string fix) {
  if (secrets_.contains(at)) return;
  errors_.push_back({file_, at.line, at.column, std::move(problem), std::move(fix)});
}

void Errors::add_secret(Position at, const std::string& path) {
  add(at,
      path + " looks like a credential",
      "name a systemd credential or a credential_file instead, and revoke what was pasted here");
  secrets_.insert(at);
}

std::vector<ConfigError> Errors::take() {
  std::sort(errors_.begin(), errors_.end(), [](const ConfigError& a, const ConfigError& b) {
    return order(a) < order(b);
  });
  errors_.erase(
      std::unique(errors_.begin(),
                  errors_.end(),
                  [](const ConfigError& a, const ConfigError& b) { return order(a) == order(b); }),
      errors_.end());
  return std::move(errors_);
}

void refuse_secrets(Errors& errors, const Node& root) {
  Trail trail;
  refuse_secrets_below(errors, root, trail);
}

std::string join_path(std::string_view path, std::string_view name) {
  const bool bare = !name.empty() && name.size() <= 60 &&
                    name.find_first_not_of(bare_characters) == std::string_view::npos &&
                    !looks_like_secret(name);
  std::string joined(path);
  if (!joined.empty()) joined += '.';
  return joined + (bare ? std::string(name) : shown(name));
}

}  // namespace smokeledger::daemon::config
