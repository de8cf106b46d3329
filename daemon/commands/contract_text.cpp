#include "daemon/commands/contract_text.h"

#include "daemon/commands/table.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

using core::JsonWriter;

std::string types_text(const core::ReplyRule& rule) {
  std::string text;
  for (const auto type : rule.types) text.append(text.empty() ? "" : "|").append(core::word(type));
  return text;
}

std::string joined(const std::vector<std::string>& list, std::string_view separator) {
  std::string text;
  for (const auto& item : list) text.append(text.empty() ? "" : separator).append(item);
  return text;
}

// What a rule asks beside its types.
std::string demand_text(const core::ReplyRule& rule) {
  std::vector<std::string> parts;
  if (!rule.values.empty()) parts.push_back("one of " + joined(rule.values, ", "));
  if (rule.min_items > 0) parts.push_back("at least " + std::to_string(rule.min_items) + " items");
  if (rule.not_empty) parts.emplace_back("not empty");
  if (!rule.when_member.empty()) {
    parts.push_back("where " + rule.when_member + " is " + rule.when_value);
  }
  return joined(parts, "; ");
}

void write_rule(JsonWriter& json, const core::ReplyRule& rule) {
  json.begin_object().key("path").string(rule.path).key("types").begin_array();
  for (const auto type : rule.types) json.string(core::word(type));
  json.end_array().key("required").boolean(rule.required);
  json.key("values").strings(rule.values);
  json.key("min_items").integer(rule.min_items).key("not_empty").boolean(rule.not_empty);
  json.key("when_member").string(rule.when_member).key("when_value").string(rule.when_value);
  json.end_object();
}

void write_lists(JsonWriter& json, const core::Contract& contract) {
  json.key("sources").begin_array();
  for (const auto& source : contract.sources) {
    json.begin_object().key("url").string(source.url).key("purpose").string(source.purpose);
    json.key("accessed").string(source.accessed).end_object();
  }
  json.end_array().key("rules").begin_array();
  for (const auto& rule : contract.rules) write_rule(json, rule);
  json.end_array().key("tolerations").begin_array();
  for (const auto& toleration : contract.tolerations) {
    json.begin_object().key("what").string(toleration.what).key("reason").string(toleration.reason);
    json.key("source").string(toleration.source).end_object();
  }
  json.end_array().key("status_overrides").begin_array();
  for (const auto& exception : contract.status_overrides) {
    json.begin_object().key("http_status").integer(exception.http_status);
    json.key("error_code").string(exception.error_code);
    json.key("reason").string(exception.reason).end_object();
  }
  json.end_array();
}

}  // namespace

std::string contracts_table(const config::Contracts& contracts) {
  std::vector<Row> rows;
  for (const auto& contract : contracts) {
    rows.push_back({std::string(core::word(contract->family)),
                    contract->version,
                    contract->accessed,
                    contract->path,
                    std::to_string(contract->rules.size()),
                    contract->sources.empty() ? "" : contract->sources.front().url});
  }
  return table({"FAMILY", "VERSION", "ACCESSED", "PATH", "RULES", "SOURCE"}, rows);
}

std::string contracts_json(const config::Contracts& contracts) {
  std::string lines;
  for (const auto& contract : contracts) lines += contract_json(*contract) + '\n';
  return lines;
}

std::string contract_page(const core::Contract& contract) {
  std::string page = "contract   " + contract.version + '\n';
  page += "accessed   " + contract.accessed + '\n';
  page += "docs home  " + contract.docs_home + '\n';
  page += "support    " + contract.support + '\n';
  page += "request    POST " + contract.path + " with " + joined(contract.request_members, ", ") +
          "; at most " + std::to_string(contract.output_tokens_at_most) + " output tokens\n";
  page += "reply      " + contract.object_path + " is " + contract.object_value + "\n\n";
  std::vector<Row> rules;
  for (const auto& rule : contract.rules) {
    rules.push_back({rule.path, types_text(rule), rule.required ? "yes" : "no", demand_text(rule)});
  }
  page += table({"REPLY AREA", "TYPES", "REQUIRED", "ALSO"}, rules) + '\n';
  std::vector<Row> tolerations;
  for (const auto& item : contract.tolerations) tolerations.push_back({item.what, item.reason});
  page += table({"LET PASS", "BECAUSE"}, tolerations) + '\n';
  std::vector<Row> sources;
  for (const auto& item : contract.sources) {
    sources.push_back({item.url, item.accessed, item.purpose});
  }
  return page + table({"SOURCE", "ACCESSED", "PURPOSE"}, sources);
}

std::string contract_json(const core::Contract& contract) {
  JsonWriter json;
  json.begin_object().key("family").string(core::word(contract.family));
  json.key("version").string(contract.version).key("accessed").string(contract.accessed);
  json.key("docs_home").string(contract.docs_home).key("support").string(contract.support);
  json.key("path").string(contract.path);
  json.key("request_members").strings(contract.request_members);
  json.key("output_tokens_at_most").integer(contract.output_tokens_at_most);
  json.key("object_path").string(contract.object_path);
  json.key("object_value").string(contract.object_value);
  json.key("served_model_path").string(contract.served_model_path);
  json.key("input_tokens_path").string(contract.input_tokens_path);
  json.key("output_tokens_path").string(contract.output_tokens_path);
  write_lists(json, contract);
  json.end_object();
  return json.take();
}

std::string reading_json(std::string_view file, const core::Reading& reading) {
  JsonWriter json;
  json.begin_object().key("file").string(file);
  json.key("verdict").string(core::word(reading.verdict)).key("findings").begin_array();
  for (const auto& finding : reading.findings) {
    json.begin_object().key("code").string(core::word(finding.code));
    json.key("path").string(finding.path).end_object();
  }
  json.end_array().key("additive").integer(reading.additive).end_object();
  return json.take();
}

}  // namespace smokeledger::daemon::commands
