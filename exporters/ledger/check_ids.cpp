#include "exporters/ledger/check_ids.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace smokeledger::exporters::ledger {
namespace {

struct Parts {
  std::string_view day;
  std::uint64_t number = 0;
};

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string padded(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::optional<Parts> parts_of(std::string_view id, std::string_view probe) {
  constexpr std::size_t day_size = 8;
  if (!id.starts_with(probe)) return std::nullopt;
  id.remove_prefix(probe.size());
  if (id.size() < day_size + 2 || id[0] != '-' || id[day_size + 1] != '-') return std::nullopt;
  Parts parts{id.substr(1, day_size)};
  const std::string_view digits = id.substr(day_size + 2);
  if (!all_digits(parts.day) || !all_digits(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), parts.number);
  if (padded(parts.number) != digits) return std::nullopt;
  return parts;
}

}  // namespace

std::string CheckIds::check(std::string_view check_id) {
  const auto parts = parts_of(check_id, probe_);
  const bool new_day = parts && parts->day > day_;
  if (new_day) {
    day_ = parts->day;
    number_ = 0;
  }
  const std::uint64_t expected = number_ + 1;
  const bool right = parts && parts->day == day_ && parts->number == expected;
  if (parts && parts->day == day_) number_ = std::max(number_, parts->number);
  if (right) return {};
  return probe_ + '-' + (day_.empty() ? "<UTC day>" : day_) + '-' + padded(expected);
}

}  // namespace smokeledger::exporters::ledger
