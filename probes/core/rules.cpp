#include "probes/core/rules.h"

#include <algorithm>
#include <charconv>

namespace smokeledger::probes::core {
namespace {

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// One step of a path: `name`, `name[]`, `name[0]`.
bool is_step(std::string_view step) {
  const auto end = std::find_if_not(step.begin(), step.end(), name_character);
  const auto size = static_cast<std::size_t>(end - step.begin());
  if (size == 0) return false;
  const std::string_view index = step.substr(size);
  if (index.empty()) return true;
  return index.size() >= 2 && index.size() <= 5 && index.front() == '[' && index.back() == ']' &&
         index.find_first_not_of("0123456789", 1) == index.size() - 1;
}

RuleNode& child(RuleNode& node, RuleNode wanted) {
  for (RuleNode& known : node.children) {
    if (known.member == wanted.member && known.every_element == wanted.every_element &&
        known.index == wanted.index) {
      return known;
    }
  }
  return node.children.emplace_back(std::move(wanted));
}

RuleNode element_step(std::string_view index) {
  RuleNode step{.every_element = index.empty()};
  std::from_chars(index.data(), index.data() + index.size(), step.index);
  return step;
}

// The node that the path leads to, made where it is missing.
RuleNode& node_at(RuleNode& root, std::string_view path) {
  RuleNode* at = &root;
  if (path == "$") return *at;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('.'));
    const auto bracket = step.find('[');
    at = &child(*at, {.member = std::string(step.substr(0, bracket))});
    if (bracket != std::string_view::npos) {
      at = &child(*at, element_step(step.substr(bracket + 1, step.size() - bracket - 2)));
    }
    path.remove_prefix(std::min(step.size() + 1, path.size()));
  }
  return *at;
}

}  // namespace

Rules::Rules(std::vector<ReplyRule> rules) {
  for (ReplyRule& rule : rules) add(std::move(rule));
}

void Rules::add(ReplyRule rule) {
  node_at(tree_, rule.path).rules.push_back(rules_.size());
  rules_.push_back(std::move(rule));
}

bool is_rule_path(std::string_view path) {
  if (path == "$") return true;
  while (true) {
    const auto dot = path.find('.');
    if (!is_step(path.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    path.remove_prefix(dot + 1);
  }
}

bool is_member_path(std::string_view path) {
  return path != "$" && path.find('[') == std::string_view::npos && is_rule_path(path);
}

}  // namespace smokeledger::probes::core
