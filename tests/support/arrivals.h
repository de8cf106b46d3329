// What a stub saw, in the domain's words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "probes/core/drill.h"

namespace smokeledger::tests {

// One logical request whose arrivals came at these milliseconds; the replies ask for `asks`.
inline probes::core::LogicalRequest came_at(const std::vector<int>& times,
                                            std::string request = "run-a",
                                            probes::core::Asks asks = {}) {
  probes::core::LogicalRequest made{
      std::move(request), "throttled", probes::core::ToldBy::request_id, times.size()};
  for (const int at : times) {
    if (made.first.size() == probes::core::max_arrivals_kept) break;
    made.first.push_back({.at = probes::core::Milliseconds{at}, .asks = asks});
  }
  return made;
}

// The same by its gaps, from 1 s on.
inline probes::core::LogicalRequest with_gaps(const std::vector<int>& gaps,
                                              std::string request = "run-a") {
  std::vector<int> times{1'000};
  for (const int gap : gaps) times.push_back(times.back() + gap);
  return came_at(times, std::move(request));
}

inline probes::core::DrillSeen seen(std::vector<probes::core::LogicalRequest> requests) {
  probes::core::DrillSeen made;
  for (const auto& request : requests) made.arrivals += request.arrivals;
  made.requests = std::move(requests);
  return made;
}

}  // namespace smokeledger::tests
