// Reading HTTP/1.1 requests out of a connection's bytes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "probes/core/contract.h"

namespace smokeledger::probes::stub {

inline constexpr std::size_t max_request_head_bytes = 64 * 1024;
inline constexpr std::size_t max_request_body_bytes = 1024 * 1024;

struct Request {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names, trimmed values
  std::string body;
  bool keep_alive = true;

  std::string_view header(std::string_view lower_case_name) const;  // empty if absent
};

struct Incomplete {};
// Not a request this server reads; the connection is of no further use.
struct Unreadable {
  int http_status = 400;
};
using ReadResult = std::variant<Incomplete, Request, Unreadable>;

// Takes one complete request off the front of `bytes`, body included (Content-Length or chunked).
// Leaves `bytes` alone unless it returns a Request.
ReadResult read_request(std::string& bytes);

// Where a request goes: `/s/<script>/<path>` names a script, any other path leaves it open.
struct Destination {
  std::optional<std::string> script;
  std::string path;  // without the query
  std::optional<core::EndpointFamily> family;
  bool stream = false;  // the path asks for one: streamGenerateContent with alt=sse
  std::string model;    // named by the path, percent-decoded; only generate_content does
};
Destination destination_of(std::string_view target);

// What the members of a request's JSON object say; nothing where the body is no such object.
struct Wishes {
  std::string model;
  bool stream = false;
  bool include_usage = false;  // stream_options.include_usage
};
Wishes wishes_of(std::string_view body);

// In lower case; nothing where the text is not the name of a header.
std::optional<std::string> header_name(std::string_view);

// A request id without a trailing `.<number>`, which counts the attempts of one logical request.
std::string logical_request(std::string_view request_id);

// x-stainless-retry-count: 0 at a logical request's first attempt, as the official SDKs send it.
std::optional<std::uint32_t> retry_count(const Request&);

}  // namespace smokeledger::probes::stub
