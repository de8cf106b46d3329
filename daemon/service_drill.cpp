// What a drill adds to a run: the stub watches from before its first request, and the run is
// decided anew when the count has settled.
#include <utility>

#include "daemon/service_entry.h"
#include "probes/core/drill_outcome.h"

namespace smokeledger::daemon {

bool Service::watch(const std::shared_ptr<const core::ProbePlan>& plan,
                    const std::string& check_id) {
  if (parts_.drills == nullptr || !core::is_counted_by_stub(*plan)) return true;
  return parts_.drills->begin(plan, check_id);
}

void Service::finished(Entry& entry, const core::ProbePlan& plan, core::Outcome outcome) {
  if (plan.drill && plan.drill->live != core::LiveDrill::none) {
    return record(entry, core::conclude_live_drill(plan, std::move(outcome)));
  }
  if (parts_.drills == nullptr || !core::is_counted_by_stub(plan)) {
    return record(entry, std::move(outcome));
  }
  const std::string check_id = outcome.check_id;
  // The entry is busy until its line is recorded, and so is the plan that its run began with.
  parts_.drills->end(
      check_id,
      {},
      [this, &entry, &plan, outcome = std::move(outcome)](const core::DrillVerdict& verdict) {
        record(entry, core::conclude_drill(plan, outcome, verdict));
      });
}

}  // namespace smokeledger::daemon
