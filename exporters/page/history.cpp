#include "exporters/page/history.h"

#include <algorithm>

namespace smokeledger::exporters::page {
namespace {

constexpr std::chrono::days span{days_kept - 1};

Day day_of(core::WallTime time) {
  return std::chrono::floor<std::chrono::days>(time);
}

}  // namespace

void History::count(Past& past, Day day, const core::Outcome& outcome) {
  if (day > newest_day_) {
    newest_day_ = day;
    for (auto& [name, each] : probes_) {
      std::erase_if(each.buckets, [&](const Bucket& bucket) { return bucket.day < day - span; });
    }
  }
  if (day < newest_day_ - span) return;
  auto found = std::find_if(past.buckets.begin(), past.buckets.end(), [&](const Bucket& bucket) {
    return bucket.day == day && bucket.family == outcome.family &&
           bucket.decision == outcome.decision;
  });
  if (found == past.buckets.end()) {
    found = past.buckets.insert(found, Bucket{day, outcome.family, outcome.decision, 0, 0, 0});
  }
  ++found->outcomes;
  found->retries += outcome.retry_count;
  if (outcome.fallback_taken == core::Tristate::yes) ++found->fallbacks;
}

void History::add_newer(const PastDecision& decision, const core::Outcome& outcome) {
  Past& past = probes_[outcome.probe];
  count(past, day_of(decision.recorded_at), outcome);
  auto& newest = past.probe.newest;
  past.probe.gap = outcome.gap;
  past.probe.unresolved = outcome.unresolved;
  if (newest.size() == decisions_kept) newest.pop_back();
  newest.insert(newest.begin(), decision);
}

void History::add_older(const PastDecision& decision, const core::Outcome& outcome) {
  Past& past = probes_[outcome.probe];
  count(past, day_of(decision.recorded_at), outcome);
  auto& newest = past.probe.newest;
  if (newest.empty()) {
    past.probe.gap = outcome.gap;
    past.probe.unresolved = outcome.unresolved;
  }
  if (newest.size() < decisions_kept) newest.push_back(decision);
}

const History::Probe* History::find(const std::string& probe) const {
  const auto found = probes_.find(probe);
  return found == probes_.end() ? nullptr : &found->second.probe;
}

std::vector<std::pair<Day, Counts>> History::days(const Counted& counted, Day today) const {
  std::vector<std::pair<Day, Counts>> days;
  for (Day day = today - span; day <= today; day += std::chrono::days{1})
    days.emplace_back(day, Counts{});
  for (const auto& [name, past] : probes_) {
    if (!counted.probe.empty() && name != counted.probe) continue;
    for (const Bucket& bucket : past.buckets) {
      if (bucket.day < days.front().first || bucket.day > today) continue;
      if (counted.family && bucket.family != *counted.family) continue;
      if (counted.decision && bucket.decision != *counted.decision) continue;
      const auto index = static_cast<std::size_t>((bucket.day - days.front().first).count());
      Counts& counts = days[index].second;
      counts.decisions[static_cast<std::size_t>(bucket.decision)] += bucket.outcomes;
      counts.retries += bucket.retries;
      counts.fallbacks += bucket.fallbacks;
    }
  }
  return days;
}

}  // namespace smokeledger::exporters::page
