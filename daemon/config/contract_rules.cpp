#include "daemon/config/contract_rules.h"

#include <algorithm>
#include <functional>

#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t longest_path = 120;

std::string rule_path(const Section& in) {
  const std::string text = in.text("path");
  if (!text.empty() && (!core::is_rule_path(text) || text.size() > longest_path)) {
    in.error("path",
             join_path(in.path(), "path") + " is not a member path",
             "write it like choices[].message.role, or $ for the whole reply");
  }
  return text;
}

std::vector<core::JsonType> read_types(Errors& errors, const Section& in, std::string_view key) {
  std::vector<core::JsonType> types;
  const Node* list = in.get(key);
  if (list == nullptr) return types;
  for (const Node& item : list->items) {
    if (const auto type = core::from_word<core::JsonType>(item.text)) {
      types.push_back(*type);
    } else {
      errors.add(item.at,
                 shown(item.text) + " is not a JSON type",
                 "write one of: null, boolean, integer, number, string, array, object");
    }
  }
  return types;
}

// A demand that only one type of value can meet.
struct Demand {
  std::string_view key;
  core::JsonType type;
  bool (*made)(const core::ReplyRule&);
};
constexpr Demand demands[] = {
    {"values", core::JsonType::string, [](const core::ReplyRule& r) { return !r.values.empty(); }},
    {"not_empty", core::JsonType::string, [](const core::ReplyRule& r) { return r.not_empty; }},
    {"min_items", core::JsonType::array, [](const core::ReplyRule& r) { return r.min_items > 0; }},
    {"item_types",
     core::JsonType::array,
     [](const core::ReplyRule& r) { return !r.item_types.empty(); }},
    {"any_of", core::JsonType::object, [](const core::ReplyRule& r) { return !r.any_of.empty(); }},
};

// What a rule asks for must be able to hold for the types it allows.
void check_demands(const Section& in, const core::ReplyRule& rule) {
  for (const Demand& demand : demands) {
    const bool allowed =
        std::find(rule.types.begin(), rule.types.end(), demand.type) != rule.types.end();
    if (allowed || !demand.made(rule)) continue;
    const std::string type(core::word(demand.type));
    in.error(demand.key,
             std::string(demand.key) + " for a value that may not be of type " + type,
             "add \"" + type + "\" to types, or remove " + std::string(demand.key));
  }
}

void check_rule(const Section& in, const core::ReplyRule& rule) {
  check_demands(in, rule);
  if (rule.open && rule.values.empty()) {
    in.error("open", "open without values", "add values, or remove open");
  }
  if (rule.when_member.empty() != rule.when_value.empty()) {
    in.error(rule.when_member.empty() ? "when_value" : "when_member",
             "when_member and when_value belong together",
             "write both or neither");
  }
  for (const std::string& path : rule.any_of) {
    if (core::is_member_path(path)) continue;
    in.error("any_of",
             shown(path) + " is not a member path without elements",
             "write it like promptFeedback.blockReason");
  }
}

core::ReplyRule read_rule(Errors& errors, const Section& in) {
  core::ReplyRule rule;
  rule.path = rule_path(in);
  rule.types = read_types(errors, in, "types");
  rule.required = in.boolean("required", true);
  rule.values = in.texts("values");
  rule.open = in.boolean("open", false);
  rule.min_items = in.integer("min_items", 0);
  rule.item_types = read_types(errors, in, "item_types");
  rule.not_empty = in.boolean("not_empty", false);
  rule.any_of = in.texts("any_of");
  rule.when_member = in.text("when_member");
  rule.when_value = in.text("when_value");
  if (in.get("types") != nullptr) check_rule(in, rule);
  return rule;
}

void each_rule(Errors& errors,
               const Section& root,
               std::string_view list,
               const std::function<void(const Section&)>& read) {
  const Node* tables = root.get(list);
  if (tables == nullptr) return;
  for (const Node& table : tables->items) {
    read(Section(errors, section_keys(contract_keys(), "rules"), &table, std::string(list)));
  }
}

}  // namespace

std::string member_path(const Section& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!text.empty() && (!core::is_member_path(text) || text.size() > longest_path)) {
    in.error(key,
             join_path(in.path(), key) + " is not a member path without elements",
             "write it like usage.prompt_tokens");
  }
  return text;
}

core::Rules read_rules(Errors& errors, const Section& root, std::string_view list) {
  core::Rules rules;
  each_rule(errors, root, list, [&](const Section& in) {
    if (in.given("event")) {
      in.error("event", "event outside stream_rules", "remove it, or move the rule");
    }
    rules.add(read_rule(errors, in));
  });
  return rules;
}

std::vector<core::EventRules> read_event_rules(Errors& errors, const Section& root) {
  std::vector<core::EventRules> events;
  each_rule(errors, root, "stream_rules", [&](const Section& in) {
    const std::string event = in.text("event");
    const auto known = std::find_if(
        events.begin(), events.end(), [&](const auto& rules) { return rules.event == event; });
    core::EventRules& of = known == events.end() ? events.emplace_back() : *known;
    of.event = event;
    of.rules.add(read_rule(errors, in));
  });
  return events;
}

}  // namespace smokeledger::daemon::config
