// A TOML document as plain values with positions. The only file that includes toml++ is
// document.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "daemon/config/config.h"

namespace smokeledger::daemon::config {

// Counted from 1, columns in code points.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Position&) const = default;
};

// One value. Which member holds it depends on `type`.
struct Node {
  enum class Type { text, integer, number, boolean, date, array, table, other };

  Type type = Type::table;
  Position at;       // of the value; of the header for a table
  Position key_at;   // of its key; of the value in an array
  std::string text;  // text; date as YYYY-MM-DD
  std::int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::vector<Node> items;                           // array
  std::map<std::string, Node, std::less<>> members;  // table

  const Node* find(std::string_view key) const;  // null when absent
};

// The root table. Errors: a byte order mark after the first byte, or the first syntax error; the
// message never repeats text of the document.
boost::system::result<Node, ConfigError> parse_document(const std::string& file,
                                                        std::string_view bytes);

// What a person would call it: "an integer", "a string".
std::string_view describe(Node::Type);

}  // namespace smokeledger::daemon::config
