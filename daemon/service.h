// The schedule and every run's state. io thread only. It decides nothing itself: when a probe is
// due comes from core::next_due, what a run does from core::next_step, what is true from the
// ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/drills.h"
#include "daemon/journal.h"
#include "daemon/log.h"
#include "probes/core/schedule.h"
#include "probes/run/run.h"

namespace smokeledger::daemon {

struct Credentials;

// The answer to a manual run: its outcome line, or why it was not run and from when it may.
struct ManualResult {
  std::string probe;
  std::optional<exporters::ledger::LedgerRecord> outcome;
  std::string not_run;  // empty: it ran
  std::optional<core::WallTime> allowed_from;
};

class Service {
 public:
  using Plans = std::vector<std::shared_ptr<const core::ProbePlan>>;
  using ManualDone = std::function<void(std::vector<ManualResult>)>;

  struct Parts {
    probes::run::Clock& clock;
    probes::run::Random& random;
    probes::run::Transport& transport;  // the journaled one
    Journal& journal;
    Log& log;
    std::string ledger_tag;  // the 8 hex digits of the ledger's name
    std::string build;
    std::string credentials_directory;
    // What a clock on the wall of an IANA time zone shows then.
    core::LocalTime (*local_time)(const std::string& time_zone, core::WallTime) = nullptr;
    // The probe's next due time became known, or the probe is gone (nullopt).
    std::function<void(const std::string& probe, std::optional<core::WallTime>)> due_changed;
    Drills* drills = nullptr;  // null: no probe drills against the stub
  };
  explicit Service(Parts);
  ~Service();

  // Closes runs that a crash left open, then calls back. Before anything else.
  void close_crashed_runs(const Plans&, std::function<void()> done);

  // Takes these plans from now on. Unchanged probes keep their due time; runs under way finish by
  // the plan they began with.
  void use(const Plans&, std::uint32_t max_in_flight);
  // Arms every probe of the plans in use.
  void start_schedule();
  // Runs the named probes once (none named: all but client drills, which only a client can run). A
  // probe that may not run yet is answered at once.
  void run_now(const std::vector<std::string>& names,
               std::optional<std::uint32_t> caller_uid,
               ManualDone);
  // Runs a probe once by another policy than the one in use. Its line is written before anything is
  // sent, so that the segment of the outcome has it. All that bounds the probe's manual runs holds.
  struct OtherPolicy {
    std::shared_ptr<const core::ProbePlan> plan;  // named as the probe
    core::PolicyLine line;
  };
  void run_by(OtherPolicy, std::optional<std::uint32_t> caller_uid, ManualDone);
  // No new run; runs under way are aborted; `done` when every outcome line is durable (or cannot
  // be).
  void stop(std::function<void()> done);

 private:
  struct Entry;
  struct Manual;

  Entry* find(const std::string& probe);
  void arm(Entry&);
  void due(Entry&);
  void begin(Entry&,
             std::shared_ptr<const core::ProbePlan>,
             core::Trigger,
             std::optional<std::uint32_t> caller_uid);
  bool pause(Entry&, const core::RunFacts&, const Credentials&);
  bool watch(const std::shared_ptr<const core::ProbePlan>&, const std::string& check_id);
  void finished(Entry&, const core::ProbePlan&, core::Outcome);
  void record(Entry&, core::Outcome);
  void recorded(const std::string& probe, const Records*);
  void log_outcome(const exporters::ledger::LedgerRecord&);
  std::optional<ManualResult> refusal(const std::string& probe);
  void begin_manual(Entry&,
                    std::shared_ptr<const core::ProbePlan>,
                    std::optional<std::uint32_t> caller_uid);
  void finish_manual(const std::string& probe, const Records*);
  void stopped_if_idle();
  void drop_if_unplanned(const std::string& probe);
  core::Progress progress_of(const Entry&) const;
  std::vector<std::string> overdue_reviews(const core::ProbePlan&) const;
  const core::ProbeState* state_of(const std::string& probe) const;
  const core::QuietWindow* open_window(const core::ProbePlan&) const;
  std::optional<std::string> network_gone(const core::Outcome&);

  Parts parts_;
  probes::run::Slots slots_{2};
  core::RetryTokens retry_tokens_;  // as the ledger's fold has them, and spent ahead of it
  std::vector<std::string> outside_providers_;
  bool network_gone_ = false;
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;
  std::vector<std::shared_ptr<Manual>> manuals_;
  bool scheduled_ = false;
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace smokeledger::daemon
