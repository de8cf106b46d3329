// What a person said of lines of the ledger, and which lines still wait for one. Reviews are lines
// of their own: a later one amends, nothing is overwritten. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/outcome.h"
#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

// A person's judgement of the outcome lines from one to another, both included; of one line where
// they are the same.
struct Review {
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  CheckResult decision{};
  bool planned_maintenance = false;  // what happened was meant to: reclassified after the fact
  std::string initials;
  std::optional<std::uint32_t> caller_uid;  // the kernel's user number of who asked
  std::string follow_up_owner;              // empty: whom the outcome names
  std::string note;                         // at most max_note_characters
  std::vector<std::string> links;           // at most max_review_links, no query strings

  bool covers(std::uint64_t seq) const { return first_seq <= seq && seq <= last_seq; }
  bool operator==(const Review&) const = default;
};

inline constexpr std::string_view planned_maintenance = "planned_maintenance";
inline constexpr std::size_t max_note_characters = 200;
inline constexpr std::size_t max_review_links = 4;

// A decision that a person made without a probe, in a test or an incident: what the decision-ledger
// runbook asks to be written down.
enum class DecisionAbout { test, incident };
template <>
struct Words<DecisionAbout> {
  static constexpr std::array<std::string_view, 2> list{"test", "incident"};
};
// As that runbook classes a reply; where there was none, in the words of StatusClass.
enum class SeenStatus { s2xx, retryable, terminal, no_response, not_sent, unknown };
template <>
struct Words<SeenStatus> {
  static constexpr std::array<std::string_view, 6> list{
      "2xx", "retryable", "terminal", "no_response", "not_sent", "unknown"};
};

struct HumanDecision {
  DecisionAbout about{};
  std::string environment;
  EndpointFamily family{};
  std::string request_id;  // as the caller's logs have it; empty: none
  SeenStatus status_class{};
  std::optional<std::uint32_t> retry_attempts;  // none: unknown
  CallerReceived caller_received = CallerReceived::unknown;
  Decision decision{};
  std::optional<std::uint64_t> cited_seq;  // the line of this ledger that it is about
  std::string initials;
  std::optional<std::uint32_t> caller_uid;
  std::string follow_up_owner;
  std::string note;
  std::vector<std::string> evidence_links;

  bool operator==(const HumanDecision&) const = default;
};

// Why a line needs a person. Every other outcome is an uneventful keep_primary: the next review of
// a range that holds it covers it.
enum class ReviewReason {
  decision,          // another one than keep_primary
  eventful,          // keep_primary with open facts, or not as expected
  decision_changed,  // keep_primary again, after another one
  drill_deviated,    // a drill counted something else than declared
  policy_changed     // not an outcome: the probe's policy is another one from here on
};
template <>
struct Words<ReviewReason> {
  static constexpr std::array<std::string_view, 5> list{
      "decision", "eventful", "decision_changed", "drill_deviated", "policy_changed"};
};

// The first of them that holds. `before`: the probe's decision before this one, if there was any.
std::optional<ReviewReason> needs_review(const Outcome&, std::optional<Decision> before);

// A line that waits.
struct Waiting {
  std::string probe;
  WallTime recorded_at{};
  ReviewReason reason{};
  std::optional<Decision> decision;  // of an outcome

  bool operator==(const Waiting&) const = default;
};

// Lines that wait and were too many to be kept one by one: the oldest.
struct LeftOut {
  std::uint64_t count = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;

  bool operator==(const LeftOut&) const = default;
};

inline constexpr std::size_t most_waiting = 1'000;

// A fold over lines, carried into each new segment.
struct ReviewQueue {
  std::map<std::uint64_t, Waiting> waiting;  // by seq, the newest most_waiting
  std::optional<LeftOut> left_out;
  // What the next lines are compared with.
  std::map<std::string, Decision, std::less<>> last_decision;     // by probe; pauses do not count
  std::map<std::string, std::string, std::less<>> policy_sha256;  // by probe

  std::uint64_t count() const { return waiting.size() + (left_out ? left_out->count : 0); }
  bool operator==(const ReviewQueue&) const = default;
};

// The policy of this probe is another one than a person has seen.
bool policy_waits(const ReviewQueue&, std::string_view probe);
inline constexpr std::string_view policy_changed_since_review = "policy_changed_since_review";

// What an outcome, a policy, a carried state and a review do to the queue.
void note_outcome(ReviewQueue&, std::uint64_t seq, WallTime recorded_at, const Outcome&);
void note_policy(ReviewQueue&,
                 std::uint64_t seq,
                 WallTime recorded_at,
                 const std::string& probe,
                 const std::string& policy_sha256);
void note_carried(ReviewQueue&, const std::string& probe, std::optional<Decision> last_decision);
void note_review(ReviewQueue&, const Review&);

// A review as the ledger holds it.
struct JoinedReview {
  Review review;
  std::uint64_t seq = 0;  // of its line
  WallTime recorded_at{};

  bool operator==(const JoinedReview&) const = default;
};

// Its ledger id, from that of another line of the same ledger.
std::string id_of(const JoinedReview&, std::string_view other_ledger_id);

// Which reviews cover each line. The newest one of them is what every reader shows.
class JoinedReviews {
 public:
  JoinedReviews() = default;
  // Entries of one refer to the other.
  JoinedReviews(const JoinedReviews&) = delete;
  JoinedReviews& operator=(const JoinedReviews&) = delete;
  JoinedReviews(JoinedReviews&&) = default;
  JoinedReviews& operator=(JoinedReviews&&) = default;

  void add(JoinedReview);  // in any order
  // Nothing: nobody reviewed it. Valid until the next add().
  const JoinedReview* of(std::uint64_t seq) const;
  std::vector<const JoinedReview*> all_of(std::uint64_t seq) const;  // the newest first
  bool empty() const { return by_seq_.empty(); }

 private:
  std::map<std::uint64_t, JoinedReview> by_seq_;
  // By the first line that it is the newest one for, up to the next entry; null: none.
  std::map<std::uint64_t, const JoinedReview*> newest_;
};

}  // namespace smokeledger::probes::core
