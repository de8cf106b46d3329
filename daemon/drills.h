// Drills against the stub: each is watched while it goes on and judged when it has settled. io
// thread only. It sends nothing itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "probes/core/drill.h"
#include "probes/core/plan.h"
#include "probes/run/seams.h"
#include "probes/stub/arrivals.h"

namespace smokeledger::daemon {

namespace core = probes::core;

class Drills {
 public:
  struct Parts {
    probes::run::Clock& clock;
    probes::stub::Arrivals& arrivals;
    std::function<core::Milliseconds()> stub_time;  // now, as arrivals are timed
    std::string ledger_tag;                         // ends the request ids of this ledger's runs
  };
  using Judged = std::function<void(const core::DrillVerdict&)>;

  explicit Drills(Parts);
  ~Drills();  // judges nothing any more

  // Watches for this run from now on. False: what another drill by the same script causes could
  // not be told from what this one does. REQUIRES: is_counted_by_stub(*plan), a new check id.
  bool begin(std::shared_ptr<const core::ProbePlan> plan, const std::string& check_id);

  // The caller has its answer: judges when the plan's settle time is over, or at once when the
  // process ends. No effect on a drill that was never begun.
  struct Ended {
    core::ClientEnd client = core::ClientEnd::none;
    int exit_code = 0;
  };
  void end(const std::string& check_id, Ended, Judged);

  // The process ends: whatever settles, now or later, is judged at once.
  void hurry();

 private:
  struct Drill {
    std::shared_ptr<const core::ProbePlan> plan;
    std::string script;  // others' arrivals count, too; empty: our own only
    probes::stub::Arrivals::WatchId watch = 0;
    core::DrillSeen seen;
    std::optional<probes::run::Clock::TimerId> timer;
    Judged judged;
  };
  probes::stub::Watch watch_for(const core::DrillPlan&, const std::string& own_id) const;
  void judge(const std::string& check_id);

  Parts parts_;
  std::map<std::string, Drill> drills_;  // by check id
  bool hurried_ = false;
};

}  // namespace smokeledger::daemon
