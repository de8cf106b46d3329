#include "daemon/config/section.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/config/secrets.h"

namespace smokeledger::daemon::config {
namespace {

using Type = Node::Type;
using probes::core::parse_duration;

// What a value of the key is called in an error: "not a duration".
std::string_view expected(KeyType type) {
  switch (type) {
    case KeyType::text:
      return "a string";
    case KeyType::texts:
      return "an array of strings";
    case KeyType::integer:
      return "an integer";
    case KeyType::number:
      return "a number";
    case KeyType::boolean:
      return "true or false";
    case KeyType::date:
      return "a date";
    case KeyType::duration:
      return "a duration";
    case KeyType::size:
      return "a size";
    case KeyType::text_table:
      return "a table of strings";
    case KeyType::tables:
      return "an array of tables";
    case KeyType::table:
    case KeyType::named:
      break;
  }
  return "a table";
}

Type stored_as(KeyType type) {
  switch (type) {
    case KeyType::text:
    case KeyType::duration:
    case KeyType::size:
      return Type::text;
    case KeyType::texts:
    case KeyType::tables:
      return Type::array;
    case KeyType::integer:
      return Type::integer;
    case KeyType::number:
      return Type::number;
    case KeyType::boolean:
      return Type::boolean;
    case KeyType::date:
      return Type::date;
    case KeyType::text_table:
    case KeyType::table:
    case KeyType::named:
      break;
  }
  return Type::table;
}

bool may_be_empty(const KeyInfo& row) {
  return row.fallback == "\"\"" || (row.low == 0 && row.high > 0);
}

std::string write_like(const KeyInfo& row) {
  if (row.example.starts_with('[') && row.type != KeyType::texts) {
    return "write it as " + std::string(row.example);
  }
  return "write " + std::string(row.key) + " = " + std::string(row.example);
}

}  // namespace

Section::Section(Errors& errors, std::span<const KeyInfo> rows, const Node* table, std::string path)
    : errors_(errors), rows_(rows), table_(table), path_(std::move(path)) {
  if (table_ == nullptr) return;
  check_unknown();
  for (const KeyInfo& row : rows_) check_row(row);
}

void Section::check_unknown() {
  for (const auto& [key, node] : table_->members) {
    const bool known = std::any_of(
        rows_.begin(), rows_.end(), [&name = key](const KeyInfo& row) { return row.key == name; });
    if (known) continue;
    std::string list;
    for (const KeyInfo& row : rows_) list.append(list.empty() ? "" : ", ").append(row.key);
    errors_.add(
        node.key_at, "unknown key " + join_path(path_, key), "remove it, or write one of: " + list);
  }
}

void Section::check_row(const KeyInfo& row) {
  const Node* node = table_->find(row.key);
  if (node == nullptr) {
    if (row.required) {
      errors_.add(table_->at, join_path(path_, row.key) + " is missing", write_like(row));
    }
    return;
  }
  if (!fits(row, *node)) wrong_.insert(row.key);
}

void Section::refuse(const KeyInfo& row, const Node& node, const std::string& problem) {
  errors_.add(node.at, join_path(path_, row.key) + " " + problem, write_like(row));
}

bool Section::fits(const KeyInfo& row, const Node& node) {
  const bool integer_number = row.type == KeyType::number && node.type == Type::integer;
  if (node.type != stored_as(row.type) && !integer_number) {
    refuse(row,
           node,
           "is " + std::string(describe(node.type)) + ", not " + std::string(expected(row.type)));
    return false;
  }
  switch (row.type) {
    case KeyType::text:
      if (!node.text.empty() || may_be_empty(row)) {
        return in_range(row, node, static_cast<double>(node.text.size()));
      }
      refuse(row, node, "is empty");
      return false;
    case KeyType::integer:
      return in_range(row, node, static_cast<double>(node.integer));
    case KeyType::number:
      return fits_number(
          row, node, integer_number ? static_cast<double>(node.integer) : node.number);
    case KeyType::duration:
      if (const auto value = parse_duration(node.text)) {
        return in_range(row, node, static_cast<double>(value->count()));
      }
      refuse(row, node, "is " + shown(node.text) + ", not a duration");
      return false;
    case KeyType::size:
      if (const auto value = parse_size(node.text)) {
        return in_range(row, node, static_cast<double>(*value));
      }
      refuse(row, node, "is " + shown(node.text) + ", not a size in KiB or MiB");
      return false;
    case KeyType::texts:
    case KeyType::tables:
      return fits_items(row, node);
    case KeyType::text_table:
    case KeyType::named:
      return fits_members(row, node);
    case KeyType::boolean:
    case KeyType::date:
    case KeyType::table:
      break;
  }
  return true;
}

bool Section::fits_number(const KeyInfo& row, const Node& node, double value) {
  if (!in_range(row, node, value)) return false;
  // A policy line holds thousandths: whoever replays it must get the same value.
  if (std::round(value * 1000) / 1000 == value) return true;
  refuse(row, node, "has more than three decimals");
  return false;
}

bool Section::in_range(const KeyInfo& row, const Node& node, double value) {
  if (row.low == 0 && row.high == 0) return true;
  if (std::isfinite(value) && value >= static_cast<double>(row.low) &&
      value <= static_cast<double>(row.high)) {
    return true;
  }
  errors_.add(node.at,
              join_path(path_, row.key) + " is out of range",
              "allowed: " + type_text(row) + "; like " + std::string(row.example));
  return false;
}

bool Section::fits_items(const KeyInfo& row, const Node& node) {
  const auto count = static_cast<std::int64_t>(node.items.size());
  if (row.high > 0 && (count < row.low || count > row.high)) {
    refuse(row,
           node,
           "has " + std::to_string(count) + " items, not " + std::to_string(row.low) + " to " +
               std::to_string(row.high));
    return false;
  }
  const Type wanted = row.type == KeyType::texts ? Type::text : Type::table;
  bool right = true;
  for (const Node& item : node.items) {
    if (item.type == wanted && !(wanted == Type::text && item.text.empty())) continue;
    right = false;
    const std::string found =
        item.type == wanted ? "an empty string" : std::string(describe(item.type));
    refuse(row,
           item,
           "holds " + found + ", not only " + (wanted == Type::text ? "strings" : "tables"));
  }
  return right;
}

bool Section::fits_members(const KeyInfo& row, const Node& node) {
  const Type wanted = row.type == KeyType::text_table ? Type::text : Type::table;
  bool right = true;
  for (const auto& [name, member] : node.members) {
    if (member.type == wanted && !(wanted == Type::text && member.text.empty())) continue;
    right = false;
    const std::string found = member.type == wanted ? "empty" : std::string(describe(member.type));
    errors_.add(
        member.at, join_path(join_path(path_, row.key), name) + " is " + found, write_like(row));
  }
  return right;
}

bool Section::given(std::string_view key) const {
  return table_ != nullptr && table_->find(key) != nullptr;
}

const Node* Section::get(std::string_view key) const {
  if (table_ == nullptr || wrong_.contains(key)) return nullptr;
  return table_->find(key);
}

Position Section::at(std::string_view key) const {
  if (table_ == nullptr) return {};
  const Node* node = table_->find(key);
  return node == nullptr ? table_->at : node->at;
}

void Section::error(std::string_view key, std::string problem, std::string fix) const {
  errors_.add(at(key), std::move(problem), std::move(fix));
}

std::string Section::text(std::string_view key, std::string_view fallback) const {
  const Node* node = get(key);
  return node == nullptr ? std::string(fallback) : node->text;
}

std::uint32_t Section::integer(std::string_view key, std::uint32_t fallback) const {
  const Node* node = get(key);
  return node == nullptr ? fallback : static_cast<std::uint32_t>(node->integer);
}

std::uint64_t Section::size(std::string_view key, std::uint64_t fallback) const {
  const Node* node = get(key);
  return node == nullptr ? fallback : parse_size(node->text).value_or(fallback);
}

double Section::number(std::string_view key, double fallback) const {
  const Node* node = get(key);
  if (node == nullptr) return fallback;
  return node->type == Type::integer ? static_cast<double>(node->integer) : node->number;
}

bool Section::boolean(std::string_view key, bool fallback) const {
  const Node* node = get(key);
  return node == nullptr ? fallback : node->boolean;
}

probes::core::Milliseconds Section::duration(std::string_view key,
                                             probes::core::Milliseconds fallback) const {
  const Node* node = get(key);
  return node == nullptr ? fallback : parse_duration(node->text).value_or(fallback);
}

std::vector<std::string> Section::texts(std::string_view key) const {
  std::vector<std::string> list;
  if (const Node* node = get(key)) {
    for (const Node& item : node->items) list.push_back(item.text);
  }
  return list;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count > (1ULL << 32)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "KiB") return count << 10;
  if (unit == "MiB") return count << 20;
  return std::nullopt;
}

}  // namespace smokeledger::daemon::config
