// Hours of the week in which nothing is sent, by the wall clock of a place. Pure: whoever knows the
// zone says what its clock shows, so daylight saving shifts nothing: the window keeps its hours.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class Weekday { mon, tue, wed, thu, fri, sat, sun };
template <>
struct Words<Weekday> {
  static constexpr std::array<std::string_view, 7> list{
      "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
};

// What a clock on the wall shows.
struct LocalTime {
  Weekday weekday{};
  std::chrono::minutes of_day{0};  // 0 to 1439

  bool operator==(const LocalTime&) const = default;
};

struct QuietWindow {
  std::string name;
  std::string time_zone;         // IANA name, Europe/Berlin
  std::array<bool, 7> days{};    // on which it begins
  std::chrono::minutes from{0};  // of the day
  std::chrono::minutes to{0};    // before that; at or before `from`: of the next day

  bool operator==(const QuietWindow&) const = default;
};

// Whether the window is open then. One that begins where it ends is open for 24 hours.
bool is_open(const QuietWindow&, const LocalTime&);

}  // namespace smokeledger::probes::core
