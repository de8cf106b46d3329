#include <algorithm>
#include <charconv>

#include "exporters/metrics/metrics.h"

namespace smokeledger::exporters::metrics {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

// The part of `rest` up to `mark`, which is taken off with it.
std::string_view next_part(std::string_view& rest, char mark) {
  const std::string_view part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return trimmed(part);
}

bool same(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
         });
}

// One media range with what it asks for.
struct Asked {
  std::string_view type;
  std::string_view version;  // empty: any
  double weight = 1;
};

Asked asked_for(std::string_view range) {
  Asked asked;
  asked.type = next_part(range, ';');
  while (!range.empty()) {
    std::string_view value = next_part(range, ';');
    const std::string_view name = next_part(value, '=');
    if (same(name, "q")) {
      const auto read = std::from_chars(value.data(), value.data() + value.size(), asked.weight);
      if (read.ec != std::errc() || !(asked.weight >= 0)) asked.weight = 0;
    } else if (same(name, "version")) {
      if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
      asked.version = value;
    }
  }
  return asked;
}

}  // namespace

bool asks_for_open_metrics(std::string_view accept) {
  double open = 0;
  double text = 0;
  while (!accept.empty()) {
    const Asked asked = asked_for(next_part(accept, ','));
    if (same(asked.type, "application/openmetrics-text")) {
      const bool ours = asked.version.empty() || asked.version == "1.0.0";
      if (ours) open = std::max(open, asked.weight);
    } else if (same(asked.type, "text/plain")) {
      text = std::max(text, asked.weight);
    }
  }
  return open > 0 && open >= text;
}

}  // namespace smokeledger::exporters::metrics
