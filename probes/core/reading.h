// What is read from one reply body, and the pure check of a reply that is not streamed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/contract.h"
#include "probes/core/time.h"

namespace smokeledger::probes::core {

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
  error_object,
  invalid_utf8,
  too_large,
  no_alternative,           // none of the members of which one is needed
  not_an_event_stream,      // something else where a stream was asked for
  event_name_mismatch,      // `event:` says one type, the data another, or none
  out_of_order,             // an event that may not come here
  not_ended,                // a choice, block or item that was begun and never ended
  truncated_stream,         // no terminal event
  data_after_end,           // events behind the terminal one
  gateway_evidence_missing  // the reply does not tell what the probe requires of a gateway
};
template <>
struct Words<FindingCode> {
  static constexpr std::array<std::string_view, 24> list{"empty_body",
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
                                                         "error_object",
                                                         "invalid_utf8",
                                                         "too_large",
                                                         "no_alternative",
                                                         "not_an_event_stream",
                                                         "event_name_mismatch",
                                                         "out_of_order",
                                                         "not_ended",
                                                         "truncated_stream",
                                                         "data_after_end",
                                                         "gateway_evidence_missing"};
};

// What was wrong, and where: a path of the contract, in a stream behind its event (`event[3]`,
// `event[3].choices[0].delta`); never text of the reply.
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

// What kind of object came back; a closed list, so that no provider text reaches a line. A stream
// is named like the object that it builds.
enum class ObjectFamily {
  chat_completion,
  response,
  message,
  generate_content,
  embedding_list,
  error,
  html,
  other,
  none
};
template <>
struct Words<ObjectFamily> {
  static constexpr std::array<std::string_view, 9> list{"chat.completion",
                                                        "response",
                                                        "message",
                                                        "generate_content",
                                                        "list",
                                                        "error",
                                                        "html",
                                                        "other",
                                                        "none"};
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
  std::uint32_t additive = 0;  // members, values and events beyond the documented ones
  std::string served_model;
  std::optional<Tokens> tokens;
  bool failed_ending = false;    // a documented shape that says of itself that it failed
  std::string error_code;        // of an error object; a number is read as its digits
  std::string error_type;        // likewise
  std::string error_request_id;  // named inside the error body
  // google.rpc.RetryInfo of an error object: what it asks for, and that there is one at all.
  std::optional<Milliseconds> retry_delay = {};
  bool names_retry_delay = false;
};

// No body is read beyond these: what a hostile one can cost is bounded. A probe's replies are
// capped lower, by reply_byte_cap; saved replies may be larger.
inline constexpr std::size_t most_body_bytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t reply_byte_cap = std::size_t{1024} * 1024;
inline constexpr std::size_t most_findings = 64;

// The bytes of a reply. Where its string has room behind them, they are parsed where they are;
// else a copy is.
struct BodyView {
  BodyView(const char* bytes) : text(bytes) {}
  BodyView(std::string_view bytes) : text(bytes) {}
  BodyView(const std::string& bytes)
      : text(bytes), has_room(bytes.capacity() - bytes.size() >= room) {}

  static constexpr std::size_t room = 64;
  std::string_view text;
  bool has_room = false;
};

// Pure and total: any bytes give a Reading. `content_type` is the header's value, empty if absent.
// A 2xx body is checked against the rules; any other status is read for its error object only.
// Beside the body itself, memory stays within twice `byte_cap`.
Reading check(const Contract&,
              int http_status,
              std::string_view content_type,
              BodyView body,
              std::size_t byte_cap = most_body_bytes);

}  // namespace smokeledger::probes::core
