#include "daemon/system_clock.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>

namespace smokeledger::daemon {
namespace {

// Eight hex digits name the boot well enough to tell it from the one before. Unreadable (a hidden
// /proc/sys): empty, and restored stamps go by the wall clock.
std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id.substr(0, 8);
}

core::Instant boot_now() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return core::Instant{std::chrono::seconds{now.tv_sec} +
                       core::Milliseconds{now.tv_nsec / 1'000'000}};
}

core::WallTime wall_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

core::Stamp system_stamp() {
  return {wall_now(), read_boot_id(), boot_now()};
}

SystemClock::SystemClock(boost::asio::io_context& io) : timer_(io), boot_id_(read_boot_id()) {}

core::Stamp SystemClock::stamp() const {
  return {wall_now(), boot_id_, boot_now()};
}

SystemClock::TimerId SystemClock::at(core::Instant when, std::function<void()> callback) {
  const TimerId id = ++last_;
  timers_.emplace(Key{when, id}, std::move(callback));
  instants_.emplace(id, when);
  arm();
  return id;
}

void SystemClock::cancel(TimerId id) {
  const auto found = instants_.find(id);
  if (found == instants_.end()) return;
  timers_.erase(Key{found->second, id});
  instants_.erase(found);
}

void SystemClock::cancel_all() {
  timers_.clear();
  instants_.clear();
  timer_.cancel();
}

void SystemClock::arm() {
  if (timers_.empty()) return;
  // The Asio timer stands still while the host sleeps; it is looked at again within a minute.
  constexpr core::Milliseconds longest = std::chrono::minutes{1};
  const core::Instant now = boot_now();
  const core::Instant next = std::min(timers_.begin()->first.first, now + longest);
  if (next >= armed_for_ && armed_for_ > now) return;
  armed_for_ = next;
  timer_.expires_after(std::max(core::Milliseconds{0}, next - now));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;  // armed anew, or gone
    armed_for_ = core::Instant::max();
    fire_due();
  });
}

void SystemClock::fire_due() {
  const core::Instant now = boot_now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto node = timers_.extract(timers_.begin());
    instants_.erase(node.key().second);
    node.mapped()();
  }
  arm();
}

}  // namespace smokeledger::daemon
