// The interpreter of one run: step, wait, send, judge, until the policy stops. All policy is in
// core::next_step. One thread; destroying a Run cancels what it has under way.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/core/outcome.h"
#include "probes/core/plan.h"
#include "probes/core/retry.h"
#include "probes/core/retry_tokens.h"
#include "probes/run/seams.h"
#include "probes/run/slots.h"

namespace smokeledger::probes::run {

// What all runs of a process share; outlives every Run.
struct World {
  Clock& clock;
  Random& random;
  Transport& transport;
  Slots& slots;
  core::RetryTokens& retry_tokens;
};

struct RunSetup {
  std::shared_ptr<const core::ProbePlan> plan;
  std::string check_id;
  core::Trigger trigger{};
  std::string ledger_tag;  // makes request ids distinct between ledgers
  std::string build;
  std::optional<std::uint32_t> caller_uid;
  // By provider name; every provider of the plan's routes whose scheme needs one.
  std::map<std::string, std::shared_ptr<const Secret>> secrets;
  std::vector<std::string> unresolved = {};  // as in core::RunFacts
  // As in core::RunFacts. With a fact at the beginning the run sends one request.
  std::vector<std::string> pressure = {};
};

class Run {
 public:
  // Called once, last: the Run may be destroyed inside it.
  using Finished = std::function<void(core::Outcome)>;

  Run(World, RunSetup, Finished);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void start();
  // Ends the run now: what is under way is cancelled and the outcome says `aborted`. No effect on
  // one that has finished.
  void abort();

  const core::ProbePlan& plan() const { return *setup_.plan; }

 private:
  void step();
  core::Allowance allowance() const;
  void wait(const core::Send&);
  void send(const core::Send&);      // asks for a slot
  void transmit(const core::Send&);  // with a slot held
  void received(const core::Exchange&);
  void forget_echo(core::Attempt&) const;
  void finish(core::RunEnd);
  void cancel_pending();
  core::Milliseconds elapsed() const;
  core::AttemptLine attempt_line(const core::Send&, const core::Stamp&) const;

  World world_;
  RunSetup setup_;
  Finished finished_;
  std::vector<core::Past> history_;
  std::optional<core::Instant> began_;  // when the first request could go
  // What is under way: at most one of a wait, a place in the queue (the timer is then the run's
  // deadline), a request.
  std::optional<Clock::TimerId> timer_;
  std::optional<Slots::Ticket> ticket_;
  std::optional<Transport::SendId> sending_;
  std::optional<core::AttemptStart> sent_;  // of the request under way
  std::size_t route_ = 0;
};

// The full request of one attempt on a route. Pure.
Request make_request(const core::Route&,
                     const std::string& request_id,
                     std::shared_ptr<const Secret>,
                     core::Milliseconds timeout);

// The outcome of a run that sent nothing because of an evidence gap. Pure.
core::Outcome paused_outcome(const core::ProbePlan&,
                             const core::RunFacts&,
                             std::vector<std::string> unresolved);

}  // namespace smokeledger::probes::run
