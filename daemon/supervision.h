// What the service watches about itself: the watchdog, and steps of the wall clock.
#pragma once

#include <memory>
#include <optional>

#include "daemon/journal.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/projections.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

// io thread only.
class Supervision {
 public:
  struct Parts {
    probes::run::Clock& clock;
    Journal& journal;
    Projections& projections;
    const Notify& notify;
    Log& log;
    Post post;
  };
  explicit Supervision(Parts);
  ~Supervision();

  void start();
  void stop();

 private:
  void feed_watchdog();
  void look_at_clock();

  Parts parts_;
  std::optional<probes::run::Clock::TimerId> watchdog_timer_;
  std::optional<probes::run::Clock::TimerId> clock_timer_;
  core::Stamp last_seen_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// How far the wall clock moved against CLOCK_BOOTTIME between two stamps of one boot, as far as
// whole-second stamps can tell: steps of up to a second read as none. Pure.
core::Milliseconds clock_step(const core::Stamp& before, const core::Stamp& now);

}  // namespace smokeledger::daemon
