#include <algorithm>

#include "daemon/config/readers.h"
#include "probes/core/time.h"

namespace smokeledger::daemon::config {
namespace {

using Type = Node::Type;
using Values = std::map<std::string, std::string>;

bool is_duration_key(std::string_view key) {
  const auto rows = config_keys();
  return std::any_of(rows.begin(), rows.end(), [key](const KeyInfo& row) {
    return row.key == key && row.type == KeyType::duration;
  });
}

// Two spellings of one duration are one value.
std::string text_value(std::string_view key, const std::string& text) {
  if (!is_duration_key(key)) return text;
  const auto duration = core::parse_duration(text);
  return duration ? core::format_duration(*duration) : text;
}

std::string scalar_value(std::string_view key, const Node& node) {
  switch (node.type) {
    case Type::text:
      return text_value(key, node.text);
    case Type::date:
      return node.text;
    case Type::integer:
      return std::to_string(node.integer);
    case Type::number:
      return std::to_string(node.number);
    case Type::boolean:
      return node.boolean ? "true" : "false";
    case Type::array:
    case Type::table:
    case Type::other:
      break;
  }
  return {};
}

void flatten_into(Values& out, const Node& node, const std::string& path, std::string_view key);

// Tables in an array are called by their name, so that inserting one renames no other.
void flatten_items(Values& out, const Node& node, const std::string& path, std::string_view key) {
  std::string list;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    if (item.type == Type::table) {
      const Node* name = item.find("name");
      const bool named = name != nullptr && name->type == Type::text;
      flatten_into(out, item, path + '.' + (named ? name->text : std::to_string(i)), key);
    } else {
      list.append(list.empty() ? "" : "\n").append(scalar_value(key, item));
    }
  }
  if (node.items.empty() || node.items.front().type != Type::table) out.emplace(path, list);
}

void flatten_into(Values& out, const Node& node, const std::string& path, std::string_view key) {
  if (node.type == Type::array) {
    flatten_items(out, node, path, key);
  } else if (node.type == Type::table) {
    for (const auto& [name, member] : node.members) {
      flatten_into(out, member, path.empty() ? name : path + '.' + name, name);
    }
  } else {
    out.emplace(path, scalar_value(key, node));
  }
}

std::string version_in(const Contracts& contracts, core::EndpointFamily family) {
  const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const auto& contract) {
    return contract->family == family;
  });
  return found == contracts.end() ? std::string{} : (*found)->version;
}

}  // namespace

std::map<std::string, std::string> flatten(const Node& root) {
  Values values;
  flatten_into(values, root, "", "");
  return values;
}

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
  std::vector<std::string> changed;
  auto a = before.values.begin();
  auto b = after.values.begin();
  while (a != before.values.end() || b != after.values.end()) {
    if (b == after.values.end() || (a != before.values.end() && a->first < b->first)) {
      changed.push_back((a++)->first);
    } else if (a == before.values.end() || b->first < a->first) {
      changed.push_back((b++)->first);
    } else {
      if (a->second != b->second) changed.push_back(a->first);
      ++a;
      ++b;
    }
  }
  // Edits inside contracts_dir change no value of the file.
  for (const auto& contract : after.contracts) {
    const std::string version = version_in(before.contracts, contract->family);
    if (version != contract->version) {
      changed.push_back("contracts." + std::string(core::word(contract->family)));
    }
  }
  return changed;
}

}  // namespace smokeledger::daemon::config
