// A service in a world of twins over a real ledger: virtual time, listed draws, scripted replies.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/drills.h"
#include "daemon/journaled_transport.h"
#include "daemon/service.h"
#include "tests/daemon/world.h"
#include "tests/support/ledger_fixtures.h"
#include "tests/support/plans.h"
#include "tests/support/run_twins.h"

namespace smokeledger::tests {

namespace service {

using Plan = std::shared_ptr<const core::ProbePlan>;

// One request a run, at most every hour, no jitter; on a provider of its own.
core::ProbePlan hourly(const std::string& name);
// Retries and a fallback, otherwise the same.
core::ProbePlan hourly_walk(const std::string& name);
Plan planned(core::ProbePlan plan);
// The same plan with something changed that its policy hash covers.
core::ProbePlan changed(core::ProbePlan plan);
// The same plan whose only provider wants a credential of this name.
core::ProbePlan with_credential(core::ProbePlan plan, const std::string& credential);

// Its only route leads to the stub, which plays this script.
core::ProbePlan drill(const std::string& name, core::DrillOf of, const std::string& script);

core::Reply refused();  // 400: the probe is wrong; never retried

}  // namespace service

// Until the process starts its parts may be changed.
class ServiceHouse {
 public:
  explicit ServiceHouse(std::vector<core::ProbePlan> plans,
                        std::vector<core::Exchange> script = {chat_ok()});

  void start();    // a process begins: recovers, closes crashed runs, arms every probe
  void crash();    // it ends between two instructions; what is queued for the disk gets there
  void restart();  // crash(), then start()
  void use(std::vector<core::ProbePlan> plans);
  void stop();

  // Everything that needs no time: the ledger thread's work and what it leads to.
  void settle();
  void advance(core::Milliseconds by);
  // The next timer alone, without what it leads to on other threads.
  void tick() { clock.fire_next(); }

  daemon::Service& service() { return process_->service; }
  daemon::Drills& drills() { return process_->drills; }
  daemon::Journal& journal() { return process_->journal; }
  daemon::JournaledTransport& journaled() { return process_->transport; }
  exporters::ledger::LedgerThread& ledger_thread() { return process_->ledger; }
  bool running() const { return process_ != nullptr; }

  // Runs it by hand and gives the answers; empty when they did not come.
  std::vector<daemon::ManualResult> run_now(const std::vector<std::string>& probes);

  std::vector<core::Outcome> outcomes() const;
  // When each request left, in true time since the beginning. REQUIRES: one boot.
  std::vector<core::Milliseconds> sent_at() const;
  // When the probe runs next, in true time since the beginning. REQUIRES: no step of the wall
  // clock.
  core::Milliseconds due(const std::string& probe) const;
  const core::ProbeState& state_of(const std::string& probe);

  WorldClock clock;
  ListedDraws random;
  BreakableDisk disk;
  IoQueue io;
  ScratchDir dir;
  ScriptedTransport transport;
  probes::stub::Arrivals arrivals;  // of the stub, where a drill counts
  std::uint32_t max_in_flight = 2;
  std::uint64_t segment_bytes = 64ULL << 20;
  bool signs = false;  // with a checkpoint key
  std::string credentials_directory;
  std::vector<std::shared_ptr<const core::ProbePlan>> plans;

  std::vector<exporters::ledger::LedgerRecord> lines;  // durable, in the order they were told
  std::map<std::string, core::WallTime> due_at;
  std::vector<std::string> gone;      // probes whose due time was taken back
  std::vector<std::string> failures;  // what the journal said when it failed
  bool stopped = false;

 private:
  struct Process {
    Process(ServiceHouse& house, std::unique_ptr<exporters::ledger::Ledger> opened);

    std::string tag;
    daemon::Journal::Restored restored;
    exporters::ledger::LedgerThread ledger;
    daemon::Journal journal;
    daemon::JournaledTransport transport;
    daemon::Drills drills;
    daemon::Service service;
  };

  daemon::Log log_;
  std::unique_ptr<Process> process_;
};

}  // namespace smokeledger::tests
