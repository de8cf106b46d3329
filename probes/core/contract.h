// A contract: the documented request and reply areas of an endpoint family, as data. Source of the
// data: etc/contracts/*.toml. How a reply is read by it: reading.h, and probes/families for
// streams.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/core/rules.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class EndpointFamily { chat_completions, responses, messages, generate_content, embeddings };
template <>
struct Words<EndpointFamily> {
  static constexpr std::array<std::string_view, 5> list{
      "chat_completions", "responses", "messages", "generate_content", "embeddings"};
};
// Accepts the family's word, and the same with dashes.
std::optional<EndpointFamily> family_from(std::string_view);

struct ContractSource {
  std::string url;
  std::string purpose;
  std::string accessed;  // YYYY-MM-DD

  bool operator==(const ContractSource&) const = default;
};

// A deliberate departure from the vendor's strict schema, with its reason, for people to read.
struct Toleration {
  std::string what;
  std::string reason;
  std::string source;

  bool operator==(const Toleration&) const = default;
};

// A documented exception: with this status and this error.code the reason is another one.
struct StatusOverride {
  int http_status = 0;
  std::string error_code;
  std::string reason;  // a word of Reason

  bool operator==(const StatusOverride&) const = default;
};

// Where an error body names the request, beside or instead of a header: a member path, and the text
// around the id where it stands inside a sentence.
struct RequestIdPlace {
  std::string path;
  std::string after;
  std::string before;

  bool operator==(const RequestIdPlace&) const = default;
};

// A minimal harmless request. `{model}` in path and body is replaced by the route's model.
struct RequestTemplate {
  std::string path;                  // appended to the provider's base URL; may have a query
  std::string body;                  // JSON
  std::vector<std::string> members;  // sanitized request shape: names, no values

  bool operator==(const RequestTemplate&) const = default;
};

// Where facts stand in a reply, or in the events of a stream, of which the last one counts.
struct FactPaths {
  std::string served_model;   // e.g. `model`
  std::string input_tokens;   // e.g. `usage.prompt_tokens`
  std::string output_tokens;  // e.g. `usage.completion_tokens`

  bool operator==(const FactPaths&) const = default;
};

// The rules for one type of event; an empty type: for every event of the stream.
struct EventRules {
  std::string event;
  Rules rules;

  bool operator==(const EventRules&) const = default;
};

// The documented stream of a family. The order of its events is code: probes/families.
struct StreamContract {
  RequestTemplate request;
  std::string type_path;             // where an event says its type; empty: events have none
  bool event_names_required = true;  // with type_path: each event has its type as `event:` too
  std::vector<EventRules> events;
  std::vector<std::string> documented_events;   // types beyond those of the rules
  std::vector<std::string> documented_members;  // of events, beyond those of the rules
  FactPaths facts;
};

struct Contract {
  EndpointFamily family{};
  std::string version;   // `chat_completions/2026-07-03+<12 hex of the file's SHA-256>`
  std::string accessed;  // YYYY-MM-DD
  std::string docs_home;
  std::string support;
  std::vector<std::string> auth;  // documented schemes, words of AuthScheme
  RequestTemplate request;
  std::vector<std::pair<std::string, std::string>> request_headers;  // documented as needed
  std::uint32_t output_tokens_at_most = 0;  // what a request may cost at worst, streamed or not
  std::optional<StreamContract> stream;     // none: the family has no streams
  std::vector<ContractSource> sources;
  Rules rules;        // of a reply that is not streamed
  Rules error_rules;  // of the error envelope
  std::vector<RequestIdPlace> request_ids;
  std::vector<Toleration> tolerations;
  std::vector<StatusOverride> status_overrides;
  std::string object_path;   // where the reply names its object family, e.g. `object`; or empty
  std::string object_value;  // and what it must say; with an empty path: how lines name the reply
  std::vector<std::string> documented_members;  // top-level, beyond those that the rules name
  std::string ending_path;  // where the reply says how it ended, e.g. `status`; or empty
  std::vector<std::string> failed_endings;  // endings that leave no usable reply, e.g. `failed`
  FactPaths facts;
};

}  // namespace smokeledger::probes::core
