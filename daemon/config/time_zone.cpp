#include "daemon/config/time_zone.h"

#include <date/tz.h>

#include <stdexcept>

namespace smokeledger::daemon::config {

namespace core = probes::core;

bool is_time_zone(const std::string& name) {
  // The library reads a file of this name: only names of zones may get that far.
  const bool plain = name.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789/_+-") == std::string::npos;
  if (!plain || name.empty()) return false;
  try {
    date::locate_zone(name)->get_info(std::chrono::sys_seconds{});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

core::LocalTime local_time(const std::string& time_zone, core::WallTime time) {
  const auto local = date::locate_zone(time_zone)->to_local(time);
  const auto day = std::chrono::floor<date::days>(local);
  const unsigned iso = date::weekday(day).iso_encoding();  // 1 is Monday
  return {static_cast<core::Weekday>(iso - 1),
          std::chrono::floor<std::chrono::minutes>(local - day)};
}

}  // namespace smokeledger::daemon::config
