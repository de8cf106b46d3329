#include "daemon/check_id.h"

namespace smokeledger::daemon {
namespace {

std::string padded(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string next_check_id(const core::State& state, const std::string& probe, core::WallTime now) {
  std::string day = core::utc_day(now);
  std::uint32_t number = 0;
  // When the wall clock went back, the ids of its day are taken: the newest day goes on.
  const auto known = state.probes.find(probe);
  if (known != state.probes.end() && known->second.day >= day) {
    day = known->second.day;
    number = known->second.runs_today;
  }
  return probe + '-' + day + '-' + padded(number + 1);
}

}  // namespace smokeledger::daemon
