// What a run observed and decided: the content of one outcome line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/plan.h"
#include "probes/core/reason.h"

namespace smokeledger::probes::core {

enum class Trigger { schedule, manual, confirm };
template <>
struct Words<Trigger> {
  static constexpr std::array<std::string_view, 3> list{"schedule", "manual", "confirm"};
};

enum class Decision { keep_primary, retry_primary, use_fallback, escalate, paused };
template <>
struct Words<Decision> {
  static constexpr std::array<std::string_view, 5> list{
      "keep_primary", "retry_primary", "use_fallback", "escalate", "paused"};
};

enum class CheckResult { pass, fail, investigate };
template <>
struct Words<CheckResult> {
  static constexpr std::array<std::string_view, 3> list{"pass", "fail", "investigate"};
};

// Seen in the waits of this run; not_exercised when there was nothing to see.
enum class Seen { no, yes, not_exercised };
template <>
struct Words<Seen> {
  static constexpr std::array<std::string_view, 3> list{"false", "true", "not_exercised"};
};

enum class WithinBudget { no, yes, unknown };
template <>
struct Words<WithinBudget> {
  static constexpr std::array<std::string_view, 3> list{"no", "yes", "unknown"};
};

inline constexpr std::size_t max_arrival_gaps = 128;

// Facts in Outcome::unresolved that follow from the attempts of a run and from how it ended.
inline constexpr std::string_view result_unknown = "result_of_last_attempt_unknown";
inline constexpr std::string_view policy_not_loaded = "policy_of_the_run_not_loaded";
inline constexpr std::string_view gateway_retries_unknown = "gateway_retries_unknown";
inline constexpr std::string_view gateway_fallbacks_unknown = "gateway_fallbacks_unknown";

// Facts in `unresolved` by which a drill fails.
inline constexpr std::string_view arrivals_after_answer = "arrivals_after_answer";
inline constexpr std::string_view arrivals_not_as_declared = "arrivals_not_as_declared";
inline constexpr std::string_view counted_other_than_sent = "counted_other_than_sent";

struct Outcome {
  std::string check_id;  // <probe>-<UTC day>-<number of the day>, chat-walk-20261121-001
  std::string probe;
  Mode mode{};
  Trigger trigger{};
  std::optional<std::uint32_t> caller_uid;  // as in AttemptLine, also when nothing was sent
  std::string policy_sha256;
  std::string config_sha256;
  std::string environment;
  std::string build;
  EndpointFamily family{};  // of the last attempt's route; of the primary when nothing was sent
  std::string provider;     // likewise
  std::vector<Attempt> attempts;
  StatusClass status_class = StatusClass::not_sent;  // of the last attempt
  FailureClass failure_class = FailureClass::none;
  Reason reason = Reason::none;
  std::uint32_t retry_count = 0;  // retries made by us on the same route
  std::uint32_t attempt_budget = 0;
  WithinBudget within_budget = WithinBudget::yes;
  std::optional<std::uint32_t> arrivals;     // requests that a drill's stub counted
  std::vector<Milliseconds> arrival_gaps{};  // between them, at most max_arrival_gaps
  Seen backoff_policy_seen = Seen::not_exercised;
  Seen jitter_seen = Seen::not_exercised;
  Layer observed_layer = Layer::client;
  Tristate fallback_taken = Tristate::no;
  std::string fallback_route;             // empty: none, or not known which
  std::optional<Layer> fallback_layer{};  // who took it
  CallerReceived caller_received = CallerReceived::nothing;
  Decision decision = Decision::paused;
  std::string rule;                     // id of the rule that decided
  std::string because;                  // one sentence of the rule table
  std::vector<std::string> pressure{};  // inputs from other runs that the rules saw
  Gap gap = Gap::none;                  // of a paused decision
  CheckResult check_result = CheckResult::investigate;
  std::string follow_up_owner;
  std::vector<std::string> evidence_links;
  std::vector<std::string> unresolved;

  bool operator==(const Outcome&) const = default;
};

// How a run came to its end, beside its attempts.
enum class RunEnd { finished, paused, aborted, crashed };

struct RunFacts {
  std::string check_id;
  Trigger trigger{};
  std::string build;
  RunEnd end = RunEnd::finished;
  Gap gap = Gap::none;  // with RunEnd::paused
  // Known when the run begins, beyond the plan's own, such as `contract_review_overdue:responses`.
  std::vector<std::string> unresolved = {};
  // What other runs left to this one, such as `retries_without_recovery:3`; see pressure.h.
  std::vector<std::string> pressure = {};
};

// Observation only: everything but decision, rule, because, gap and check_result. Pure.
Outcome summarise(const ProbePlan&, const RunFacts&, std::vector<Attempt>);

}  // namespace smokeledger::probes::core
