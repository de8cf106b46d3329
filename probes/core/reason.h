// Why an attempt or a run ended as it did: closed lists, used by every other header of the core.
#pragma once

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class StatusClass { s2xx, s3xx, s4xx, s5xx, no_response, not_sent, unknown };
template <>
struct Words<StatusClass> {
  static constexpr std::array<std::string_view, 7> list{
      "2xx", "3xx", "4xx", "5xx", "no_response", "not_sent", "unknown"};
};

enum class FailureClass { none, retryable, terminal };
template <>
struct Words<FailureClass> {
  static constexpr std::array<std::string_view, 3> list{"none", "retryable", "terminal"};
};

// One reason per failed attempt. docs/ledger-format.md says what each means.
enum class Reason {
  none,
  throttled,     // 429, 425
  overloaded,    // 503, 529
  server_error,  // other 5xx
  timeout,       // 408, or our own attempt timeout
  dns,
  connect,
  tls,
  redirect,         // 3xx, never followed
  auth,             // 401, 403
  account_state,    // 402, an exhausted quota
  bad_request,      // a refusal of the content behind another status
  probe_defect,     // our probe is wrong: 400, 404, 405, 413, 415, 422
  in_stream_error,  // an error object inside a 2xx reply
  truncated,        // the reply ended early
  shape_rejected,   // a 2xx reply the parser cannot use
  too_large,        // more bytes than the cap
  protocol,         // not HTTP
  local_network,    // this host could not send
  aborted,          // we stopped
  unknown_crash     // the process ended between the attempt line and its result
};
template <>
struct Words<Reason> {
  static constexpr std::array<std::string_view, 21> list{"none",          "throttled",
                                                         "overloaded",    "server_error",
                                                         "timeout",       "dns",
                                                         "connect",       "tls",
                                                         "redirect",      "auth",
                                                         "account_state", "bad_request",
                                                         "probe_defect",  "in_stream_error",
                                                         "truncated",     "shape_rejected",
                                                         "too_large",     "protocol",
                                                         "local_network", "aborted",
                                                         "unknown_crash"};
};

enum class Tristate { no, yes, unknown };
template <>
struct Words<Tristate> {
  static constexpr std::array<std::string_view, 3> list{"false", "true", "unknown"};
};

// Which layer made a retry or took a fallback.
enum class Layer { client, gateway, external_client };
template <>
struct Words<Layer> {
  static constexpr std::array<std::string_view, 3> list{"client", "gateway", "external_client"};
};

enum class CallerReceived { usable_response, controlled_failure, nothing, unknown };
template <>
struct Words<CallerReceived> {
  static constexpr std::array<std::string_view, 4> list{
      "usable_response", "controlled_failure", "nothing", "unknown"};
};

// Why nothing could be decided: the evidence gap of a `paused` decision.
enum class Gap {
  none,
  credential,
  budget,
  interrupted,
  contract_review,
  window,
  local_network,
  not_exercised
};
template <>
struct Words<Gap> {
  static constexpr std::array<std::string_view, 8> list{"none",
                                                        "credential",
                                                        "budget",
                                                        "interrupted",
                                                        "contract_review",
                                                        "window",
                                                        "local_network",
                                                        "not_exercised"};
};

}  // namespace smokeledger::probes::core
