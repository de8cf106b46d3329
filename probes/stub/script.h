// The scripts of the stub: which fault is played at which arrival of one logical request. Data
// only.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "probes/core/words.h"

namespace smokeledger::probes::stub {

// What the stub does with one request. Each has one function in fault.cpp.
enum class FaultKind {
  ok,
  refusal,
  cut_at_length,
  other_finish_reason,
  unknown_members,
  throttled,
  throttled_retry_after,
  throttled_retry_after_1h,
  throttled_retry_after_date,
  throttled_retry_after_ms,
  throttled_x_ms_retry_after_ms,
  throttled_retry_info,
  throttled_no_retry,
  overloaded_503,
  overloaded_503_retry_after_ms,
  overloaded_529,
  server_error,
  hang_before_headers,
  hang_after_headers,
  slow_headers,
  header_flood,
  endless_body,
  truncated_body,
  unasked_encoding,
  not_http,
  html_200,
  malformed_json,
  empty_200,
  missing_choices,
  error_in_200,
  invalid_key,
  forbidden,
  exhausted_quota,
  invalid_request,
  invalid_request_behind_500,
  redirect,
  reset,
  close_before_reply,
  null_content,
  missing_optional,
  stream_truncated,
  stream_cut_mid_event,
  stream_reset,
  stream_error,
  stream_stalls,
  stream_held_open,
  stream_data_after_end,
  stream_comments,
  stream_unknown_events,
  stream_two_starts
};

}  // namespace smokeledger::probes::stub

namespace smokeledger::probes::core {

template <>
struct Words<stub::FaultKind> {
  static constexpr std::array<std::string_view, 50> list{"ok",
                                                         "refusal",
                                                         "cut-at-length",
                                                         "other-finish-reason",
                                                         "unknown-members",
                                                         "throttled",
                                                         "throttled-retry-after",
                                                         "throttled-retry-after-1h",
                                                         "throttled-retry-after-date",
                                                         "throttled-retry-after-ms",
                                                         "throttled-x-ms-retry-after-ms",
                                                         "throttled-retry-info",
                                                         "throttled-no-retry",
                                                         "overloaded-503",
                                                         "overloaded-503-retry-after-ms",
                                                         "overloaded-529",
                                                         "server-error",
                                                         "hang-before-headers",
                                                         "hang-after-headers",
                                                         "slow-headers",
                                                         "header-flood",
                                                         "endless-body",
                                                         "truncated-body",
                                                         "unasked-encoding",
                                                         "not-http",
                                                         "html-200",
                                                         "malformed-json",
                                                         "empty-200",
                                                         "missing-choices",
                                                         "error-in-200",
                                                         "invalid-key",
                                                         "forbidden",
                                                         "exhausted-quota",
                                                         "invalid-request",
                                                         "invalid-request-behind-500",
                                                         "redirect",
                                                         "reset",
                                                         "close-before-reply",
                                                         "null-content",
                                                         "missing-optional",
                                                         "stream-truncated",
                                                         "stream-cut-mid-event",
                                                         "stream-reset",
                                                         "stream-error",
                                                         "stream-stalls",
                                                         "stream-held-open",
                                                         "stream-data-after-end",
                                                         "stream-comments",
                                                         "stream-unknown-events",
                                                         "stream-two-starts"};
};

}  // namespace smokeledger::probes::core

namespace smokeledger::probes::stub {

struct Script {
  std::string_view name;
  std::string_view description;  // one sentence
  FaultKind then{};              // for every arrival after those of `first`
  FaultKind first{};
  std::size_t times = 0;  // arrivals that get `first`
};

// Every script, in the order people read them.
std::span<const Script> scripts();

// By name; underscores read as dashes. Null when there is none.
const Script* find_script(std::string_view name);

// The step for the n-th arrival of a logical request, counted from 1.
FaultKind step_for(const Script&, std::size_t arrival);

// `ok`, `throttled, ok`, `10 throttled, ok`: what is played, in order; the last one repeats.
std::string steps_text(const Script&);

}  // namespace smokeledger::probes::stub
