// Twins of the seams in probes/run/seams.h: virtual time, fixed chance, scripted replies.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/run/seams.h"

namespace smokeledger::tests {

namespace core = probes::core;

// Time stands still until advance_to() or run_until_idle(); timers fire in order of their instants,
// then of their making.
class ManualClock : public probes::run::Clock {
 public:
  core::Stamp stamp() const override {
    const auto since = std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch());
    return {start_ + since, "b0070001", now_};
  }
  TimerId at(core::Instant when, std::function<void()> callback) override {
    timers_.emplace(std::pair{std::max(when, now_), ++last_}, std::move(callback));
    return last_;
  }
  void cancel(TimerId id) override {
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      if (it->first.second == id) {
        timers_.erase(it);
        return;
      }
    }
  }

  // Fires what is due on the way; false when nothing was left to fire.
  bool fire_next() {
    if (timers_.empty()) return false;
    auto node = timers_.extract(timers_.begin());
    now_ = std::max(now_, node.key().first);
    node.mapped()();
    return true;
  }
  void advance_to(core::Instant until) {
    while (!timers_.empty() && timers_.begin()->first.first <= until) fire_next();
    now_ = std::max(now_, until);
  }
  void advance(core::Milliseconds by) { advance_to(now_ + by); }
  void run_until_idle() {
    while (fire_next()) {
    }
  }
  std::size_t pending() const { return timers_.size(); }

 private:
  core::WallTime start_ = *core::parse_utc("2026-11-21T08:00:00Z");
  core::Instant now_{};
  TimerId last_ = 0;
  std::map<std::pair<core::Instant, TimerId>, std::function<void()>> timers_;
};

class FixedRandom : public probes::run::Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  core::Draw draw() override { return {value_}; }

 private:
  double value_;
};

// Answers each send with the next exchange of the script (the last one repeats) after `takes`, or
// with a timeout where the request's own is over first.
class ScriptedTransport : public probes::run::Transport {
 public:
  ScriptedTransport(probes::run::Clock& clock, std::vector<core::Exchange> script)
      : clock_(clock), script_(std::move(script)) {}

  SendId send(probes::run::Outgoing outgoing,
              std::function<void(core::Exchange)> callback) override {
    core::Exchange answer = script_[std::min(sent.size(), script_.size() - 1)];
    core::Milliseconds after = sent.size() < each_takes.size() ? each_takes[sent.size()] : takes;
    if (after > outgoing.request.timeout) {
      after = outgoing.request.timeout;
      answer = core::Fault{.reason = core::Reason::timeout};
    }
    most_in_flight = std::max(most_in_flight, ++in_flight);
    if (on_send) on_send(outgoing);
    sent.push_back(std::move(outgoing));
    return clock_.at(clock_.now() + after, [this, answer, callback] {
      --in_flight;
      callback(answer);
    });
  }
  void cancel(SendId id) override {
    --in_flight;
    ++cancelled;
    clock_.cancel(id);
  }

  core::Milliseconds takes{20};
  std::vector<core::Milliseconds> each_takes;  // of the first sends, in order
  std::function<void(const probes::run::Outgoing&)> on_send;
  std::vector<probes::run::Outgoing> sent;
  std::uint32_t cancelled = 0;
  std::uint32_t in_flight = 0;
  std::uint32_t most_in_flight = 0;

 private:
  probes::run::Clock& clock_;
  std::vector<core::Exchange> script_;
};

}  // namespace smokeledger::tests
