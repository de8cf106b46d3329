#include "probes/core/contract.h"

#include <algorithm>
#include <array>

#include <simdjson.h>

#include "probes/core/json_path.h"

namespace smokeledger::probes::core {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t deepest = 128;

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool looks_like_html(std::string_view body) {
  std::string head(body.substr(0, 16));
  std::transform(head.begin(), head.end(), head.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<head");
}

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

std::string_view string_or_empty(const element& value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

// The string member of an object; empty when there is none.
std::string_view member_string(const element& object, std::string_view name) {
  element value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return {};
  return string_or_empty(value);
}

bool applies(const ReplyRule& rule, const Place& place) {
  if (rule.when_member.empty()) return true;
  return place.has_parent && member_string(place.parent, rule.when_member) == rule.when_value;
}

// The members of one object that the rules name, once each or more often: a reader that takes the
// last and one that takes the first would disagree.
std::size_t times_present(const Place& place, std::string_view member) {
  if (!place.has_parent) return 1;
  std::size_t times = 0;
  for (const auto field : place.parent.get_object()) times += field.key == member ? 1 : 0;
  return times;
}

void check_value(const ReplyRule& rule, const Place& place, std::vector<Finding>& out) {
  const bool typed = std::any_of(rule.types.begin(), rule.types.end(), [&](JsonType type) {
    return has_type(place.value, type);
  });
  if (!typed) {
    out.push_back({FindingCode::wrong_type, place.where});
    return;
  }
  if (place.value.is_array() && place.value.get_array().size() < rule.min_items) {
    out.push_back({FindingCode::too_few_items, place.where});
  }
  if (!place.value.is_string()) return;
  const std::string_view text = string_or_empty(place.value);
  if (rule.not_empty && text.empty()) out.push_back({FindingCode::empty_string, place.where});
  if (!rule.values.empty() &&
      std::find(rule.values.begin(), rule.values.end(), text) == rule.values.end()) {
    out.push_back({FindingCode::undocumented_value, place.where});
  }
}

void check_rule(const ReplyRule& rule,
                const element& root,
                std::size_t& budget,
                std::vector<Finding>& out) {
  const std::size_t dot = rule.path.find_last_of('.');
  const std::string_view last = dot == std::string::npos
                                    ? std::string_view(rule.path)
                                    : std::string_view(rule.path).substr(dot + 1);
  for (const Place& place : places(root, rule.path, budget)) {
    if (!applies(rule, place)) continue;
    if (!place.present) {
      if (rule.required) out.push_back({FindingCode::missing_member, place.where});
      continue;
    }
    if (times_present(place, last) > 1) {
      out.push_back({FindingCode::duplicate_member, place.where});
    }
    check_value(rule, place, out);
  }
}

// Members at the top level that no rule and no documented path names.
std::uint32_t count_additive(const Contract& contract, const element& root) {
  std::uint32_t count = 0;
  for (const auto field : root.get_object()) {
    const auto names = [&](std::string_view path) {
      return path.substr(0, path.find_first_of(".[")) == field.key;
    };
    const bool known = std::any_of(contract.rules.begin(),
                                   contract.rules.end(),
                                   [&](const ReplyRule& rule) { return names(rule.path); }) ||
                       std::find(contract.documented_members.begin(),
                                 contract.documented_members.end(),
                                 field.key) != contract.documented_members.end() ||
                       names(contract.object_path) || names(contract.ending_path) ||
                       names(contract.served_model_path) || names(contract.input_tokens_path) ||
                       names(contract.output_tokens_path);
    if (!known) ++count;
  }
  return count;
}

// {"error": {...}}, or the same with a string or other spelling of its members.
bool read_error_object(const element& root, Reading& reading) {
  element error;
  if (root.at_key("error").get(error) != simdjson::SUCCESS || error.is_null()) return false;
  reading.object_family = ObjectFamily::error;
  if (!error.is_object()) return true;
  reading.error_type = member_string(error, "type");
  element code;
  if (error.at_key("code").get(code) != simdjson::SUCCESS) return true;
  std::int64_t number = 0;
  if (code.get_int64().get(number) == simdjson::SUCCESS) {
    reading.error_code = std::to_string(number);
  } else {
    reading.error_code = string_or_empty(code);
  }
  return true;
}

// Token counts beyond any model's are not believed: they would only damage the counters.
constexpr std::uint64_t most_tokens = 1'000'000'000;

std::optional<std::uint64_t> number_at(const element& root, std::string_view path) {
  if (path.empty()) return std::nullopt;
  std::size_t budget = 1;
  const auto found = places(root, path, budget);
  std::uint64_t number = 0;
  if (found.empty() || !found.front().present ||
      found.front().value.get_uint64().get(number) != simdjson::SUCCESS || number > most_tokens) {
    return std::nullopt;
  }
  return number;
}

std::string text_at(const element& root, std::string_view path) {
  if (path.empty()) return {};
  std::size_t budget = 1;
  const auto found = places(root, path, budget);
  return found.empty() || !found.front().present
             ? std::string{}
             : std::string(string_or_empty(found.front().value));
}

void read_facts(const Contract& contract, const element& root, Reading& reading) {
  reading.served_model = text_at(root, contract.served_model_path);
  const auto input = number_at(root, contract.input_tokens_path);
  const auto output = number_at(root, contract.output_tokens_path);
  if (input || output) reading.tokens = Tokens{input.value_or(0), output.value_or(0)};
  const std::string ending = text_at(root, contract.ending_path);
  reading.failed_ending =
      std::find(contract.failed_endings.begin(), contract.failed_endings.end(), ending) !=
      contract.failed_endings.end();
  const std::string object = text_at(root, contract.object_path);
  reading.object_family = from_word<ObjectFamily>(object).value_or(ObjectFamily::other);
}

Reading rejected(FindingCode code, ObjectFamily family = ObjectFamily::other) {
  Reading reading;
  reading.object_family = family;
  reading.findings.push_back({code, ""});
  return reading;
}

// What cannot be parsed: why, as far as it can be told apart.
Reading unparsed(simdjson::error_code error) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return rejected(FindingCode::too_deep);
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
    case simdjson::STRING_ERROR:
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: {
      // The reader's own limit, not plainly the reply's fault: could not check.
      Reading reading = rejected(FindingCode::unreadable_value);
      reading.parser_result = ParserResult::inconclusive;
      return reading;
    }
    default:
      return rejected(FindingCode::not_json);
  }
}

Reading check_document(const Contract& contract, bool success, const element& root) {
  Reading reading;
  if (!root.is_object()) return rejected(FindingCode::wrong_type);
  if (read_error_object(root, reading)) {
    // A failed object of the family carries `error` beside its own members; an envelope does not.
    const bool own_object = text_at(root, contract.object_path) == contract.object_value;
    if (!success || !own_object) {
      reading.verdict = Verdict::error_object;
      reading.findings.push_back({FindingCode::error_object, "error"});
      if (!success) reading.parser_result = ParserResult::not_checked;
      return reading;
    }
  }
  read_facts(contract, root, reading);
  if (!success) {
    reading.parser_result = ParserResult::not_checked;
    return reading;
  }
  std::size_t budget = most_places;
  for (const ReplyRule& rule : contract.rules) check_rule(rule, root, budget, reading.findings);
  if (budget == 0) {
    // More than we look at: what was not seen cannot be accepted, nor is it plainly wrong.
    if (reading.findings.empty()) reading.parser_result = ParserResult::inconclusive;
    reading.findings.push_back({FindingCode::unreadable_value, ""});
  }
  reading.additive = count_additive(contract, root);
  if (reading.findings.empty()) {
    reading.verdict = Verdict::documented_shape;
    reading.parser_result = ParserResult::accepted;
  }
  return reading;
}

// A body behind an error status is not judged by the rules: it is read for its error object.
Reading without_contract(Reading reading) {
  reading.parser_result = ParserResult::not_checked;
  return reading;
}

}  // namespace

