// What people said of lines, and which lines wait for them, as the pages show it. On the thread of
// the pages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporters/ledger/record.h"
#include "exporters/ledger/reviews.h"
#include "exporters/page/view.h"
#include "probes/core/review.h"

namespace smokeledger::exporters::page {

class Reviewed {
 public:
  // `waiting`: as the last line left it that observe() is not told of.
  explicit Reviewed(core::ReviewQueue waiting) : queue_(std::move(waiting)) {}

  void observe(const ledger::LedgerRecord&);
  // Reads the next stretch of the ledger; false: nothing is left to read.
  ledger::Result<bool> read_back(const std::filesystem::path& dir);
  bool known() const { return known_; }  // all was read

  // The newest first; `ledger` is its name.
  std::vector<ReviewView> of(std::uint64_t seq, const std::string& ledger) const;
  // `pass by AB`; empty: nobody reviewed it, as far as it is known.
  std::string shown(std::uint64_t seq) const;

  const core::ReviewQueue& queue() const { return queue_; }

 private:
  core::ReviewQueue queue_;
  core::JoinedReviews joined_;
  std::optional<ledger::ReviewsBack> back_;  // empty: not begun, or at its end
  bool known_ = false;
};

// The oldest of what waits, as sentences. The owner is whom `owner_of` names for a probe.
void show_waiting(Overview&,
                  const core::ReviewQueue&,
                  const std::map<std::string, std::string>& owner_of);

}  // namespace smokeledger::exporters::page
