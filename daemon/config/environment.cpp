#include <algorithm>

#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"

namespace smokeledger::daemon::config {
namespace {

using TextMap = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
constexpr std::size_t longest_name = 40;

TextMap text_map(const Section& in, std::string_view key) {
  TextMap map;
  if (const Node* table = in.get(key)) {
    for (const auto& [name, value] : table->members) map.emplace(name, value.text);
  }
  return map;
}

// Their names end up in ledger lines.
void check_version_names(Errors& errors, const Section& in) {
  const Node* table = in.get("versions");
  if (table == nullptr) return;
  for (const auto& [name, value] : table->members) {
    if (name.size() <= longest_name &&
        name.find_first_not_of(name_characters) == std::string::npos && !name.empty()) {
      continue;
    }
    errors.add(value.key_at,
               join_path(join_path(in.path(), "versions"), name) + " is not a name",
               "write 1 to 40 of [A-Za-z0-9_.-]");
  }
}

template <class T>
void check_references(Errors& errors,
                      const Section& hosted,
                      std::string_view key,
                      const Named<T>& known,
                      std::string_view what) {
  const Node* table = hosted.get(key);
  if (table == nullptr) return;
  for (const auto& [name, value] : table->members) {
    if (known.contains(name)) continue;
    errors.add(value.key_at,
               join_path(join_path(hosted.path(), key), name) + " names no " + std::string(what) +
                   " of this file",
               "write the NAME of a [" + std::string(what) + "s.NAME] table");
  }
}

std::vector<std::string> version_mismatches(const TextMap& here, const TextMap& hosted) {
  TextMap all = here;
  all.insert(hosted.begin(), hosted.end());
  std::vector<std::string> list;
  for (const auto& [name, version] : all) {
    const auto ours = here.find(name);
    const auto theirs = hosted.find(name);
    const bool same =
        ours != here.end() && theirs != hosted.end() && ours->second == theirs->second;
    if (!same) list.push_back("environment_mismatch:versions." + name);
  }
  return list;
}

bool same_flags(std::vector<std::string> here, std::vector<std::string> hosted) {
  std::sort(here.begin(), here.end());
  std::sort(hosted.begin(), hosted.end());
  return here == hosted;
}

}  // namespace

Environment read_environment(Errors& errors,
                             const Section& root,
                             const Named<core::Provider>& providers,
                             const Named<core::Route>& routes) {
  const Section here = subsection(errors, root, "environment");
  const Section hosted = subsection(errors, root, "hosted");
  Environment environment;
  environment.name = plain_text(here, "name", 80);
  environment.owner = plain_text(here, "owner", 80);
  check_version_names(errors, here);
  check_version_names(errors, hosted);
  if (hosted.given("versions")) {
    environment.mismatches =
        version_mismatches(text_map(here, "versions"), text_map(hosted, "versions"));
  }
  if (hosted.given("feature_flags") &&
      !same_flags(here.texts("feature_flags"), hosted.texts("feature_flags"))) {
    environment.mismatches.emplace_back("environment_mismatch:feature_flags");
  }
  check_references(errors, hosted, "models", routes, "route");
  check_references(errors, hosted, "credentials", providers, "provider");
  environment.models = text_map(hosted, "models");
  environment.credentials = text_map(hosted, "credentials");
  return environment;
}

}  // namespace smokeledger::daemon::config
