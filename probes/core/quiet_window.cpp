#include "probes/core/quiet_window.h"

namespace smokeledger::probes::core {

bool is_open(const QuietWindow& window, const LocalTime& local) {
  const auto today = static_cast<std::size_t>(local.weekday);
  const std::size_t yesterday = (today + 6) % 7;
  const bool after_begin = local.of_day >= window.from;
  const bool before_end = local.of_day < window.to;
  if (window.from < window.to) return window.days[today] && after_begin && before_end;
  return (window.days[today] && after_begin) || (window.days[yesterday] && before_end);
}

}  // namespace smokeledger::probes::core
