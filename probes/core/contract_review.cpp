#include "probes/core/contract_review.h"

#include <algorithm>

namespace smokeledger::probes::core {

bool is_initials(std::string_view text) {
  return text.size() >= 2 && text.size() <= 4 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

WallTime review_date(const Contract& contract, const ContractReviews& reviews) {
  // A day that cannot be read is no evidence of a review.
  const WallTime accessed = parse_utc(contract.accessed + "T00:00:00Z").value_or(WallTime{});
  const auto review = reviews.find(contract.family);
  return review == reviews.end() ? accessed : std::max(accessed, review->second.reviewed_at);
}

std::int64_t review_age_days(WallTime reviewed, WallTime now) {
  using std::chrono::days;
  return (std::chrono::floor<days>(now) - std::chrono::floor<days>(reviewed)).count();
}

bool is_overdue(WallTime reviewed, WallTime now, Milliseconds max_age) {
  return std::chrono::days(review_age_days(reviewed, now)) > max_age;
}

std::vector<std::string> overdue_reviews(const ProbePlan& plan,
                                         const ContractReviews& reviews,
                                         WallTime now) {
  std::vector<std::string> facts;
  for (const auto& route : plan.routes) {
    const Contract& contract = *route->contract;
    if (!is_overdue(review_date(contract, reviews), now, plan.contract_review.max_age)) continue;
    std::string fact = "contract_review_overdue:" + std::string(word(contract.family));
    if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(fact);
  }
  return facts;
}

std::map<EndpointFamily, WallTime> review_dates(
    const std::vector<std::shared_ptr<const ProbePlan>>& plans, const ContractReviews& reviews) {
  std::map<EndpointFamily, WallTime> dates;
  for (const auto& plan : plans) {
    for (const auto& route : plan->routes) {
      dates[route->contract->family] = review_date(*route->contract, reviews);
    }
  }
  return dates;
}

}  // namespace smokeledger::probes::core
