#include "daemon/notify.h"

#include <time.h>

#include <cstdint>
#include <string>

#include <systemd/sd-daemon.h>

namespace smokeledger::daemon {
namespace {

void tell(const std::string& state) {
  sd_notify(0, state.c_str());
}

}  // namespace

void Notify::ready(std::string_view status) const {
  tell("READY=1\nSTATUS=" + std::string(status));
}

void Notify::status(std::string_view status) const {
  tell("STATUS=" + std::string(status));
}

void Notify::reloading() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void Notify::stopping() const {
  tell("STOPPING=1");
}

void Notify::watchdog() const {
  tell("WATCHDOG=1");
}

std::optional<probes::core::Milliseconds> Notify::watchdog_interval() const {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return probes::core::Milliseconds{static_cast<std::int64_t>(microseconds / 1000)};
}

}  // namespace smokeledger::daemon
