#include "probes/stub/fault.h"

#include <array>
#include <optional>

#include "probes/stub/errors.h"
#include "probes/stub/stream_faults.h"
#include "probes/stub/wait_faults.h"

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

// What a successful reply would have said of itself.
std::string content_type(const Scene& scene) {
  return streams(scene.asked) ? "text/event-stream" : "application/json";
}

HttpReply error_reply(const Scene& scene, const ProviderError& what) {
  return {
      .status = what.http_status,
      .body = error_body(scene.asked.family, what, "Scripted by the stub.", scene.asked.number)};
}

Act error(const Scene& scene, const ProviderError& what) {
  return {.bytes = text(scene, error_reply(scene, what))};
}

Act success(const Scene& scene, Shape shape) {
  if (scene.asked.model.empty()) return error(scene, provider_error::missing_model);
  if (streams(scene.asked)) return whole_stream(scene, shape);
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
Act other_finish_reason(const Scene& s) {
  return success(s, Shape::other_finish);
}
Act unknown_members(const Scene& s) {
  return success(s, Shape::unknown_members);
}
Act missing_choices(const Scene& s) {
  return success(s, Shape::no_answer);
}

Act null_content(const Scene& s) {
  return success(s, Shape::null_content);
}
Act missing_optional(const Scene& s) {
  return success(s, Shape::without_optional);
}

template <const ProviderError& what>
Act fails(const Scene& s) {
  return error(s, what);
}
// A gateway's own error, in its one envelope whatever family was asked.
Act invalid_request_behind_500(const Scene& s) {
  Scene as_gateway = s;
  as_gateway.asked.family = core::EndpointFamily::chat_completions;
  return error(as_gateway, provider_error::invalid_request_behind_500);
}
// The error object itself, also where a stream was asked for.
Act error_in_200(const Scene& s) {
  HttpReply reply = error_reply(s, provider_error::server_error);
  reply.status = 200;
  return {.bytes = text(s, reply)};
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
  if (streams(s.asked)) return stream_with_cut_json(s);
  const std::string whole = success_body(s.asked, Shape::plain);
  return {.bytes = text(s, {.body = whole.substr(0, whole.size() / 2)})};
}
Act empty_200(const Scene& s) {
  return {.bytes = text(s, {.content_type = content_type(s)})};
}
// Named, not applied: a client that never asked must not get as far as decoding.
Act unasked_encoding(const Scene& s) {
  const std::string named = "Content-Encoding: gzip";
  if (streams(s.asked)) return whole_stream(s, Shape::plain, {named});
  return {.bytes = text(s, {.body = success_body(s.asked, Shape::plain), .headers = {named}})};
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
Act endless_body(const Scene& s) {
  return {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: " + content_type(s) + "\r\n\r\n" +
                   (streams(s.asked) ? "data: " : "") + R"({"id":")",
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
  std::optional<FaultKind> not_streamed{};  // a fault of streams: played instead without one
};

constexpr auto table = std::to_array<Row>({
    {FaultKind::ok, ok},
    {FaultKind::refusal, refusal},
    {FaultKind::cut_at_length, cut_at_length},
    {FaultKind::other_finish_reason, other_finish_reason},
    {FaultKind::unknown_members, unknown_members},
    {FaultKind::throttled, fails<provider_error::throttled>},
    {FaultKind::throttled_retry_after, throttled_retry_after},
    {FaultKind::throttled_retry_after_1h, throttled_retry_after_1h},
    {FaultKind::throttled_retry_after_date, throttled_retry_after_date},
    {FaultKind::throttled_retry_after_ms, throttled_retry_after_ms},
    {FaultKind::throttled_x_ms_retry_after_ms, throttled_x_ms_retry_after_ms},
    {FaultKind::throttled_retry_info, throttled_retry_info},
    {FaultKind::throttled_no_retry, throttled_no_retry},
    {FaultKind::overloaded_503, fails<provider_error::overloaded_503>},
    {FaultKind::overloaded_503_retry_after_ms, overloaded_503_retry_after_ms},
    {FaultKind::overloaded_529, fails<provider_error::overloaded_529>},
    {FaultKind::server_error, fails<provider_error::server_error>},
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
    {FaultKind::invalid_key, fails<provider_error::invalid_key>},
    {FaultKind::forbidden, fails<provider_error::forbidden>},
    {FaultKind::exhausted_quota, fails<provider_error::exhausted_quota>},
    {FaultKind::invalid_request, fails<provider_error::invalid_request>},
    {FaultKind::invalid_request_behind_500, invalid_request_behind_500},
    {FaultKind::redirect, redirect},
    {FaultKind::reset, reset},
    {FaultKind::close_before_reply, close_before_reply},
    {FaultKind::null_content, null_content},
    {FaultKind::missing_optional, missing_optional},
    {FaultKind::stream_truncated, stream_truncated, FaultKind::malformed_json},
    {FaultKind::stream_cut_mid_event, stream_cut_mid_event, FaultKind::truncated_body},
    {FaultKind::stream_reset, stream_reset, FaultKind::reset},
    {FaultKind::stream_error, stream_error, FaultKind::error_in_200},
    {FaultKind::stream_stalls, stream_stalls, FaultKind::hang_after_headers},
    {FaultKind::stream_held_open, stream_held_open, FaultKind::ok},
    {FaultKind::stream_data_after_end, stream_data_after_end, FaultKind::ok},
    {FaultKind::stream_comments, stream_comments, FaultKind::ok},
    {FaultKind::stream_unknown_events, stream_unknown_events, FaultKind::unknown_members},
    {FaultKind::stream_two_starts, stream_two_starts, FaultKind::ok},
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
  if (reply.chunked) {
    out += "\r\nTransfer-Encoding: chunked";
  } else {
    out += "\r\nContent-Length: " + std::to_string(reply.body.size());
  }
  out += "\r\nX-Request-Id: stub-" + std::to_string(number);
  for (const std::string& line : reply.headers) out += "\r\n" + line;
  out += "\r\n\r\n";
  out += reply.body;
  return out;
}

Act act(FaultKind kind, const Scene& scene) {
  const Row& row = table[static_cast<std::size_t>(kind)];
  if (!row.not_streamed) return row.play(scene);
  if (!streams(scene.asked)) return act(*row.not_streamed, scene);
  if (scene.asked.model.empty()) return error(scene, provider_error::missing_model);
  return row.play(scene);
}

std::optional<FaultKind> when_not_streamed(FaultKind kind) {
  return table[static_cast<std::size_t>(kind)].not_streamed;
}

}  // namespace smokeledger::probes::stub
