// What the service keeps of each probe and of each manual request. Internal to service*.cpp.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/service.h"

namespace smokeledger::daemon {

struct Service::Entry {
  std::shared_ptr<const core::ProbePlan> plan;
  bool planned = true;  // false: gone from the configuration, kept until its run is recorded
  std::optional<core::Instant> last_slot;  // of this process
  std::optional<probes::run::Clock::TimerId> timer;
  core::Instant due_at{};
  std::unique_ptr<probes::run::Run> run;
  std::shared_ptr<const core::ProbePlan> running;  // what the newest run obeys
  std::optional<std::uint32_t> caller_uid;         // who asked for it
  bool recording = false;

  bool busy() const { return run != nullptr || recording; }
};

struct Service::Manual {
  std::set<std::string> waiting;
  std::vector<ManualResult> results;
  ManualDone done;
};

}  // namespace smokeledger::daemon
