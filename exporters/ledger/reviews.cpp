#include "exporters/ledger/reviews.h"

#include <utility>

#include "exporters/ledger/in_order.h"
#include "exporters/ledger/stretches.h"

namespace smokeledger::exporters::ledger {
namespace {

struct Found {
  std::vector<core::JoinedReview> reviews;
  std::optional<LedgerError> error;  // met behind them
};

Found look_into(const Stretches& stretches, const Block& block) {
  Found found;
  const LineQuestion question{
      {R"("kind":"review")"},
      [](const Frame& frame) { return frame.kind == "review"; },
      [&](std::string_view, const Frame& frame, core::Line line) {
        found.reviews.push_back(
            {std::move(std::get<core::ReviewLine>(line).review), frame.seq, frame.recorded_at});
      }};
  found.error = ask(stretches, block, question);
  return found;
}

Result<Stretches> open_for(const std::filesystem::path& dir) {
  return stretches_of(dir, std::nullopt, [](const SegmentEnd& end) { return end.reviews != 0U; });
}

}  // namespace

Result<core::JoinedReviews> reviews(const std::filesystem::path& dir) {
  const auto stretches = open_for(dir);
  if (!stretches) return stretches.error();
  core::JoinedReviews joined;
  std::optional<LedgerError> error;
  const auto look = [&](std::size_t index) {
    return look_into(*stretches, stretches->blocks[index]);
  };
  in_order(stretches->blocks.size(), look, [&](Found found) {
    for (auto& review : found.reviews) joined.add(std::move(review));
    error = std::move(found.error);
    return !error;
  });
  if (error) return *error;
  return joined;
}

struct ReviewsBack::Impl {
  Stretches stretches;
};

ReviewsBack::ReviewsBack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ReviewsBack::~ReviewsBack() = default;
ReviewsBack::ReviewsBack(ReviewsBack&&) noexcept = default;
ReviewsBack& ReviewsBack::operator=(ReviewsBack&&) noexcept = default;

Result<ReviewsBack> ReviewsBack::open(const std::filesystem::path& dir) {
  auto stretches = open_for(dir);
  if (!stretches) return stretches.error();
  return ReviewsBack(std::make_unique<Impl>(Impl{std::move(*stretches)}));
}

Result<std::optional<std::vector<core::JoinedReview>>> ReviewsBack::next() {
  auto& blocks = impl_->stretches.blocks;
  if (blocks.empty()) return std::nullopt;
  Found found = look_into(impl_->stretches, blocks.back());
  blocks.pop_back();
  if (found.error) return *found.error;
  return std::move(found.reviews);
}

}  // namespace smokeledger::exporters::ledger
