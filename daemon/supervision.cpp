#include "daemon/supervision.h"

#include <chrono>
#include <utility>

namespace smokeledger::daemon {

Supervision::Supervision(Parts parts) : parts_(std::move(parts)) {}

Supervision::~Supervision() {
  stop();
}

void Supervision::start() {
  last_seen_ = parts_.clock.stamp();
  look_at_clock();
  feed_watchdog();
}

void Supervision::stop() {
  *alive_ = false;
  if (watchdog_timer_) parts_.clock.cancel(*watchdog_timer_);
  if (clock_timer_) parts_.clock.cancel(*clock_timer_);
  watchdog_timer_.reset();
  clock_timer_.reset();
}

void Supervision::feed_watchdog() {
  const auto interval = parts_.notify.watchdog_interval();
  if (!interval) return;
  // Fed only by a round through the io and projections threads, so that either standing still
  // shows. The ledger thread is left out: a slow disk is no reason to kill the service.
  watchdog_timer_ = parts_.clock.at(parts_.clock.now() + *interval / 3, [this] {
    parts_.projections.post([this, alive = alive_, post = parts_.post](const auto&) {
      post([this, alive] {
        if (!*alive) return;
        parts_.notify.watchdog();
        feed_watchdog();
      });
    });
  });
}

void Supervision::look_at_clock() {
  const core::Stamp now = parts_.clock.stamp();
  if (const auto step = clock_step(last_seen_, now); step != core::Milliseconds{0}) {
    parts_.log.warning("the wall clock was stepped",
                       {{"step", std::to_string(step.count()) + "ms"}});
    parts_.journal.append({core::ClockStepLine{step.count()}}, [](const Records*) {});
  }
  last_seen_ = now;
  clock_timer_ = parts_.clock.at(now.boot + std::chrono::minutes{1}, [this] { look_at_clock(); });
}

core::Milliseconds clock_step(const core::Stamp& before, const core::Stamp& now) {
  const core::Milliseconds wall = now.wall - before.wall;
  const core::Milliseconds moved = wall - (now.boot - before.boot);
  constexpr core::Milliseconds unseen = std::chrono::seconds{1};
  return moved > unseen || moved < -unseen ? moved : core::Milliseconds{0};
}

}  // namespace smokeledger::daemon
