#include "probes/core/reading.h"

#include <algorithm>

#include "probes/core/envelope.h"
#include "probes/core/json_body.h"
#include "probes/core/rule_check.h"

namespace smokeledger::probes::core {
namespace {

using simdjson::dom::element;

// Members at the top level that no rule and no documented path names.
std::uint32_t count_additive(const Contract& contract,
                             const std::vector<std::string_view>& unnamed) {
  const auto documented = [&](std::string_view member) {
    const auto leads_there = [&](std::string_view path) {
      return path.substr(0, path.find('.')) == member;
    };
    const auto& others = contract.documented_members;
    return std::find(others.begin(), others.end(), member) != others.end() ||
           leads_there(contract.object_path) || leads_there(contract.ending_path) ||
           leads_there(contract.facts.served_model) || leads_there(contract.facts.input_tokens) ||
           leads_there(contract.facts.output_tokens);
  };
  return static_cast<std::uint32_t>(std::count_if(
      unnamed.begin(), unnamed.end(), [&](auto member) { return !documented(member); }));
}

Reading rejected(FindingCode code, ObjectFamily family = ObjectFamily::other) {
  Reading reading;
  reading.object_family = family;
  reading.findings.push_back({code, ""});
  // The reader's own limit, not plainly the reply's fault: could not check.
  if (code == FindingCode::too_large) reading.parser_result = ParserResult::inconclusive;
  return reading;
}

bool is_own_object(const Contract& contract, const element& root) {
  return !contract.object_path.empty() &&
         text_at(root, contract.object_path) == contract.object_value;
}

bool has_failed_ending(const Contract& contract, const element& root) {
  const std::string_view ending = text_at(root, contract.ending_path);
  const auto& failed = contract.failed_endings;
  return std::find(failed.begin(), failed.end(), ending) != failed.end();
}

ObjectFamily object_family_of(const Contract& contract, const element& root) {
  const std::string_view object = contract.object_path.empty()
                                      ? std::string_view(contract.object_value)
                                      : text_at(root, contract.object_path);
  return from_word<ObjectFamily>(object).value_or(ObjectFamily::other);
}

void judge_reply(const Contract& contract, const element& root, RuleWalk& walk, Reading& reading) {
  walk.check(contract.rules, root);
  if (walk.exhausted()) walk.add(FindingCode::unreadable_value, "");
  reading.additive = walk.additive() + count_additive(contract, walk.unnamed());
  if (!walk.findings().empty()) return;
  reading.verdict = Verdict::documented_shape;
  reading.parser_result = ParserResult::accepted;
  reading.failed_ending = has_failed_ending(contract, root);
}

Reading check_document(const Contract& contract, bool success, const JsonBody& body) {
  Reading reading;
  const element root = body.root();
  if (!root.is_object()) return rejected(FindingCode::wrong_type);
  RuleWalk walk;
  // A failed object of the family carries `error` beside its own members; an envelope does not.
  const bool failed_object = is_own_object(contract, root) && has_failed_ending(contract, root);
  if (names_an_error(root) && !(success && failed_object)) {
    read_error(contract, root, "", walk, reading);
  } else {
    reading.object_family = object_family_of(contract, root);
    read_facts(contract.facts, root, reading);
    if (success) judge_reply(contract, root, walk, reading);
  }
  const bool only_exhausted = walk.exhausted() && walk.findings().size() == 1;
  reading.findings = walk.take_findings();
  // Not all was seen, or seen as it is: that cannot be accepted, nor is it plainly wrong.
  if (body.mended() && reading.verdict == Verdict::documented_shape) {
    reading.findings.push_back({FindingCode::unreadable_value, ""});
    reading.parser_result = ParserResult::inconclusive;
  } else if (only_exhausted) {
    reading.parser_result = ParserResult::inconclusive;
  }
  return reading;
}

// Accepted, but sent as something else.
void judge_content_type(std::string_view content_type, Reading& reading) {
  if (may_be_type(content_type, "json") || reading.verdict != Verdict::documented_shape) return;
  reading.findings.push_back({FindingCode::wrong_content_type, ""});
  reading.verdict = Verdict::deviant;
  reading.parser_result = ParserResult::rejected;
}

Reading read_body(const Contract& contract,
                  bool success,
                  std::string_view content_type,
                  BodyView body,
                  std::size_t byte_cap) {
  const std::string_view text = without_blanks_around(without_byte_order_mark(body.text));
  if (text.empty()) return rejected(FindingCode::empty_body, ObjectFamily::none);
  if (looks_like_html(text)) return rejected(FindingCode::html_body, ObjectFamily::html);
  JsonBody json(byte_cap);
  if (const auto problem = json.parse(text, body.has_room)) return rejected(*problem);
  Reading reading = check_document(contract, success, json);
  if (success) judge_content_type(content_type, reading);
  return reading;
}

}  // namespace

Reading check(const Contract& contract,
              int http_status,
              std::string_view content_type,
              BodyView body,
              std::size_t byte_cap) {
  const bool success = http_status >= 200 && http_status < 300;
  Reading reading = read_body(contract, success, content_type, body, byte_cap);
  // A body behind an error status is not judged by the rules: it is read for its error object.
  if (!success) reading.parser_result = ParserResult::not_checked;
  return reading;
}

}  // namespace smokeledger::probes::core
