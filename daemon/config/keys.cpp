#include "daemon/config/keys.h"

#include <algorithm>
#include <array>

#include "probes/core/time.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::array<std::string_view, 12> type_words{"string",
                                                      "array of strings",
                                                      "integer",
                                                      "number",
                                                      "boolean",
                                                      "date",
                                                      "duration",
                                                      "size",
                                                      "table of strings",
                                                      "table",
                                                      "array of tables",
                                                      "named tables"};

std::string bound(KeyType type, std::int64_t value) {
  if (type == KeyType::duration) {
    return probes::core::format_duration(probes::core::Milliseconds(value));
  }
  if (type == KeyType::size) {
    constexpr std::int64_t mebibyte = 1'024 * 1'024;
    return value % mebibyte == 0 ? std::to_string(value / mebibyte) + "MiB"
                                 : std::to_string(value / 1'024) + "KiB";
  }
  return std::to_string(value);
}

}  // namespace

std::span<const KeyInfo> section_keys(std::span<const KeyInfo> keys, std::string_view section) {
  const auto in_section = [&](const KeyInfo& row) { return row.section == section; };
  const auto from = std::find_if(keys.begin(), keys.end(), in_section);
  return {from, std::find_if_not(from, keys.end(), in_section)};
}

std::string type_text(const KeyInfo& row) {
  std::string text(type_words[static_cast<std::size_t>(row.type)]);
  if (row.low == 0 && row.high == 0) return text;
  if (row.low == row.high) return text + ", " + bound(row.type, row.low);
  text += ", " + bound(row.type, row.low) + " to " + bound(row.type, row.high);
  if (row.type == KeyType::text) return text + " characters";
  return row.type == KeyType::texts ? text + " items" : text;
}

std::string page_row(const KeyInfo& row) {
  std::string text = "| `";
  text.append(row.key).append("` | ").append(type_text(row)).append(" | ");
  if (row.required || row.fallback.empty()) {
    text += row.required ? "required" : "none";
  } else {
    const bool literal = row.fallback.find_first_of("\"[{0123456789") == 0 ||
                         row.fallback == "true" || row.fallback == "false";
    text.append(literal ? "`" : "").append(row.fallback).append(literal ? "`" : "");
  }
  return text.append(" | ").append(row.says).append(" |");
}

}  // namespace smokeledger::daemon::config
