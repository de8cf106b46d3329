// Time zones by their IANA names, from this host's zoneinfo files
// (https://www.iana.org/time-zones). Thread-safe; a zone is read from the disk at its first use.
#pragma once

#include <string>

#include "probes/core/quiet_window.h"
#include "probes/core/time.h"

namespace smokeledger::daemon::config {

bool is_time_zone(const std::string& name);

// What a clock on the wall shows there then, with the daylight saving in force. REQUIRES:
// is_time_zone.
probes::core::LocalTime local_time(const std::string& time_zone, probes::core::WallTime);

}  // namespace smokeledger::daemon::config
