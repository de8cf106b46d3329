// What a probe is: pure values made from configuration, shared read-only by every run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/class_table.h"
#include "probes/core/contract.h"
#include "probes/core/drill_plan.h"
#include "probes/core/gateway.h"
#include "probes/core/packet.h"
#include "probes/core/quiet_window.h"
#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class AuthScheme { bearer, x_api_key, x_goog_api_key, none };
template <>
struct Words<AuthScheme> {
  static constexpr std::array<std::string_view, 4> list{
      "bearer", "x-api-key", "x-goog-api-key", "none"};
};

struct Provider {
  std::string name;
  std::string base_url;  // no trailing slash, no query, no user info
  AuthScheme auth = AuthScheme::bearer;
  std::string credential;       // systemd credential name; empty with AuthScheme::none
  std::string credential_file;  // absolute path used instead of the credential directory, or empty
  std::vector<std::pair<std::string, std::string>> headers;  // extra ones, never secret
  bool loopback = false;                                     // the host is a loopback address
  std::uint32_t max_in_flight = 1;
  // Further requests that its failures may cause before a success pays for more; empty: no limit.
  std::optional<std::uint32_t> retry_tokens = 20;
  Gateway gateway = Gateway::none;                 // what stands behind base_url
  std::string request_id_header = "x-request-id";  // lower case; carries our request id
  std::string request_id_suffix = ".{n}";  // of the id; {n} is the attempt's number in its run
};

struct Route {
  std::string name;
  std::shared_ptr<const Provider> provider;
  std::shared_ptr<const Contract> contract;  // its family is the route's family
  std::string model;
  bool stream = false;            // asks for a stream; the contract has one
  std::string model_verified_on;  // YYYY-MM-DD
  std::string model_link;
};

// What a route sends.
inline const RequestTemplate& request_template(const Route& route) {
  return route.stream ? route.contract->stream->request : route.contract->request;
}

// direct: one route per run, no retry. walk: our own retry-and-fallback loop (client emulation).
// gateway: one call through a gateway, whose own retries and fallbacks are read from its reply.
// drill: our walk, a gateway or a real client against the stub.
enum class Mode { direct, walk, gateway, drill };
template <>
struct Words<Mode> {
  static constexpr std::array<std::string_view, 4> list{"direct", "walk", "gateway", "drill"};
};

// How a wait before a retry is drawn; see retry.h.
enum class Jitter { full, equal, decorrelated };
template <>
struct Words<Jitter> {
  static constexpr std::array<std::string_view, 3> list{"full", "equal", "decorrelated"};
};

struct RetryPolicy {
  std::uint32_t attempts_per_route = 3;
  // Across all routes of a run; in gateway mode requests that its one call may cause behind the
  // gateway.
  std::uint32_t attempt_budget = 4;
  Jitter jitter = Jitter::full;
  Milliseconds base{500};
  double multiplier = 2;
  Milliseconds cap{8'000};
  Milliseconds retry_after_cap{30'000};
  Milliseconds attempt_timeout{30'000};
  Milliseconds deadline{120'000};  // of the whole run: waits and requests
  ClassTable after = documented_classes();
  // After this many runs in a row that retried and did not recover, send less; 0: never.
  std::uint32_t pressure_after = 3;
};

struct Schedule {
  Milliseconds interval{std::chrono::minutes(30)};
  double jitter = 0.1;  // each interval is lengthened by up to this fraction, never shortened
  Milliseconds minimum_interval{std::chrono::minutes(10)};
  Milliseconds backoff_cap{
      std::chrono::hours(4)};     // the interval doubles after failures up to this
  Milliseconds confirm_after{0};  // after a change of decision one run may come this soon; 0: none
  std::uint32_t calls_per_day = 200;
  std::uint32_t output_tokens_per_day = 0;  // as replies report them; 0: not capped
  std::vector<QuietWindow> quiet{};         // hours in which nothing is sent
};

// What becomes of a contract whose documentation nobody opened for a while.
struct ReviewPolicy {
  Milliseconds max_age{std::chrono::days(180)};  // older: outcomes name it as unresolved
  bool pause = false;                            // older: nothing is sent on it

  bool operator==(const ReviewPolicy&) const = default;
};

// What the operator expects of a run.
enum class Expectation {
  usable_response,     // a reply our parser accepts, by whatever route
  controlled_failure,  // a bounded failure with a reason: error-path probes
  keep_primary,
  retry_primary,
  use_fallback,
  escalate
};
template <>
struct Words<Expectation> {
  static constexpr std::array<std::string_view, 6> list{"usable_response",
                                                        "controlled_failure",
                                                        "keep_primary",
                                                        "retry_primary",
                                                        "use_fallback",
                                                        "escalate"};
};

struct ProbePlan {
  std::string name;
  Mode mode = Mode::walk;
  std::vector<std::shared_ptr<const Route>> routes;  // [0] is the primary; never empty
  RetryPolicy retry;
  Schedule schedule;
  ReviewPolicy contract_review;
  PacketPolicy packets;            // when its outcomes open an escalation packet
  std::optional<DrillPlan> drill;  // with Mode::drill, and only then
  Expectation expect = Expectation::usable_response;
  // Of every usable reply that came through a gateway; one that lacks it is a finding.
  std::vector<Evidence> require_evidence;
  std::string owner;
  std::string environment;
  std::vector<std::string> evidence_links;  // at most 4, no query strings
  // Facts known from configuration alone, such as `environment_mismatch:model:chat-primary`.
  std::vector<std::string> unresolved;
  std::string policy_sha256;  // of policy_text(*this), lower-case hex
  std::string config_sha256;  // of the configuration file
};

// How a run sends: the plan's mode, or in a drill as what is drilled. A live drill sends as
// `direct`; a client drill sends nothing.
Mode sends_as(const ProbePlan&);
// Run by hand with a command, never by the schedule.
bool is_client_drill(const ProbePlan&);
// Counted by the stub: every drill but a live one.
bool is_counted_by_stub(const ProbePlan&);

}  // namespace smokeledger::probes::core
