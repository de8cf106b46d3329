// The documented areas that a parser depends on, as rules over member paths, and the same rules as
// a tree, so that a reply is walked once however many rules there are. Data and its compilation
// only: the walk is in rule_check.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class JsonType { null, boolean, integer, number, string, array, object };
template <>
struct Words<JsonType> {
  static constexpr std::array<std::string_view, 7> list{
      "null", "boolean", "integer", "number", "string", "array", "object"};
};

// One documented area. `path` is written as a person would: `choices[0].message.content`;
// `choices[].index` means every element; `$` is the whole document.
struct ReplyRule {
  std::string path = {};
  std::vector<JsonType> types = {};       // any of these; `number` includes integers
  bool required = true;                   // false: may be absent
  std::vector<std::string> values = {};   // of a string; not empty: the documented ones
  bool open = false;                      // other values are counted as additive, not failed
  std::size_t min_items = 0;              // arrays only
  std::vector<JsonType> item_types = {};  // arrays only: of each element, in the same way
  bool not_empty = false;                 // strings only
  // Objects only: at least one of these member paths leads to something that is not null, an empty
  // object or an empty array. Empty: nothing is asked.
  std::vector<std::string> any_of = {};
  // Only where the sibling member `when_member` holds the string `when_value`; empty: always.
  std::string when_member = {};
  std::string when_value = {};

  bool operator==(const ReplyRule&) const = default;
};

// A step of the paths, with the rules whose path ends here.
struct RuleNode {
  std::string member = {};     // empty: elements of an array
  bool every_element = false;  // else the one at `index`
  std::size_t index = 0;
  std::vector<std::size_t> rules = {};  // places in Rules
  std::vector<RuleNode> children = {};

  bool operator==(const RuleNode&) const = default;
};

// Rules in the order in which people wrote them, with their tree. A value.
class Rules {
 public:
  Rules() = default;
  Rules(std::initializer_list<ReplyRule> rules) : Rules(std::vector<ReplyRule>(rules)) {}
  explicit Rules(std::vector<ReplyRule>);

  void add(ReplyRule);
  const RuleNode& tree() const { return tree_; }
  const ReplyRule& operator[](std::size_t place) const { return rules_[place]; }
  auto begin() const { return rules_.begin(); }
  auto end() const { return rules_.end(); }
  std::size_t size() const { return rules_.size(); }
  bool empty() const { return rules_.empty(); }
  bool operator==(const Rules&) const = default;

 private:
  std::vector<ReplyRule> rules_;
  RuleNode tree_;
};

// Whether a rule's path can be read: steps `name`, `name[]`, `name[0]`, joined by dots; or `$`.
bool is_rule_path(std::string_view);
// The same without elements: `usage.prompt_tokens`.
bool is_member_path(std::string_view);

}  // namespace smokeledger::probes::core
