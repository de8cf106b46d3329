#include "daemon/commands/contract_page.h"

#include "daemon/commands/table.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

std::string joined(const std::vector<std::string>& list, std::string_view separator) {
  std::string text;
  for (const auto& item : list) text.append(text.empty() ? "" : separator).append(item);
  return text;
}

std::string types_text(const std::vector<core::JsonType>& types) {
  std::string text;
  for (const auto type : types) text.append(text.empty() ? "" : "|").append(core::word(type));
  return text;
}

// What a rule asks beside its types.
std::string demand_text(const core::ReplyRule& rule) {
  std::vector<std::string> parts;
  if (!rule.values.empty()) {
    parts.push_back((rule.open ? "documented: " : "one of ") + joined(rule.values, ", "));
  }
  if (rule.min_items > 0) parts.push_back("at least " + std::to_string(rule.min_items) + " items");
  if (!rule.item_types.empty()) parts.push_back("each of " + types_text(rule.item_types));
  if (rule.not_empty) parts.emplace_back("not empty");
  if (!rule.any_of.empty()) parts.push_back("has any of " + joined(rule.any_of, ", "));
  if (!rule.when_member.empty()) {
    parts.push_back("where " + rule.when_member + " is " + rule.when_value);
  }
  return joined(parts, "; ");
}

Row rule_row(const core::ReplyRule& rule) {
  return {rule.path, types_text(rule.types), rule.required ? "yes" : "no", demand_text(rule)};
}

// A blank line and the table; nothing where there is nothing to show.
std::string section(const Row& header, const std::vector<Row>& rows) {
  return rows.empty() ? "" : '\n' + table(header, rows);
}

// `label      text`; nothing where there is no text.
std::string line(const std::string& label, const std::string& text) {
  constexpr std::size_t label_width = 17;
  return text.empty() ? "" : table_row({label, text}, {label_width});
}

std::string request_lines(const core::RequestTemplate& request) {
  return line("request", "POST " + request.path) +
         line("request members", joined(request.members, ", ")) + line("body", request.body);
}

std::string fact_lines(const core::FactPaths& facts) {
  return line("served model at", facts.served_model) + line("input tokens at", facts.input_tokens) +
         line("output tokens at", facts.output_tokens);
}

std::string headers_text(const core::Contract& contract) {
  std::vector<std::string> headers;
  for (const auto& [name, value] : contract.request_headers) {
    headers.push_back(std::string(name).append(": ").append(value));
  }
  return joined(headers, ", ");
}

std::string request_part(const core::Contract& contract) {
  std::string page = line("contract", contract.version);
  page += line("accessed", contract.accessed);
  page += line("docs home", contract.docs_home);
  page += line("support", contract.support);
  page += line("auth", joined(contract.auth, ", "));
  page += line("request headers", headers_text(contract));
  page += request_lines(contract.request);
  return page + line("output tokens", "at most " + std::to_string(contract.output_tokens_at_most));
}

std::string reply_part(const core::Contract& contract) {
  const std::string named = contract.object_path.empty()
                                ? "says nowhere what it is; lines name it " + contract.object_value
                                : contract.object_path + " is " + contract.object_value;
  std::string page = "\nA REPLY\n" + line("object", named);
  if (!contract.ending_path.empty()) {
    page += line("failed ending",
                 contract.ending_path + " is " + joined(contract.failed_endings, " or "));
  }
  page += line("also documented", joined(contract.documented_members, ", "));
  page += fact_lines(contract.facts);
  std::vector<Row> rows;
  for (const auto& rule : contract.rules) rows.push_back(rule_row(rule));
  page += section({"REPLY AREA", "TYPES", "REQUIRED", "ALSO"}, rows);
  rows.clear();
  for (const auto& rule : contract.error_rules) rows.push_back(rule_row(rule));
  return page + section({"ERROR AREA", "TYPES", "REQUIRED", "ALSO"}, rows);
}

std::string stream_part(const core::StreamContract& stream) {
  std::string type = "has none";
  if (!stream.type_path.empty()) {
    type = "at " + stream.type_path + ", " +
           (stream.event_names_required ? "and in an event: line" : "an event: line may repeat it");
  }
  std::string page = "\nA STREAM\n" + request_lines(stream.request);
  page += line("type of an event", type);
  page += line("further events", joined(stream.documented_events, ", "));
  page += line("further members", joined(stream.documented_members, ", "));
  page += fact_lines(stream.facts);
  std::vector<Row> rows;
  for (const auto& [event, rules] : stream.events) {
    for (const auto& rule : rules) {
      Row row = rule_row(rule);
      row.insert(row.begin(), event.empty() ? "every event" : event);
      rows.push_back(std::move(row));
    }
  }
  return page + section({"EVENT", "EVENT AREA", "TYPES", "REQUIRED", "ALSO"}, rows);
}

std::string exceptions_part(const core::Contract& contract) {
  std::vector<Row> rows;
  for (const auto& id : contract.request_ids) rows.push_back({id.path, id.after, id.before});
  std::string page = section({"REQUEST ID OF AN ERROR AT", "AFTER", "BEFORE"}, rows);
  rows.clear();
  for (const auto& item : contract.status_overrides) {
    rows.push_back({std::to_string(item.http_status), item.error_code, item.reason});
  }
  return page + section({"HTTP STATUS", "ERROR CODE", "REASON INSTEAD"}, rows);
}

std::string grounds_part(const core::Contract& contract) {
  std::vector<Row> rows;
  for (const auto& item : contract.tolerations) {
    rows.push_back({item.what, item.reason, item.source});
  }
  std::string page = section({"LET PASS", "BECAUSE", "BY"}, rows);
  rows.clear();
  for (const auto& item : contract.sources) {
    rows.push_back({item.url, item.accessed, item.purpose});
  }
  return page + section({"SOURCE", "ACCESSED", "PURPOSE"}, rows);
}

}  // namespace

std::string contract_page(const core::Contract& contract) {
  std::string page = request_part(contract) + reply_part(contract);
  if (contract.stream) page += stream_part(*contract.stream);
  return page + exceptions_part(contract) + grounds_part(contract);
}

}  // namespace smokeledger::daemon::commands
