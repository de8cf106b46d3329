// A contract: the documented request and reply areas of an endpoint family, as data, and the pure
// check of one reply against it. Source of the data: etc/contracts/*.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class EndpointFamily { chat_completions, responses };
template <>
struct Words<EndpointFamily> {
  static constexpr std::array<std::string_view, 2> list{"chat_completions", "responses"};
};
// Accepts the family's word, and the same with dashes.
std::optional<EndpointFamily> family_from(std::string_view);

enum class JsonType { null, boolean, integer, number, string, array, object };
template <>
struct Words<JsonType> {
  static constexpr std::array<std::string_view, 7> list{
      "null", "boolean", "integer", "number", "string", "array", "object"};
};

// One documented reply area that a parser depends on. `path` is written as a person would:
// `choices[0].message.content`; `choices[].index` means every element.
struct ReplyRule {
  std::string path = {};
  std::vector<JsonType> types = {};      // any of these; `number` includes integers
  bool required = true;                  // false: may be absent
  std::vector<std::string> values = {};  // not empty: a closed list
  std::size_t min_items = 0;             // arrays only
  bool not_empty = false;                // strings only
  // Only where the sibling member `when_member` holds the string `when_value`; empty: always.
  std::string when_member = {};
  std::string when_value = {};

  bool operator==(const ReplyRule&) const = default;
};

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

struct Contract {
  EndpointFamily family{};
  std::string version;   // `chat_completions/2026-07-03+<12 hex of the file's SHA-256>`
  std::string accessed;  // YYYY-MM-DD
  std::string docs_home;
  std::string support;
  std::string path;  // of the request, appended to the provider's base URL
  std::string body;  // JSON template of the minimal harmless request; `{model}` is replaced
  std::uint32_t output_tokens_at_most = 0;   // what that request may cost at worst
  std::vector<std::string> request_members;  // sanitized request shape: names, no values
  std::vector<ContractSource> sources;
  std::vector<ReplyRule> rules;
  std::vector<Toleration> tolerations;
  std::vector<StatusOverride> status_overrides;
  std::string object_path;   // where the reply names its object family, e.g. `object`
  std::string object_value;  // and what it must say
  std::vector<std::string> documented_members;  // top-level, beyond those that the rules name
  std::string ending_path;  // where the reply says how it ended, e.g. `status`; or empty
  std::vector<std::string> failed_endings;  // endings that leave no usable reply, e.g. `failed`
  std::string served_model_path;            // e.g. `model`
  std::string input_tokens_path;            // e.g. `usage.prompt_tokens`
  std::string output_tokens_path;           // e.g. `usage.completion_tokens`
};

enum class FindingCode {
  empty_body,
  not_json,
  html_body,
  wrong_content_type,
  trailing_data,
  duplicate_member,
  too_deep,
  unreadable_value,
  missing_member,
  wrong_type,
  undocumented_value,
  too_few_items,
  empty_string,
  error_object
};
template <>
struct Words<FindingCode> {
  static constexpr std::array<std::string_view, 14> list{"empty_body",
                                                         "not_json",
                                                         "html_body",
                                                         "wrong_content_type",
                                                         "trailing_data",
                                                         "duplicate_member",
                                                         "too_deep",
                                                         "unreadable_value",
                                                         "missing_member",
                                                         "wrong_type",
                                                         "undocumented_value",
                                                         "too_few_items",
                                                         "empty_string",
                                                         "error_object"};
};

// What was wrong, and where: a path of the contract, never text of the reply.
struct Finding {
  FindingCode code{};
  std::string path;

  bool operator==(const Finding&) const = default;
};

enum class Verdict { documented_shape, error_object, deviant };
template <>
struct Words<Verdict> {
  static constexpr std::array<std::string_view, 3> list{
      "documented_shape", "error_object", "deviant"};
};

enum class ParserResult { accepted, rejected, inconclusive, not_checked };
template <>
struct Words<ParserResult> {
  static constexpr std::array<std::string_view, 4> list{
      "accepted", "rejected", "inconclusive", "not_checked"};
};

// What kind of object came back; a closed list, so that no provider text reaches a line.
enum class ObjectFamily { chat_completion, response, error, html, other, none };
template <>
struct Words<ObjectFamily> {
  static constexpr std::array<std::string_view, 6> list{
      "chat.completion", "response", "error", "html", "other", "none"};
};

enum class ServedModelMatch { same, different, absent };
template <>
struct Words<ServedModelMatch> {
  static constexpr std::array<std::string_view, 3> list{"same", "different", "absent"};
};

struct Tokens {
  std::uint64_t input = 0;
  std::uint64_t output = 0;

  bool operator==(const Tokens&) const = default;
};

// Everything read from one reply body. Strings taken from the reply stay inside the process: they
// are compared or classified and never written.
struct Reading {
  Verdict verdict = Verdict::deviant;
  ParserResult parser_result = ParserResult::rejected;
  ObjectFamily object_family = ObjectFamily::none;
  std::vector<Finding> findings;
  std::uint32_t additive = 0;  // members beyond the documented ones, counted, not failed
  std::string served_model;
  std::optional<Tokens> tokens;
  bool failed_ending = false;  // a documented shape that says of itself that it failed
  std::string error_code;      // of an error object; a number is read as its digits
  std::string error_type;
};

// Pure and total: any bytes give a Reading. `content_type` is the header's value, empty if absent.
// A 2xx body is checked against the rules; any other status is read for its error object only.
Reading check(const Contract&,
              int http_status,
              std::string_view content_type,
              std::string_view body);

}  // namespace smokeledger::probes::core
