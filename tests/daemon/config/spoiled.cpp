#include "tests/daemon/config/spoiled.h"

#include <simdjson.h>

namespace smokeledger::tests {
namespace {

using probes::core::ReplyRule;
using simdjson::dom::element;

// `path` with every index written as `[]`, and the same made of a concrete path.
std::string any_index(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) out += c;
    if (c == '[') inside = true;
  }
  return out;
}

bool applies(const ReplyRule& rule, const element* parent) {
  if (rule.when_member.empty()) return true;
  std::string_view text;
  return parent != nullptr && parent->is_object() &&
         parent->at_key(rule.when_member).get(text) == simdjson::SUCCESS && text == rule.when_value;
}

void search(const element& at,
            const element* parent,
            const std::string& path,
            const ReplyRule& rule,
            std::optional<RulePlace>& found) {
  if (found) return;
  if (any_index(path) == any_index(rule.path) && applies(rule, parent)) {
    found = RulePlace{path};
    return;
  }
  if (at.is_object()) {
    for (const auto field : at.get_object()) {
      const std::string next =
          path.empty() ? std::string(field.key) : path + '.' + std::string(field.key);
      search(field.value, &at, next, rule, found);
    }
  }
  if (at.is_array()) {
    std::size_t index = 0;
    for (const element item : at.get_array()) {
      search(item, nullptr, path + '[' + std::to_string(index++) + ']', rule, found);
    }
  }
}

// Writes the document; what stands at `target` is left out or replaced.
class Copy {
 public:
  Copy(std::string target, std::optional<std::string_view> replacement)
      : target_(std::move(target)), replacement_(replacement) {}

  std::string write(const element& at, const std::string& path) {
    if (path == target_ && replacement_) return std::string(*replacement_);
    if (at.is_object()) return object(at, path);
    if (at.is_array()) return array(at, path);
    return simdjson::minify(at);
  }

 private:
  std::string object(const element& at, const std::string& path) {
    std::string out = "{";
    for (const auto field : at.get_object()) {
      const std::string key(field.key);
      const std::string next = path.empty() ? key : path + '.' + key;
      if (next == target_ && !replacement_) continue;
      if (out.size() > 1) out += ',';
      out += '"' + key + "\":" + write(field.value, next);
    }
    return out + '}';
  }

  std::string array(const element& at, const std::string& path) {
    std::string out = "[";
    std::size_t index = 0;
    for (const element item : at.get_array()) {
      const std::string next = path + '[' + std::to_string(index++) + ']';
      if (next == target_ && !replacement_) continue;
      if (out.size() > 1) out += ',';
      out += write(item, next);
    }
    return out + ']';
  }

  std::string target_;
  std::optional<std::string_view> replacement_;
};

}  // namespace

std::optional<RulePlace> first_place(std::string_view json, const ReplyRule& rule) {
  if (rule.path == "$") return RulePlace{"", true};
  simdjson::dom::parser parser;
  std::optional<RulePlace> found;
  search(parser.parse(json.data(), json.size()).value(), nullptr, "", rule, found);
  return found;
}

std::string without(std::string_view json, const std::string& path) {
  simdjson::dom::parser parser;
  return Copy(path, std::nullopt).write(parser.parse(json.data(), json.size()).value(), "");
}

std::string with(std::string_view json, const std::string& path, std::string_view replacement) {
  simdjson::dom::parser parser;
  return Copy(path, replacement).write(parser.parse(json.data(), json.size()).value(), "");
}

}  // namespace smokeledger::tests
