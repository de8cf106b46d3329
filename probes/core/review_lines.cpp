#include "probes/core/review_lines.h"

#include <utility>

namespace smokeledger::probes::core {
namespace {

constexpr std::size_t waiting_in_a_line = 60;  // of at most 16 KiB

}  // namespace

void fold(ReviewQueue& queue, const Line& line, std::uint64_t seq, WallTime recorded_at) {
  if (const auto* outcome = std::get_if<OutcomeLine>(&line)) {
    note_outcome(queue, seq, recorded_at, outcome->outcome);
  } else if (const auto* policy = std::get_if<PolicyLine>(&line)) {
    note_policy(queue, seq, recorded_at, policy->probe, policy->policy_sha256);
  } else if (const auto* carried = std::get_if<CarryLine>(&line)) {
    note_carried(queue, carried->state.probe, carried->state.last_decision);
  } else if (const auto* review = std::get_if<ReviewLine>(&line)) {
    note_review(queue, review->review);
  } else if (const auto* waiting = std::get_if<CarryReviewsLine>(&line)) {
    queue.waiting.insert(waiting->waiting.begin(), waiting->waiting.end());
    if (waiting->left_out) queue.left_out = waiting->left_out;
  }
}

std::vector<Line> carry_lines(const ReviewQueue& queue) {
  std::vector<Line> lines;
  CarryReviewsLine line{{}, queue.left_out};
  for (const auto& [seq, waiting] : queue.waiting) {
    line.waiting.emplace(seq, waiting);
    if (line.waiting.size() == waiting_in_a_line) {
      lines.emplace_back(std::exchange(line, CarryReviewsLine{}));
    }
  }
  if (!line.waiting.empty() || line.left_out) lines.emplace_back(std::move(line));
  return lines;
}

}  // namespace smokeledger::probes::core
