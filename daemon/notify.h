// What systemd is told: readiness, reloads, status, and that the loop still turns.
// https://www.freedesktop.org/software/systemd/man/sd_notify.html
#pragma once

#include <optional>
#include <string_view>

#include "probes/core/time.h"

namespace smokeledger::daemon {

// No effect where no service manager listens.
class Notify {
 public:
  void ready(std::string_view status) const;
  void status(std::string_view) const;
  void reloading() const;
  void stopping() const;
  void watchdog() const;

  // How often the service manager wants to hear of us; empty: not at all.
  std::optional<probes::core::Milliseconds> watchdog_interval() const;
};

}  // namespace smokeledger::daemon
