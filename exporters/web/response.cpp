#include "exporters/web/response.h"

#include <algorithm>
#include <array>
#include <utility>

namespace smokeledger::exporters::web {
namespace {

// RFC 9110 section 15, https://www.rfc-editor.org/rfc/rfc9110#section-15
constexpr std::array<std::pair<int, std::string_view>, 19> phrases{{
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
}};

// The pages have no script and no frames, and nothing of them may be kept or embedded. Their one
// form asks this server again, by GET; a form can reach nothing here that changes anything.
constexpr std::string_view security_headers =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cache-Control: no-store\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

// The reason phrase is optional; no client of ours reads it.
std::string_view phrase(int status) {
  const auto* found = std::find_if(
      phrases.begin(), phrases.end(), [status](const auto& row) { return row.first == status; });
  return found == phrases.end() ? std::string_view() : found->second;
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string response_head(const WebResponse& response, const HeadOptions& options) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head.append(phrase(response.status)).append("\r\n");
  add(head, "Content-Type", response.content_type);
  add(head, "Content-Length", std::to_string(response.body.size()));
  add(head, "Connection", options.keep_alive ? "keep-alive" : "close");
  if (!options.allow.empty()) add(head, "Allow", options.allow);
  head.append(security_headers).append("\r\n");
  return head;
}

WebResponse plain(int status, std::string_view sentence) {
  WebResponse response;
  response.status = status;
  response.body.append(sentence).append("\n");
  return response;
}

}  // namespace smokeledger::exporters::web
