// The reviews that a ledger holds, wherever they stand. Read-only.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "exporters/ledger/error.h"
#include "probes/core/review.h"

namespace smokeledger::exporters::ledger {

namespace core = probes::core;

// All of them, joined. Passes over segments whose seal says that they hold none. Errors as query().
Result<core::JoinedReviews> reviews(const std::filesystem::path& dir);

// The same, a stretch of the ledger at a time, so that whoever has other things to do can stop
// between two. On the calling thread.
class ReviewsBack {
 public:
  static Result<ReviewsBack> open(const std::filesystem::path& dir);
  ~ReviewsBack();
  ReviewsBack(ReviewsBack&&) noexcept;
  ReviewsBack& operator=(ReviewsBack&&) noexcept;

  // Those of the next stretch, which may be none; nothing: all were looked at.
  Result<std::optional<std::vector<core::JoinedReview>>> next();

 private:
  struct Impl;
  explicit ReviewsBack(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace smokeledger::exporters::ledger
