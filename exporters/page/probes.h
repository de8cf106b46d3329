// What the overview shows of the configuration in force. Pure.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exporters/page/view.h"
#include "probes/core/contract_review.h"
#include "probes/core/plan.h"

namespace smokeledger::exporters::page {

using Plans = std::vector<std::shared_ptr<const core::ProbePlan>>;

// The probes that are as the filter asks: by name, by family of a route, by newest decision. Those
// that need a look first, then by name.
std::vector<ProbeView> probe_views(const Plans&,
                                   const Filter&,
                                   const History&,
                                   const std::map<std::string, core::WallTime>& due,
                                   const core::ContractReviews&,
                                   core::WallTime now);

// The contract of each family that a route has.
std::vector<ContractView> contract_views(const Plans&,
                                         const core::ContractReviews&,
                                         core::WallTime now);

}  // namespace smokeledger::exporters::page