std::optional<EndpointFamily> family_from(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '-', '_');
  return from_word<EndpointFamily>(name);
}

Reading check(const Contract& contract,
              int http_status,
              std::string_view content_type,
              std::string_view body) {
  const bool success = http_status >= 200 && http_status < 300;
  const auto finish = [&](Reading reading) {
    return success ? reading : without_contract(std::move(reading));
  };
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  body = trimmed(body);
  if (body.empty()) return finish(rejected(FindingCode::empty_body, ObjectFamily::none));
  if (looks_like_html(body)) return finish(rejected(FindingCode::html_body, ObjectFamily::html));

  simdjson::dom::parser parser;
  element root;
  const auto allocated = parser.allocate(body.size(), deepest);
  const auto error =
      allocated != simdjson::SUCCESS ? allocated : parser.parse(body.data(), body.size()).get(root);
  if (error == simdjson::TAPE_ERROR && body.find_first_of("{[") == 0) {
    // Two documents in one body look like a broken one to the parser; tell them apart.
    const simdjson::padded_string padded(body);  // parse_many reads beyond the end of its input
    simdjson::dom::parser first;
    simdjson::dom::document_stream stream;
    if (first.parse_many(padded, body.size() + 1).get(stream) == simdjson::SUCCESS) {
      auto it = stream.begin();
      if (it != stream.end() && (*it).error() == simdjson::SUCCESS &&
          it.source().size() < body.size()) {
        return finish(rejected(FindingCode::trailing_data));
      }
    }
  }
  if (error != simdjson::SUCCESS) return finish(unparsed(error));

  Reading reading = check_document(contract, success, root);
  const bool json_type =
      content_type.empty() || content_type.find("json") != std::string_view::npos;
  if (success && !json_type && reading.verdict == Verdict::documented_shape) {
    reading.findings.push_back({FindingCode::wrong_content_type, ""});
    reading.verdict = Verdict::deviant;
    reading.parser_result = ParserResult::rejected;
  }
  return reading;
}

}  // namespace smokeledger::probes::core
