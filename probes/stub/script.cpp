#include "probes/stub/script.h"

#include <algorithm>
#include <string>

namespace smokeledger::probes::stub {
namespace {

using enum FaultKind;

// A script of one step bears that step's name.
constexpr Script always(FaultKind kind, std::string_view description) {
  return {core::word(kind), description, kind};
}

constexpr Script recovers(std::string_view name, std::size_t times) {
  return {
      name, "Throttled as often as its name says, then a documented reply.", ok, throttled, times};
}

// So that a client which heeds the wait comes to its end soon.
constexpr Script recovers_soon(std::string_view name, std::size_t times) {
  return {name,
          "Throttled with retry-after-ms 50 as often as its name says, then a documented reply.",
          ok,
          throttled_retry_after_ms,
          times};
}

constexpr auto table = std::to_array<Script>({
    always(ok, "A minimal documented reply."),
    always(refusal, "A documented reply whose content is a refusal."),
    always(cut_at_length, "A documented reply that ended at the output limit."),
    always(other_finish_reason, "A documented reply that ended for a rarer documented reason."),
    always(unknown_members, "A documented reply with members no document names."),
    always(null_content, "A documented reply that ended at the limit before its first word."),
    always(missing_optional, "A documented reply without the members that may be left out."),
    recovers("recover-after-1", 1),
    recovers("recover-after-2", 2),
    recovers("recover-after-3", 3),
    recovers("recover-after-4", 4),
    recovers("recover-after-5", 5),
    recovers("recover-after-6", 6),
    recovers("recover-after-7", 7),
    recovers("recover-after-8", 8),
    recovers("recover-after-9", 9),
    recovers("recover-after-10", 10),
    recovers_soon("recover-after-1-ms", 1),
    recovers_soon("recover-after-2-ms", 2),
    recovers_soon("recover-after-3-ms", 3),
    recovers_soon("recover-after-4-ms", 4),
    recovers_soon("recover-after-5-ms", 5),
    recovers_soon("recover-after-6-ms", 6),
    recovers_soon("recover-after-7-ms", 7),
    recovers_soon("recover-after-8-ms", 8),
    recovers_soon("recover-after-9-ms", 9),
    recovers_soon("recover-after-10-ms", 10),
    {"retry-after-1s-then-ok",
     "Throttled once with Retry-After 1, then a documented reply.",
     ok,
     throttled_retry_after,
     1},
    always(throttled, "429 without Retry-After."),
    always(throttled_retry_after, "429 with Retry-After 1."),
    always(throttled_retry_after_1h, "429 with Retry-After 3600."),
    always(throttled_retry_after_date, "429 with a Retry-After one second after its Date."),
    always(throttled_retry_after_ms, "429 with retry-after-ms 50."),
    always(throttled_x_ms_retry_after_ms, "429 with x-ms-retry-after-ms 50."),
    always(throttled_retry_info, "429 whose error details hold a google.rpc.RetryInfo of 0.05s."),
    always(throttled_no_retry, "429 with x-should-retry: false."),
    always(overloaded_503, "503 with an error object."),
    always(overloaded_503_retry_after_ms, "503 with retry-after-ms 50."),
    always(overloaded_529, "529 with an error object."),
    always(server_error, "500 with an error object."),
    always(invalid_key, "401 with an error object."),
    always(forbidden, "403 with an error object."),
    always(exhausted_quota, "429 whose error code is insufficient_quota."),
    always(invalid_request, "400 with an error object."),
    always(invalid_request_behind_500, "500 whose error code is invalid_request."),
    always(redirect, "301 to another host."),
    always(error_in_200, "200 with an error object."),
    always(html_200, "200 with an HTML page."),
    always(malformed_json, "200 with JSON that ends in the middle."),
    always(empty_200, "200 with an empty body."),
    always(missing_choices, "200 without the member that holds the answer."),
    always(unasked_encoding, "200 with a Content-Encoding nobody asked for."),
    always(hang_before_headers, "Reads the request and says nothing."),
    always(hang_after_headers, "Sends the headers, then nothing."),
    always(slow_headers, "Sends its reply one byte at a time, ten a second."),
    always(header_flood, "Sends headers without end."),
    always(endless_body, "Sends a body without end."),
    always(truncated_body, "Closes in the middle of the body it announced."),
    always(not_http, "Answers something that is not HTTP."),
    always(reset, "Resets the connection once the request is read."),
    always(close_before_reply, "Closes the connection once the request is read."),
    always(stream_truncated,
           "A stream whose closing event never comes; not streamed: as malformed-json."),
    always(stream_cut_mid_event,
           "Closes inside an event of the stream; not streamed: as truncated-body."),
    always(stream_reset, "Resets the connection amid the stream; not streamed: as reset."),
    always(stream_error,
           "A stream that breaks off with an error event; not streamed: as error-in-200."),
    always(stream_stalls, "Half a stream, then nothing; not streamed: as hang-after-headers."),
    always(stream_held_open, "A whole stream whose connection stays open; not streamed: as ok."),
    always(stream_data_after_end, "A stream with text behind its end; not streamed: as ok."),
    always(stream_comments, "A stream with comments between its events; not streamed: as ok."),
    always(stream_unknown_events,
           "A stream with events and members no document names; not streamed: as unknown-members."),
    always(stream_two_starts, "A stream that begins twice; not streamed: as ok."),
});

constexpr bool every_fault_has_a_script() {
  for (FaultKind kind : core::every<FaultKind>()) {
    const auto plays = [kind](const Script& s) {
      return s.times == 0 && s.then == kind && s.name == core::word(kind);
    };
    if (std::none_of(table.begin(), table.end(), plays)) return false;
  }
  return true;
}
static_assert(every_fault_has_a_script());

}  // namespace

std::span<const Script> scripts() {
  return table;
}

const Script* find_script(std::string_view name) {
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  const auto found = std::find_if(
      table.begin(), table.end(), [&](const Script& script) { return script.name == dashed; });
  return found == table.end() ? nullptr : &*found;
}

FaultKind step_for(const Script& script, std::size_t arrival) {
  return arrival <= script.times ? script.first : script.then;
}

std::string steps_text(const Script& script) {
  std::string text;
  if (script.times > 1) text += std::to_string(script.times) + ' ';
  if (script.times > 0) text.append(core::word(script.first)).append(", ");
  return text.append(core::word(script.then));
}

}  // namespace smokeledger::probes::stub
