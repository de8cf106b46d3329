#include "probes/core/envelope.h"

namespace smokeledger::probes::core {
namespace {

using simdjson::dom::element;

std::string text_or_digits(element root, std::string_view path) {
  const auto found = element_at(root, path);
  std::int64_t number = 0;
  if (found && found->get_int64().get(number) == simdjson::SUCCESS) return std::to_string(number);
  return std::string(text_at(root, path));
}

std::string_view between(std::string_view text, const RequestIdPlace& place) {
  const auto from = text.find(place.after);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + place.after.size());
  return place.before.empty() ? text : text.substr(0, text.find(place.before));
}

std::string joined(std::string_view where, std::string_view path) {
  std::string out(where);
  if (!out.empty()) out += '.';
  return out += path;
}

// {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"} among the details, after
// https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
void read_retry_info(element root, Reading& reading) {
  const auto details = element_at(root, "error.details");
  simdjson::dom::array items;
  if (!details || details->get(items) != simdjson::SUCCESS) return;
  for (const element detail : items) {
    if (!text_at(detail, "@type").ends_with("google.rpc.RetryInfo")) continue;
    std::string_view delay = text_at(detail, "retryDelay");
    reading.names_retry_delay = true;
    if (!delay.ends_with('s')) continue;
    delay.remove_suffix(1);
    reading.retry_delay = decimal_wait(delay, std::chrono::seconds{1});
  }
}

}  // namespace

bool names_an_error(element root) {
  simdjson::dom::object members;
  if (root.get(members) != simdjson::SUCCESS) return false;
  for (const auto field : members) {
    if (field.key != "error" || field.value.is_null()) continue;
    std::string_view text;
    bool flag = true;
    const bool none = (field.value.get(text) == simdjson::SUCCESS && text.empty()) ||
                      (field.value.get(flag) == simdjson::SUCCESS && !flag);
    if (!none) return true;
  }
  return false;
}

void read_error(const Contract& contract,
                element root,
                std::string_view where,
                RuleWalk& walk,
                Reading& reading) {
  reading.object_family = ObjectFamily::error;
  reading.error_code = text_or_digits(root, "error.code");
  reading.error_type = std::string(text_at(root, "error.type"));
  read_retry_info(root, reading);
  for (const RequestIdPlace& place : contract.request_ids) {
    if (reading.error_request_id.empty()) {
      reading.error_request_id = std::string(between(text_at(root, place.path), place));
    }
  }
  const std::size_t before = walk.findings().size();
  walk.check(contract.error_rules, root, where);
  if (walk.findings().size() > before) return;
  reading.verdict = Verdict::error_object;
  walk.add(FindingCode::error_object, joined(where, "error"));
}

void read_facts(const FactPaths& paths, element root, Reading& reading) {
  if (const auto model = text_at(root, paths.served_model); !model.empty()) {
    reading.served_model = std::string(model);
  }
  const auto input = count_at(root, paths.input_tokens);
  const auto output = count_at(root, paths.output_tokens);
  if (!input && !output) return;
  if (!reading.tokens) reading.tokens.emplace();
  if (input) reading.tokens->input = *input;
  if (output) reading.tokens->output = *output;
}

}  // namespace smokeledger::probes::core
