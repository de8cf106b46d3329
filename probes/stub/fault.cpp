#include "probes/stub/fault.h"

#include <array>

namespace smokeledger::probes::stub {
namespace {

std::string_view phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 413:
      return "Content Too Large";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Scripted";
  }
}

std::string text(const Scene& scene, const HttpReply& reply) {
  return http_text(reply, scene.asked.number);
}

Act error(const Scene& scene, int status, std::string_view type, std::string_view code) {
  return {.bytes = text(
              scene, {.status = status, .body = error_body("Scripted by the stub.", type, code)})};
}

Act success(const Scene& scene, Shape shape) {
  if (scene.asked.model.empty()) {
    return error(scene, 400, "invalid_request_error", "missing_model");
  }
  return {.bytes = text(scene, {.body = success_body(scene.asked, shape)})};
}

Act ok(const Scene& s) {
  return success(s, Shape::plain);
}
Act refusal(const Scene& s) {
  return success(s, Shape::refusal);
}
Act cut_at_length(const Scene& s) {
  return success(s, Shape::cut_at_length);
}
Act unknown_members(const Scene& s) {
  return success(s, Shape::unknown_members);
}
Act missing_choices(const Scene& s) {
  return success(s, Shape::no_answer);
}

Act throttled(const Scene& s) {
  return error(s, 429, "rate_limit_error", "rate_limit_exceeded");
}
Act throttled_retry_after(const Scene& s) {
  return {.bytes = text(s,
                        {.status = 429,
                         .body = error_body(
                             "Scripted by the stub.", "rate_limit_error", "rate_limit_exceeded"),
                         .headers = {"Retry-After: 1"}})};
}
Act overloaded_503(const Scene& s) {
  return error(s, 503, "server_error", "overloaded");
}
Act overloaded_529(const Scene& s) {
  return error(s, 529, "overloaded_error", "");
}
Act server_error(const Scene& s) {
  return error(s, 500, "server_error", "server_error");
}
Act invalid_key(const Scene& s) {
  return error(s, 401, "invalid_request_error", "invalid_api_key");
}
Act forbidden(const Scene& s) {
  return error(s, 403, "permission_error", "");
}
Act exhausted_quota(const Scene& s) {
  return error(s, 429, "insufficient_quota", "insufficient_quota");
}
Act invalid_request(const Scene& s) {
  return error(s, 400, "invalid_request_error", "invalid_value");
}
Act invalid_request_behind_500(const Scene& s) {
  return error(s, 500, "comet_api_error", "invalid_request");
}
Act error_in_200(const Scene& s) {
  return error(s, 200, "server_error", "server_error");
}

Act redirect(const Scene& s) {
  return {.bytes = text(s,
                        {.status = 301,
                         .content_type = "text/html",
                         .body = "<html><body>Moved</body></html>",
                         .headers = {"Location: " + std::string(s.redirect_to)}})};
}
Act html_200(const Scene& s) {
  return {.bytes = text(s,
                        {.content_type = "text/html; charset=utf-8",
                         .body = "<!doctype html><html><body>Welcome</body></html>"})};
}
Act malformed_json(const Scene& s) {
  const std::string whole = success_body(s.asked, Shape::plain);
  return {.bytes = text(s, {.body = whole.substr(0, whole.size() / 2)})};
}
Act empty_200(const Scene& s) {
  return {.bytes = text(s, {})};
}
// Named, not applied: a client that never asked must not get as far as decoding.
Act unasked_encoding(const Scene& s) {
  return {
      .bytes = text(
          s, {.body = success_body(s.asked, Shape::plain), .headers = {"Content-Encoding: gzip"}})};
}

Act hang_before_headers(const Scene&) {
  return {.bytes = {}, .ending = Ending::hold};
}
Act hang_after_headers(const Scene& s) {
  const std::string whole = ok(s).bytes;
  return {.bytes = whole.substr(0, whole.find("\r\n\r\n") + 4), .ending = Ending::hold};
}
Act slow_headers(const Scene& s) {
  return {.bytes = ok(s).bytes, .ending = Ending::trickle};
}
Act header_flood(const Scene&) {
  std::string lines;
  while (lines.size() < 16 * 1024)
    lines += "X-Stub-Filler: 0123456789012345678901234567890123456789\r\n";
  return {.bytes = "HTTP/1.1 200 OK\r\n", .ending = Ending::endless, .again = std::move(lines)};
}
Act endless_body(const Scene&) {
  return {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"id\":\"",
          .ending = Ending::endless,
          .again = std::string(64 * 1024, 'a')};
}
Act truncated_body(const Scene& s) {
  const std::string whole = ok(s).bytes;
  return {.bytes = whole.substr(0, whole.size() - 20), .ending = Ending::close};
}
Act not_http(const Scene&) {
  return {.bytes = "220 stub ready\r\n", .ending = Ending::close};
}
Act reset(const Scene&) {
  return {.bytes = {}, .ending = Ending::reset};
}
Act close_before_reply(const Scene&) {
  return {.bytes = {}, .ending = Ending::close};
}

struct Row {
  FaultKind kind;
  Act (*play)(const Scene&);
};

constexpr auto table = std::to_array<Row>({
    {FaultKind::ok, ok},
    {FaultKind::refusal, refusal},
    {FaultKind::cut_at_length, cut_at_length},
    {FaultKind::unknown_members, unknown_members},
    {FaultKind::throttled, throttled},
    {FaultKind::throttled_retry_after, throttled_retry_after},
    {FaultKind::overloaded_503, overloaded_503},
    {FaultKind::overloaded_529, overloaded_529},
    {FaultKind::server_error, server_error},
    {FaultKind::hang_before_headers, hang_before_headers},
    {FaultKind::hang_after_headers, hang_after_headers},
    {FaultKind::slow_headers, slow_headers},
    {FaultKind::header_flood, header_flood},
    {FaultKind::endless_body, endless_body},
    {FaultKind::truncated_body, truncated_body},
    {FaultKind::unasked_encoding, unasked_encoding},
    {FaultKind::not_http, not_http},
    {FaultKind::html_200, html_200},
    {FaultKind::malformed_json, malformed_json},
    {FaultKind::empty_200, empty_200},
    {FaultKind::missing_choices, missing_choices},
    {FaultKind::error_in_200, error_in_200},
    {FaultKind::invalid_key, invalid_key},
    {FaultKind::forbidden, forbidden},
    {FaultKind::exhausted_quota, exhausted_quota},
    {FaultKind::invalid_request, invalid_request},
    {FaultKind::invalid_request_behind_500, invalid_request_behind_500},
    {FaultKind::redirect, redirect},
    {FaultKind::reset, reset},
    {FaultKind::close_before_reply, close_before_reply},
});

constexpr bool rows_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].kind) != i) return false;
  }
  return table.size() == core::every<FaultKind>().size();
}
static_assert(rows_in_order());

}  // namespace

std::string http_text(const HttpReply& reply, std::uint64_t number) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  out += phrase(reply.status);
  out += "\r\nContent-Type: " + reply.content_type;
  out += "\r\nContent-Length: " + std::to_string(reply.body.size());
  out += "\r\nX-Request-Id: stub-" + std::to_string(number);
  for (const std::string& line : reply.headers) out += "\r\n" + line;
  out += "\r\n\r\n";
  out += reply.body;
  return out;
}

Act act(FaultKind kind, const Scene& scene) {
  return table[static_cast<std::size_t>(kind)].play(scene);
}

}  // namespace smokeledger::probes::stub
