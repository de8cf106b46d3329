#include "exporters/ledger/anchors.h"

#include <algorithm>
#include <utility>

namespace smokeledger::exporters::ledger {

std::size_t AnchorReport::count(AnchorState state) const {
  return static_cast<std::size_t>(
      std::count_if(anchors.begin(), anchors.end(), [state](const auto& checked) {
        return checked.state == state;
      }));
}

AnchorCheck::AnchorCheck(std::vector<Anchor> anchors) {
  std::stable_sort(anchors.begin(), anchors.end(), [](const Anchor& a, const Anchor& b) {
    return a.length < b.length;
  });
  for (auto& anchor : anchors) anchors_.push_back({std::move(anchor)});
}

bool AnchorCheck::wants(std::uint64_t length) const {
  const auto found = std::lower_bound(
      anchors_.begin(), anchors_.end(), length, [](const auto& checked, auto value) {
        return checked.anchor.length < value;
      });
  return found != anchors_.end() && found->anchor.length == length;
}

// What was passed over stands before the first line that is still there, or inside a break that the
// ledger states.
void AnchorCheck::see(std::uint64_t length, const Hash& head) {
  while (next_ < anchors_.size() && anchors_[next_].anchor.length < length) ++next_;
  for (; next_ < anchors_.size() && anchors_[next_].anchor.length == length; ++next_) {
    CheckedAnchor& checked = anchors_[next_];
    const std::size_t digits = checked.anchor.head_digits;
    const bool same = hex(checked.anchor.head).substr(0, digits) == hex(head).substr(0, digits);
    checked.state = same ? AnchorState::matches : AnchorState::fork;
  }
}

AnchorReport AnchorCheck::report(const std::string& ledger, bool damaged) && {
  for (; next_ < anchors_.size(); ++next_) {
    anchors_[next_].state = damaged ? AnchorState::not_checkable : AnchorState::behind;
  }
  AnchorReport report;
  for (auto& checked : anchors_) {
    // Which ledger it is, nobody knows before its first line.
    const bool known = !ledger.empty();
    if (known && checked.anchor.ledger != ledger) checked.state = AnchorState::other_ledger;
    if (checked.state == AnchorState::matches) report.anchored = checked.anchor.length;
    report.anchors.push_back(std::move(checked));
  }
  return report;
}

}  // namespace smokeledger::exporters::ledger
