#include "probes/core/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace smokeledger::probes::core {
namespace {

std::string padded(int value, std::size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

// Exactly the digits of text[from, from + count); nothing else.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

}  // namespace

std::string format_utc(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return padded(static_cast<int>(date.year()), 4) + '-' +
         padded(static_cast<int>(static_cast<unsigned>(date.month())), 2) + '-' +
         padded(static_cast<int>(static_cast<unsigned>(date.day())), 2) + 'T' +
         padded(static_cast<int>(clock.hours().count()), 2) + ':' +
         padded(static_cast<int>(clock.minutes().count()), 2) + ':' +
         padded(static_cast<int>(clock.seconds().count()), 2) + 'Z';
}

std::optional<WallTime> parse_utc(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year{*digits(text, 0, 4)},
      std::chrono::month{static_cast<unsigned>(*digits(text, 5, 2))},
      std::chrono::day{static_cast<unsigned>(*digits(text, 8, 2))}};
  const int hour = *digits(text, 11, 2);
  const int minute = *digits(text, 14, 2);
  const int second = *digits(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

void include(std::optional<TimeRange>& range, WallTime time) {
  if (!range) range = TimeRange{time, time};
  range->earliest = std::min(range->earliest, time);
  range->latest = std::max(range->latest, time);
}

std::string utc_day(WallTime time) {
  const std::string text = format_utc(time);
  return text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2);
}

std::string format_duration(Milliseconds duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string text;
  for (const auto& unit : units) {
    const std::int64_t count = left / unit.milliseconds;
    if (count == 0) continue;
    text += std::to_string(count);
    text += unit.name;
    left -= count * unit.milliseconds;
  }
  return text;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto letters = text.substr(0, text.find_first_of("0123456789"));
    const Unit* unit = nullptr;
    for (const auto& candidate : units) {
      if (candidate.name == letters) unit = &candidate;
    }
    if (unit == nullptr) return std::nullopt;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 4;
    if (count > most / unit->milliseconds) return std::nullopt;
    total += count * unit->milliseconds;
    if (total > most) return std::nullopt;
    text.remove_prefix(letters.size());
  }
  return Milliseconds{total};
}

std::optional<WallTime> parse_moment(std::string_view text, WallTime now) {
  if (!text.starts_with('-')) return parse_utc(text);
  const auto back = parse_duration(text.substr(1));
  if (!back) return std::nullopt;
  return now - std::chrono::duration_cast<std::chrono::seconds>(*back);
}

std::optional<Milliseconds> decimal_wait(std::string_view text, Milliseconds unit) {
  constexpr std::int64_t longest = 1'000'000'000'000;  // keeps arithmetic safe
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  const auto is_digits = [](std::string_view digits) {
    return digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (whole.empty() || !is_digits(whole) || !is_digits(part) || text.ends_with('.')) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (parsed.ec != std::errc{} || count > longest / unit.count()) return Milliseconds{longest};
  std::int64_t wait = count * unit.count();
  std::int64_t place = unit.count();
  bool below = false;  // something is left that is less than a millisecond
  for (const char digit : part) {
    below = below || (digit != '0' && place < 10);
    place /= 10;
    wait += (digit - '0') * place;
  }
  return Milliseconds{wait + (below ? 1 : 0)};
}

}  // namespace smokeledger::probes::core
