// The real clock: CLOCK_BOOTTIME for intervals, the wall clock for stamps, one Asio timer for all
// callbacks. io thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "probes/run/seams.h"

namespace smokeledger::daemon {

namespace core = probes::core;

class SystemClock : public probes::run::Clock {
 public:
  explicit SystemClock(boost::asio::io_context&);

  core::Stamp stamp() const override;
  TimerId at(core::Instant, std::function<void()>) override;
  void cancel(TimerId) override;
  // Drops every timer: the last thing before the io context stops.
  void cancel_all();

 private:
  using Key = std::pair<core::Instant, TimerId>;
  void arm();
  void fire_due();

  boost::asio::steady_timer timer_;
  std::string boot_id_;
  TimerId last_ = 0;
  std::map<Key, std::function<void()>> timers_;
  std::map<TimerId, core::Instant> instants_;
  core::Instant armed_for_ = core::Instant::max();
};

// Now, without a clock object: for commands.
core::Stamp system_stamp();

}  // namespace smokeledger::daemon
