#include "daemon/config/document.h"

#include <toml++/toml.h>

namespace smokeledger::daemon::config {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Position position(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

std::string padded(unsigned value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

std::string date_text(const toml::date& date) {
  return padded(date.year, 4) + '-' + padded(date.month, 2) + '-' + padded(date.day, 2);
}

Node convert(const toml::node& value, Position key_at);

void fill(const toml::array& array, Node& node) {
  node.type = Node::Type::array;
  node.items.reserve(array.size());
  for (const auto& item : array) node.items.push_back(convert(item, position(item.source())));
}

void fill(const toml::table& table, Node& node) {
  node.type = Node::Type::table;
  for (const auto& [key, value] : table) {
    node.members.emplace_hint(
        node.members.end(), std::string(key.str()), convert(value, position(key.source())));
  }
}

Node convert(const toml::node& value, Position key_at) {
  Node node;
  node.at = position(value.source());
  node.key_at = key_at;
  if (const auto* table = value.as_table()) {
    fill(*table, node);
  } else if (const auto* array = value.as_array()) {
    fill(*array, node);
  } else if (const auto* text = value.as_string()) {
    node.type = Node::Type::text;
    node.text = text->get();
  } else if (const auto* integer = value.as_integer()) {
    node.type = Node::Type::integer;
    node.integer = integer->get();
  } else if (const auto* number = value.as_floating_point()) {
    node.type = Node::Type::number;
    node.number = number->get();
  } else if (const auto* boolean = value.as_boolean()) {
    node.type = Node::Type::boolean;
    node.boolean = boolean->get();
  } else if (const auto* date = value.as_date()) {
    node.type = Node::Type::date;
    node.text = date_text(date->get());
  } else {
    node.type = Node::Type::other;
  }
  return node;
}

Position position_of(std::string_view bytes, std::size_t offset) {
  Position at{1, 1};
  for (const char c : bytes.substr(0, offset)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
  return at;
}

// The parser's own words, without what it quotes from the document beyond one character: a
// mistyped line may hold a credential.
std::string without_quotations(std::string_view description) {
  std::string text;
  while (!description.empty()) {
    const std::size_t open = description.find('\'');
    const std::size_t close =
        open == std::string_view::npos ? open : description.find('\'', open + 1);
    if (close == std::string_view::npos) break;
    text += description.substr(0, open);
    const auto quoted = description.substr(open, close - open + 1);
    text += quoted.size() <= 4 ? quoted : "(the name)";
    description.remove_prefix(close + 1);
  }
  text += description.substr(0, description.find('\''));
  return text;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = members.find(key);
  return found == members.end() ? nullptr : &found->second;
}

std::string_view describe(Node::Type type) {
  switch (type) {
    case Node::Type::text:
      return "a string";
    case Node::Type::integer:
      return "an integer";
    case Node::Type::number:
      return "a number";
    case Node::Type::boolean:
      return "a boolean";
    case Node::Type::date:
      return "a date";
    case Node::Type::array:
      return "an array";
    case Node::Type::table:
      return "a table";
    case Node::Type::other:
      break;
  }
  return "a time";
}

boost::system::result<Node, ConfigError> parse_document(const std::string& file,
                                                        std::string_view bytes) {
  // toml++ 3.3.0 reaches an unreachable point on a byte order mark in the middle.
  if (const std::size_t mark = bytes.find(byte_order_mark, 1); mark != std::string_view::npos) {
    const Position at = position_of(bytes, mark);
    return ConfigError{file, at.line, at.column, "a byte order mark inside the file", "remove it"};
  }
  try {
    const toml::table root = toml::parse(bytes);
    return convert(root, {1, 1});
  } catch (const toml::parse_error& error) {
    const Position at = position(error.source());
    return ConfigError{file,
                       at.line,
                       at.column,
                       "not TOML: " + without_quotations(error.description()),
                       "correct the syntax; other errors are reported after that"};
  }
}

}  // namespace smokeledger::daemon::config
