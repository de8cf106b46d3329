// When a person last opened the documentation behind a contract, and what follows when that is too
// long ago. Ages are whole UTC days, whatever the time of day.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// A person opened the documentation of a family again and found that its contract still states it.
struct ContractReview {
  EndpointFamily family{};
  std::string contract_version;  // in force at that time
  std::string initials;
  std::optional<std::uint32_t> caller_uid;  // the kernel's user number of who asked
  WallTime reviewed_at{};

  bool operator==(const ContractReview&) const = default;
};

// The newest review of each family.
using ContractReviews = std::map<EndpointFamily, ContractReview>;

bool is_initials(std::string_view);  // 2 to 4 of [A-Z]

// The newer of the day on which the contract says it was accessed and the newest review of its
// family. The review counts whatever version it was made of: what was opened is the documentation.
WallTime review_date(const Contract&, const ContractReviews&);

// Days from then to now; negative when the wall clock, or the contract, is ahead.
std::int64_t review_age_days(WallTime reviewed, WallTime now);

// Whether it is older than `max_age`; a review of just that age is not.
bool is_overdue(WallTime reviewed, WallTime now, Milliseconds max_age);

// `contract_review_overdue:<family>` for each overdue contract of the plan's routes, each once.
std::vector<std::string> overdue_reviews(const ProbePlan&, const ContractReviews&, WallTime now);

// Of every family that a route of these plans has.
std::map<EndpointFamily, WallTime> review_dates(
    const std::vector<std::shared_ptr<const ProbePlan>>&, const ContractReviews&);

}  // namespace smokeledger::probes::core
