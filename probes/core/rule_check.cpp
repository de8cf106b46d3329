#include "probes/core/rule_check.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

bool has_type(const element& value, JsonType type) {
  switch (type) {
    case JsonType::null:
      return value.type() == element_type::NULL_VALUE;
    case JsonType::boolean:
      return value.type() == element_type::BOOL;
    case JsonType::integer:
      return value.type() == element_type::INT64 || value.type() == element_type::UINT64;
    case JsonType::number:
      return has_type(value, JsonType::integer) || value.type() == element_type::DOUBLE;
    case JsonType::string:
      return value.type() == element_type::STRING;
    case JsonType::array:
      return value.type() == element_type::ARRAY;
    case JsonType::object:
      return value.type() == element_type::OBJECT;
  }
  return false;
}

bool has_a_type_of(const std::vector<JsonType>& types, const element& value) {
  return std::any_of(
      types.begin(), types.end(), [&](JsonType type) { return has_type(value, type); });
}

bool says_something(const element& value) {
  if (value.is_null()) return false;
  if (value.is_array()) return array(value).begin() != array(value).end();
  if (value.is_object()) return object(value).begin() != object(value).end();
  return true;
}

bool applies(const ReplyRule& rule, const object* parent) {
  if (rule.when_member.empty()) return true;
  std::string_view text;
  return parent != nullptr &&
         parent->at_key(rule.when_member).get_string().get(text) == simdjson::SUCCESS &&
         text == rule.when_value;
}

}  // namespace

// Room for replies as they come, so that a walk seldom allocates.
RuleWalk::RuleWalk() {
  path_.reserve(16);
  seen_.reserve(64);
}

void RuleWalk::check(const Rules& rules, element root, std::string_view where) {
  rules_ = &rules;
  where_ = where;
  unnamed_.clear();
  element_step(rules.tree(), root);
}

void RuleWalk::add(FindingCode code, std::string path) {
  if (findings_.size() < most_findings) findings_.push_back({code, std::move(path)});
}

void RuleWalk::find(FindingCode code) {
  if (findings_.size() == most_findings) return;
  std::string path(where_);
  for (const Step& step : path_) {
    if (step.member.empty()) {
      path += '[' + std::to_string(step.index) + ']';
    } else {
      if (!path.empty()) path += '.';
      path += step.member;
    }
  }
  add(code, std::move(path));
}

void RuleWalk::element_step(const RuleNode& node, element value) {
  judge(node, {value, 1}, nullptr);
  into(node, value);
}

void RuleWalk::into(const RuleNode& node, element value) {
  if (node.children.empty()) return;
  if (value.is_object()) into_object(node, value);
  if (value.is_array()) into_array(node, value);
}

void RuleWalk::into_object(const RuleNode& node, object members) {
  const std::size_t base = seen_.size();
  seen_.resize(base + node.children.size());
  for (const auto field : members) {
    std::size_t i = 0;
    while (i < node.children.size() && node.children[i].member != field.key) ++i;
    if (i < node.children.size()) {
      seen_[base + i].value = field.value;
      ++seen_[base + i].times;
    } else if (path_.empty()) {
      unnamed_.push_back(field.key);
    }
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const RuleNode& child = node.children[i];
    if (child.member.empty()) continue;  // elements: not in an object
    const Seen seen = seen_[base + i];   // deeper objects may move the vector
    path_.push_back({child.member});
    judge(child, seen, &members);
    if (seen.times > 0) into(child, seen.value);
    path_.pop_back();
  }
  seen_.resize(base);
}

void RuleWalk::into_array(const RuleNode& node, array elements) {
  std::size_t size = 0;
  for (const element value : elements) {
    for (const RuleNode& child : node.children) {
      if (!child.member.empty() || (!child.every_element && child.index != size)) continue;
      if (budget_ == 0) {
        exhausted_ = true;
        return;
      }
      --budget_;
      path_.push_back({{}, size});
      element_step(child, value);
      path_.pop_back();
    }
    ++size;
  }
  for (const RuleNode& child : node.children) {
    if (!child.member.empty() || child.every_element || child.index < size) continue;
    path_.push_back({{}, child.index});
    judge(child, {}, nullptr);
    path_.pop_back();
  }
}

void RuleWalk::judge(const RuleNode& node, const Seen& seen, const object* parent) {
  // A reader that takes the last and one that takes the first would disagree.
  if (seen.times > 1) find(FindingCode::duplicate_member);
  for (const std::size_t place : node.rules) {
    const ReplyRule& rule = (*rules_)[place];
    if (!applies(rule, parent)) continue;
    if (seen.times > 0) {
      judge_present(rule, seen.value);
    } else if (rule.required) {
      find(FindingCode::missing_member);
    }
  }
}

void RuleWalk::judge_present(const ReplyRule& rule, element value) {
  if (!has_a_type_of(rule.types, value)) return find(FindingCode::wrong_type);
  if (value.is_string()) judge_string(rule, value);
  if (value.is_array()) judge_array(rule, value);
  if (value.is_object() && !rule.any_of.empty()) {
    const bool one = std::any_of(rule.any_of.begin(), rule.any_of.end(), [&](const auto& path) {
      const auto at = element_at(value, path);
      return at && says_something(*at);
    });
    if (!one) find(FindingCode::no_alternative);
  }
}

void RuleWalk::judge_string(const ReplyRule& rule, std::string_view text) {
  if (rule.not_empty && text.empty()) find(FindingCode::empty_string);
  if (rule.values.empty() ||
      std::find(rule.values.begin(), rule.values.end(), text) != rule.values.end()) {
    return;
  }
  if (rule.open) {
    ++additive_;
  } else {
    find(FindingCode::undocumented_value);
  }
}

void RuleWalk::judge_array(const ReplyRule& rule, array elements) {
  std::size_t size = 0;
  bool typed = true;
  for (const element value : elements) {
    ++size;
    typed = typed && (rule.item_types.empty() || has_a_type_of(rule.item_types, value));
  }
  if (size < rule.min_items) find(FindingCode::too_few_items);
  if (!typed) find(FindingCode::wrong_type);
}

std::optional<element> element_at(element at, std::string_view path) {
  if (path.empty()) return std::nullopt;
  while (!path.empty()) {
    const std::string_view member = path.substr(0, path.find('.'));
    if (!at.is_object() || at.at_key(member).get(at) != simdjson::SUCCESS) return std::nullopt;
    path.remove_prefix(std::min(member.size() + 1, path.size()));
  }
  return at;
}

std::string_view text_at(element at, std::string_view path) {
  const auto found = element_at(at, path);
  std::string_view text;
  return found && found->get_string().get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

std::optional<std::uint64_t> count_at(element at, std::string_view path) {
  // Counts beyond any model's are not believed: they would only damage the counters.
  constexpr std::uint64_t most = 1'000'000'000;
  const auto found = element_at(at, path);
  std::uint64_t number = 0;
  if (!found || found->get_uint64().get(number) != simdjson::SUCCESS || number > most) {
    return std::nullopt;
  }
  return number;
}

}  // namespace smokeledger::probes::core
