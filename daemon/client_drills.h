// Drills of somebody's real client: begun and ended by a command, recorded here. io thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "daemon/drills.h"
#include "daemon/journal.h"
#include "probes/core/outcome.h"

namespace smokeledger::daemon {

class ClientDrills {
 public:
  using Plans = std::vector<std::shared_ptr<const core::ProbePlan>>;
  struct Parts {
    probes::run::Clock& clock;
    Journal& journal;
    Drills* drills = nullptr;  // null: the stub listens nowhere, and nothing is drilled
    std::string build;
  };
  struct Begun {
    std::string check_id;
    std::string stub_url;  // where the client is to send
    std::uint32_t asked = 1;
  };
  // Why something was not done: a clause.
  struct Refusal {
    std::string why;
  };
  using Recorded =
      boost::system::result<exporters::ledger::LedgerRecord, Refusal>;  // the outcome's
  using Done = std::function<void(Recorded)>;

  explicit ClientDrills(Parts);
  ~ClientDrills();

  // Takes the client drills among these plans from now on.
  void use(const Plans&);

  // Counts from now on, or says why not. A drill whose end nobody tells ends by itself.
  boost::system::result<Begun, Refusal> begin(const std::string& probe,
                                              std::optional<std::uint32_t> caller_uid);
  static constexpr core::Milliseconds longest = std::chrono::hours{1};

  // The client has ended: answers when the drill has settled and its line is durable.
  void end(const std::string& probe, const std::string& check_id, Drills::Ended, Done);

  // No new drill; those under way are recorded as cut short. `done` when every line is durable (or
  // cannot be).
  void stop(std::function<void()> done);

 private:
  struct Open {
    std::shared_ptr<const core::ProbePlan> plan;
    std::string check_id;
    std::optional<std::uint32_t> caller_uid;
    std::optional<probes::run::Clock::TimerId> limit;
    bool ended = false;
  };
  void close(const std::string& probe, Drills::Ended, core::RunEnd, const char* fact, Done);
  void record(const std::string& probe, core::RunEnd, const core::DrillVerdict&, const Done& done);
  void stopped_if_idle();

  Parts parts_;
  std::map<std::string, std::shared_ptr<const core::ProbePlan>, std::less<>> plans_;
  std::map<std::string, Open> open_;  // by probe
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace smokeledger::daemon
