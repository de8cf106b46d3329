// The check ids of one probe: <probe>-<UTC day>-<number of the day>, in order and without a gap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace smokeledger::exporters::ledger {

class CheckIds {
 public:
  explicit CheckIds(std::string probe) : probe_(std::move(probe)) {}

  // Of a ledger whose earlier lines were retired: the newest id before it had this day and number.
  void go_on_from(std::string day, std::uint64_t number) {
    day_ = std::move(day);
    number_ = number;
  }

  // What the next id of the probe had to be; empty: this one is right. Counts on from it in any
  // case. A day begins with 001; which day it is nobody can tell afterwards.
  std::string check(std::string_view check_id);

 private:
  std::string probe_;
  std::string day_;  // newest
  std::uint64_t number_ = 0;
};

}  // namespace smokeledger::exporters::ledger
