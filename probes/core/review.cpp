#include "probes/core/review.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace smokeledger::probes::core {
namespace {

bool uneventful(const Outcome& outcome) {
  return outcome.check_result == CheckResult::pass && outcome.unresolved.empty() &&
         outcome.within_budget != WithinBudget::no;
}

void wait_for_review(ReviewQueue& queue, std::uint64_t seq, Waiting line) {
  queue.waiting.insert_or_assign(seq, std::move(line));
  if (queue.waiting.size() <= most_waiting) return;
  const std::uint64_t oldest = queue.waiting.begin()->first;
  queue.waiting.erase(queue.waiting.begin());
  if (!queue.left_out) queue.left_out = LeftOut{0, oldest, oldest};
  ++queue.left_out->count;
  queue.left_out->last_seq = oldest;
}

}  // namespace

std::optional<ReviewReason> needs_review(const Outcome& outcome, std::optional<Decision> before) {
  const bool failed_drill =
      outcome.mode == Mode::drill && outcome.check_result == CheckResult::fail;
  if (failed_drill) return ReviewReason::drill_deviated;
  if (outcome.decision != Decision::keep_primary) return ReviewReason::decision;
  if (!uneventful(outcome)) return ReviewReason::eventful;
  if (before && *before != Decision::keep_primary) return ReviewReason::decision_changed;
  return std::nullopt;
}

void note_outcome(ReviewQueue& queue,
                  std::uint64_t seq,
                  WallTime recorded_at,
                  const Outcome& outcome) {
  const auto known = queue.last_decision.find(outcome.probe);
  const auto before =
      known == queue.last_decision.end() ? std::nullopt : std::optional(known->second);
  if (const auto reason = needs_review(outcome, before)) {
    wait_for_review(queue, seq, {outcome.probe, recorded_at, *reason, outcome.decision});
  }
  if (outcome.decision != Decision::paused) {
    queue.last_decision.insert_or_assign(outcome.probe, outcome.decision);
  }
}

bool policy_waits(const ReviewQueue& queue, std::string_view probe) {
  return std::any_of(queue.waiting.begin(), queue.waiting.end(), [&](const auto& line) {
    return line.second.reason == ReviewReason::policy_changed && line.second.probe == probe;
  });
}

// The first policy of a probe that is met changes nothing that anybody knew.
void note_policy(ReviewQueue& queue,
                 std::uint64_t seq,
                 WallTime recorded_at,
                 const std::string& probe,
                 const std::string& policy_sha256) {
  const auto [known, first] = queue.policy_sha256.try_emplace(probe, policy_sha256);
  if (first || known->second == policy_sha256) return;
  known->second = policy_sha256;
  wait_for_review(queue, seq, {probe, recorded_at, ReviewReason::policy_changed, std::nullopt});
}

void note_carried(ReviewQueue& queue,
                  const std::string& probe,
                  std::optional<Decision> last_decision) {
  if (last_decision) queue.last_decision.insert_or_assign(probe, *last_decision);
}

// Of those that were left out nobody knows the numbers, so only a range of all of them covers them.
void note_review(ReviewQueue& queue, const Review& review) {
  queue.waiting.erase(queue.waiting.lower_bound(review.first_seq),
                      queue.waiting.upper_bound(review.last_seq));
  if (queue.left_out && review.covers(queue.left_out->first_seq) &&
      review.covers(queue.left_out->last_seq)) {
    queue.left_out.reset();
  }
}

std::string id_of(const JoinedReview& review, std::string_view other_ledger_id) {
  return std::string(other_ledger_id.substr(0, other_ledger_id.rfind('-') + 1)) +
         std::to_string(review.seq);
}

void JoinedReviews::add(JoinedReview joined) {
  const auto [kept, is_new] = by_seq_.try_emplace(joined.seq, std::move(joined));
  if (!is_new) return;
  const JoinedReview* const review = &kept->second;
  // From `seq` on it is as it was, in an entry of its own.
  const auto divide_at = [this](std::uint64_t seq) {
    return newest_.try_emplace(seq, of(seq)).first;
  };
  const std::uint64_t last = review->review.last_seq;
  const bool ends = last < std::numeric_limits<std::uint64_t>::max();
  const auto begin = divide_at(review->review.first_seq);
  const auto end = ends ? divide_at(last + 1) : newest_.end();
  for (auto part = begin; part != end; ++part) {
    if (part->second == nullptr || part->second->seq < review->seq) part->second = review;
  }
}

const JoinedReview* JoinedReviews::of(std::uint64_t seq) const {
  const auto next = newest_.upper_bound(seq);
  return next == newest_.begin() ? nullptr : std::prev(next)->second;
}

std::vector<const JoinedReview*> JoinedReviews::all_of(std::uint64_t seq) const {
  std::vector<const JoinedReview*> all;
  for (auto one = by_seq_.rbegin(); one != by_seq_.rend(); ++one) {
    if (one->second.review.covers(seq)) all.push_back(&one->second);
  }
  return all;
}

}  // namespace smokeledger::probes::core
