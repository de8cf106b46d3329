#include "daemon/commands/contract_json.h"

#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using core::JsonWriter;

// A list of objects, each written by write(json, item).
template <class Range, class Write>
void write_objects(JsonWriter& json, std::string_view key, const Range& items, Write write) {
  json.key(key).begin_array();
  for (const auto& item : items) {
    json.begin_object();
    write(json, item);
    json.end_object();
  }
  json.end_array();
}

void write_types(JsonWriter& json, std::string_view key, const std::vector<core::JsonType>& types) {
  json.key(key).begin_array();
  for (const auto type : types) json.string(core::word(type));
  json.end_array();
}

void write_rule(JsonWriter& json, const core::ReplyRule& rule) {
  json.key("path").string(rule.path);
  write_types(json, "types", rule.types);
  json.key("required").boolean(rule.required);
  json.key("values").strings(rule.values).key("open").boolean(rule.open);
  json.key("min_items").integer(rule.min_items);
  write_types(json, "item_types", rule.item_types);
  json.key("not_empty").boolean(rule.not_empty).key("any_of").strings(rule.any_of);
  json.key("when_member").string(rule.when_member).key("when_value").string(rule.when_value);
}

void write_request(JsonWriter& json, const core::RequestTemplate& request) {
  json.key("path").string(request.path).key("body").string(request.body);
  json.key("request_members").strings(request.members);
}

void write_facts(JsonWriter& json, const core::FactPaths& facts) {
  json.key("served_model_path").string(facts.served_model);
  json.key("input_tokens_path").string(facts.input_tokens);
  json.key("output_tokens_path").string(facts.output_tokens);
}

void write_stream(JsonWriter& json, const core::StreamContract& stream) {
  json.key("stream").begin_object();
  write_request(json, stream.request);
  json.key("type_path").string(stream.type_path);
  json.key("event_names_required").boolean(stream.event_names_required);
  json.key("documented_events").strings(stream.documented_events);
  json.key("documented_members").strings(stream.documented_members);
  write_facts(json, stream.facts);
  json.end_object();
  json.key("stream_rules").begin_array();
  for (const auto& [event, rules] : stream.events) {
    for (const auto& rule : rules) {
      json.begin_object().key("event").string(event);
      write_rule(json, rule);
      json.end_object();
    }
  }
  json.end_array();
}

void write_reply(JsonWriter& json, const core::Contract& contract) {
  json.key("object_path").string(contract.object_path);
  json.key("object_value").string(contract.object_value);
  json.key("documented_members").strings(contract.documented_members);
  json.key("ending_path").string(contract.ending_path);
  json.key("failed_endings").strings(contract.failed_endings);
  write_facts(json, contract.facts);
  write_objects(json, "rules", contract.rules, write_rule);
  write_objects(json, "error_rules", contract.error_rules, write_rule);
}

void write_lists(JsonWriter& json, const core::Contract& contract) {
  write_objects(json, "request_ids", contract.request_ids, [](JsonWriter& out, const auto& place) {
    out.key("path").string(place.path).key("after").string(place.after);
    out.key("before").string(place.before);
  });
  write_objects(json, "tolerations", contract.tolerations, [](JsonWriter& out, const auto& item) {
    out.key("what").string(item.what).key("reason").string(item.reason);
    out.key("source").string(item.source);
  });
  write_objects(
      json, "status_overrides", contract.status_overrides, [](JsonWriter& out, const auto& item) {
        out.key("http_status").integer(item.http_status);
        out.key("error_code").string(item.error_code).key("reason").string(item.reason);
      });
  write_objects(json, "sources", contract.sources, [](JsonWriter& out, const auto& source) {
    out.key("url").string(source.url).key("purpose").string(source.purpose);
    out.key("accessed").string(source.accessed);
  });
}

}  // namespace

std::string contract_json(const core::Contract& contract) {
  JsonWriter json;
  json.begin_object().key("family").string(core::word(contract.family));
  json.key("version").string(contract.version).key("accessed").string(contract.accessed);
  json.key("docs_home").string(contract.docs_home).key("support").string(contract.support);
  json.key("auth").strings(contract.auth);
  write_request(json, contract.request);
  json.key("request_headers").begin_object();
  for (const auto& [name, value] : contract.request_headers) json.key(name).string(value);
  json.end_object().key("output_tokens_at_most").integer(contract.output_tokens_at_most);
  write_reply(json, contract);
  if (contract.stream) write_stream(json, *contract.stream);
  write_lists(json, contract);
  json.end_object();
  return json.take();
}

}  // namespace smokeledger::daemon::commands
