// The payloads of ledger lines, as values. The ledger adds seq, prev, ids and hashes around them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/contract_review.h"
#include "probes/core/counters.h"
#include "probes/core/outcome.h"
#include "probes/core/packet.h"
#include "probes/core/review.h"
#include "probes/core/time.h"

namespace smokeledger::probes::core {

// Damage that a person told the ledger to go on behind.
struct Break {
  std::string segment;         // file name of the damaged one
  std::uint64_t from_seq = 0;  // of the first line that is damaged or missing
  std::string sha256;          // of that file as it was found
  std::string what;            // a clause

  bool operator==(const Break&) const = default;
};

// First line of a segment.
struct OpenLine {
  std::string ledger;            // <configured name>-<8 hex>
  std::string nonce;             // 64 hex; only the first segment's prev is made from it
  std::string previous_segment;  // file name, empty for the first
  std::string build;
  std::optional<Break> behind_break{};  // the chain goes on from the last line before it

  bool operator==(const OpenLine&) const = default;
};

// Durable before its request is sent.
struct AttemptLine {
  std::string check_id;
  std::string probe;
  Mode mode{};
  Trigger trigger{};
  std::string policy_sha256;
  std::string config_sha256;
  std::string environment;
  std::uint32_t number = 1;  // within the run
  std::string route;
  EndpointFamily family{};
  std::string provider;
  std::string contract_version;
  std::string request_id;
  Milliseconds planned_wait{0};
  Stamp stamp;  // when it was about to be sent
  // The sanitized request shape: names, no values.
  std::string method;
  std::string path;
  std::string auth_scheme;
  std::vector<std::string> request_members;
  std::uint32_t output_tokens_at_most = 0;  // that the request asks for
  std::optional<std::uint32_t> caller_uid;  // of a manual run that came through the control socket
  std::optional<Attempt> previous;          // the judged result of the attempt before it

  bool operator==(const AttemptLine&) const = default;
};

struct OutcomeLine {
  Outcome outcome;

  bool operator==(const OutcomeLine&) const = default;
};

// One effective probe policy, cited by policy_sha256; repeated in each segment.
struct PolicyLine {
  std::string probe;
  std::string policy_sha256;
  std::string policy;  // policy_text(): a JSON object

  bool operator==(const PolicyLine&) const = default;
};

// A run whose attempt lines stand but whose outcome does not yet.
struct OpenRun {
  AttemptLine last;             // the newest attempt line; its `previous` is moved to `judged`
  std::vector<Attempt> judged;  // results of the attempts before it
  // What each attempt counts for in ProbeState::output_tokens_today until its outcome is known.
  // Nothing: of a day that is over.
  std::vector<std::optional<std::uint64_t>> tokens_reserved;

  bool operator==(const OpenRun&) const = default;
};

// All that a restart needs to know of one probe.
struct ProbeState {
  std::string probe;
  std::optional<Stamp> last_attempt;
  std::optional<Decision> last_decision;
  std::uint32_t failures_in_a_row = 0;
  bool confirm_wanted = false;
  std::uint32_t retries_without_recovery = 0;  // runs in a row that retried in vain
  std::string day;                             // newest UTC day in a check_id, 20261121
  std::uint32_t runs_today = 0;                // highest number in a check_id of that day
  std::uint32_t calls_today = 0;               // attempt lines of the UTC day of last_attempt
  std::uint64_t output_tokens_today = 0;       // of those calls, as reported or else at most
  std::optional<WallTime> last_outcome_at;
  Tally tally;  // what this probe's lines added to the counters
  std::optional<OpenRun> open_run;

  bool operator==(const ProbeState&) const = default;
};

// Segment start: the fold's state of one probe.
struct CarryLine {
  ProbeState state;

  bool operator==(const CarryLine&) const = default;
};

// Segment start: what the lines so far add up to for one provider.
struct CarryProviderLine {
  std::string provider;
  bool reached = true;                   // the newest attempt was connected
  WallTime tried_at{};                   // when its outcome was recorded
  std::uint32_t retry_tokens_spent = 0;  // in thousandths

  bool operator==(const CarryProviderLine&) const = default;
};

// Last line of a segment.
struct SealLine {
  // When the lines of the segment were recorded, this one included. The clock may have gone back in
  // between. Empty: its writer did not tell.
  std::optional<TimeRange> recorded{};
  std::optional<std::uint64_t> reviews{};  // how many of them are reviews; empty: likewise

  bool operator==(const SealLine&) const = default;
};

// Another configuration came into force.
struct ConfigLine {
  std::string config_sha256;
  std::vector<std::string> changed;  // key paths, at most 64
  std::uint32_t changed_left_out = 0;

  bool operator==(const ConfigLine&) const = default;
};

// A torn tail was repaired.
struct RecoveredLine {
  std::uint64_t dropped_bytes = 0;
  std::string dropped_sha256;
  std::string quarantine;  // file name

  bool operator==(const RecoveredLine&) const = default;
};

// The wall clock moved against CLOCK_BOOTTIME.
struct ClockStepLine {
  std::int64_t step_ms = 0;

  bool operator==(const ClockStepLine&) const = default;
};

// A person's review of a contract; the newest of each family is repeated in each segment.
struct ContractReviewLine {
  ContractReview review;

  bool operator==(const ContractReviewLine&) const = default;
};

// A person's review of outcomes.
struct ReviewLine {
  Review review;

  bool operator==(const ReviewLine&) const = default;
};

// A person's decision without a probe.
struct DecisionLine {
  HumanDecision decision;

  bool operator==(const DecisionLine&) const = default;
};

// Segment start: some of the lines that wait for a review, the oldest first.
struct CarryReviewsLine {
  std::map<std::uint64_t, Waiting> waiting;  // by seq
  std::optional<LeftOut> left_out;           // in the first of these lines alone

  bool operator==(const CarryReviewsLine&) const = default;
};

// Old segments were deleted: the ledger is kept from this one on. The newest is repeated in each
// segment.
struct RetiredLine {
  std::string kept_from;        // file name of the first segment that is kept
  std::uint64_t first_seq = 0;  // of its first line
  std::uint64_t segments = 0;   // that were deleted for it
  WallTime retired_at{};

  bool operator==(const RetiredLine&) const = default;
};

// A signed statement of the ledger's length and head hash: of all lines before this one.
struct CheckpointLine {
  std::string note;  // a signed note, https://c2sp.org/signed-note

  bool operator==(const CheckpointLine&) const = default;
};

// A kind this build does not know: it verifies and is passed over.
struct OtherLine {
  std::string kind;

  bool operator==(const OtherLine&) const = default;
};

using Line = std::variant<OpenLine,
                          AttemptLine,
                          OutcomeLine,
                          PolicyLine,
                          CarryLine,
                          CarryProviderLine,
                          SealLine,
                          ConfigLine,
                          RecoveredLine,
                          ClockStepLine,
                          ContractReviewLine,
                          ReviewLine,
                          DecisionLine,
                          CarryReviewsLine,
                          PacketLine,
                          CarryPacketLine,
                          CarryPacketsLine,
                          RetiredLine,
                          CheckpointLine,
                          OtherLine>;

std::string_view kind_of(const Line&);  // open, attempt, outcome, ...

}  // namespace smokeledger::probes::core
