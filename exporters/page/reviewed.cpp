#include "exporters/page/reviewed.h"

#include <utility>

#include "exporters/page/pages.h"
#include "probes/core/review_lines.h"

namespace smokeledger::exporters::page {
namespace {

std::string line_id(const std::string& ledger, std::uint64_t seq) {
  return ledger + '-' + std::to_string(seq);
}

std::string sentence_of(const core::Waiting& waiting) {
  switch (waiting.reason) {
    case core::ReviewReason::decision:
      return "It decided " + std::string(core::word(*waiting.decision)) + ".";
    case core::ReviewReason::eventful:
      return "keep_primary with open facts, or not as expected.";
    case core::ReviewReason::decision_changed:
      return "keep_primary again, after another decision.";
    case core::ReviewReason::drill_deviated:
      return "A drill counted something else than declared.";
    case core::ReviewReason::policy_changed:
      break;
  }
  return "The probe's policy is another one from here on.";
}

}  // namespace

void Reviewed::observe(const ledger::LedgerRecord& record) {
  core::fold(queue_, record.line(), record.seq(), record.recorded_at());
  if (const auto* line = std::get_if<core::ReviewLine>(&record.line())) {
    joined_.add({line->review, record.seq(), record.recorded_at()});
  }
}

ledger::Result<bool> Reviewed::read_back(const std::filesystem::path& dir) {
  if (known_) return false;
  if (!back_) {
    auto opened = ledger::ReviewsBack::open(dir);
    if (!opened) return opened.error();
    back_ = std::move(*opened);
  }
  auto found = back_->next();
  if (!found) return found.error();
  known_ = !*found;
  if (known_) {
    back_.reset();
    return false;
  }
  for (auto& review : **found) joined_.add(std::move(review));
  return true;
}

std::vector<ReviewView> Reviewed::of(std::uint64_t seq, const std::string& ledger) const {
  std::vector<ReviewView> views;
  for (const auto* const joined : joined_.all_of(seq)) {
    views.push_back({line_id(ledger, joined->seq), joined->recorded_at, joined->review});
  }
  return views;
}

std::string Reviewed::shown(std::uint64_t seq) const {
  const auto* const joined = joined_.of(seq);
  if (joined == nullptr) return {};
  return std::string(core::word(joined->review.decision)) + " by " + joined->review.initials;
}

void show_waiting(Overview& view,
                  const core::ReviewQueue& queue,
                  const std::map<std::string, std::string>& owner_of) {
  if (queue.left_out) {
    view.needs_review.push_back({line_id(view.site.ledger, queue.left_out->first_seq),
                                 std::nullopt,
                                 "",
                                 "The first of " + std::to_string(queue.left_out->count) +
                                     " lines up to " +
                                     line_id(view.site.ledger, queue.left_out->last_seq) +
                                     "; only a review of that range covers them.",
                                 ""});
  }
  for (const auto& [seq, waiting] : queue.waiting) {
    if (view.needs_review.size() == waiting_shown) break;
    const auto owner = owner_of.find(waiting.probe);
    view.needs_review.push_back({line_id(view.site.ledger, seq),
                                 waiting.recorded_at,
                                 waiting.probe,
                                 sentence_of(waiting),
                                 owner == owner_of.end() ? "" : owner->second});
  }
  const std::size_t ranges = queue.left_out ? 1 : 0;
  view.needs_review_more = queue.waiting.size() + ranges - view.needs_review.size();
}

}  // namespace smokeledger::exporters::page
