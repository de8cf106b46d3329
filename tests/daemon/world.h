// The world of a service under test: time that only the test moves, a wall clock that can be
// stepped, boots, a disk that can break, and the queue of what other threads hand to io.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "exporters/ledger/append_file.h"
#include "probes/run/seams.h"

namespace smokeledger::tests {

namespace core = probes::core;

// Timers fire in order of their instants, then of their making, and only when the test says so.
class WorldClock : public probes::run::Clock {
 public:
  core::Stamp stamp() const override;
  TimerId at(core::Instant when, std::function<void()> callback) override;
  void cancel(TimerId id) override;

  // Fires the next timer and moves the time to it; false when there is none until then.
  bool fire_next(core::Instant until = core::Instant::max());
  void move_to(core::Instant when) { now_ = std::max(now_, when); }
  void step_wall(core::Milliseconds by) { wall_offset_ += by; }
  // Another boot, `down` later: instants begin anew, the wall clock goes on.
  void reboot(core::Milliseconds down);

  std::size_t pending() const { return timers_.size(); }
  // True time since the beginning, whatever boots and steps there were.
  core::Milliseconds passed() const { return before_boot_ + now_.time_since_epoch(); }
  core::Milliseconds passed_at(core::Instant of_this_boot) const {
    return before_boot_ + of_this_boot.time_since_epoch();
  }
  core::WallTime wall() const { return stamp().wall; }

 private:
  core::Milliseconds before_boot_{0};
  core::Milliseconds wall_offset_{0};
  core::Instant now_{};
  std::uint32_t boot_ = 1;
  TimerId last_ = 0;
  std::map<std::pair<core::Instant, TimerId>, std::function<void()>> timers_;
};

// Gives these draws, then the last one again and again.
class ListedDraws : public probes::run::Random {
 public:
  explicit ListedDraws(std::vector<double> values = {0.0}) : values_(std::move(values)) {}
  core::Draw draw() override {
    return {values_[next_ + 1 < values_.size() ? next_++ : values_.size() - 1]};
  }

 private:
  std::vector<double> values_;
  std::size_t next_ = 0;
};

// The real disk until it breaks: then every call is refused and writes nothing. A full one sets no
// space aside, and still writes into what was.
class BreakableDisk {
 public:
  exporters::ledger::OpenAppendFile opener();
  void break_now() { broken_ = true; }
  bool broken() const { return broken_; }
  void fill() { full_ = true; }
  bool full() const { return full_; }

 private:
  std::atomic<bool> broken_ = false;
  std::atomic<bool> full_ = false;
};

// What was posted to the io thread; the test is that thread.
class IoQueue {
 public:
  void post(std::function<void()> work);  // any thread
  bool run();                             // false when there was nothing to do
  void clear();

 private:
  std::vector<std::function<void()>> take();

  std::mutex mutex_;
  std::vector<std::function<void()>> queue_;
};

}  // namespace smokeledger::tests
