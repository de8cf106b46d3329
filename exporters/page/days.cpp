#include "exporters/page/days.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "exporters/page/layout.h"

namespace smokeledger::exporters::page {
namespace {

// In units of the picture.
constexpr std::uint64_t bar_width = 6;
constexpr std::uint64_t bar_step = 8;
constexpr std::uint64_t height = 24;

struct Series {
  std::string name;
  std::vector<std::uint32_t> counts;  // by day
};

std::vector<Series> series_of(const Overview& overview) {
  std::vector<Series> all;
  const auto add = [&](std::string_view name, const auto& count) {
    Series series{std::string(name), {}};
    for (const auto& [day, counts] : overview.days) series.counts.push_back(count(counts));
    all.push_back(std::move(series));
  };
  for (const auto decision : core::every<core::Decision>()) {
    if (overview.filter.decision && *overview.filter.decision != decision) continue;
    add(core::word(decision), [decision](const Counts& counts) {
      return counts.decisions[static_cast<std::size_t>(decision)];
    });
  }
  add("retry_count", [](const Counts& counts) { return counts.retries; });
  add("fallback_taken", [](const Counts& counts) { return counts.fallbacks; });
  return all;
}

// The days that are counted whole begin here.
Day first_counted(const Overview& overview) {
  if (!overview.counted_from) return overview.days.front().first;
  return std::chrono::ceil<std::chrono::days>(*overview.counted_from);
}

// The same in words.
std::string read_aloud(const Overview& overview, const Series& series) {
  const Day first = first_counted(overview);
  std::string aloud = series.name + " per UTC day, " + iso_day(overview.days.front().first) +
                      " to " + iso_day(overview.days.back().first) + ":";
  bool any = false;
  for (std::size_t i = 0; i < series.counts.size(); ++i) {
    const Day day = overview.days[i].first;
    if (series.counts[i] == 0 || day < first) continue;
    aloud += (any ? ", " : " ") + iso_day(day) + " " + std::to_string(series.counts[i]);
    any = true;
  }
  aloud += any ? ", else none" : " none";
  if (first > overview.days.front().first) aloud += "; not counted before " + iso_day(first);
  return aloud;
}

Markup bar(std::size_t index, std::uint64_t tall, std::string css, const std::string& says) {
  return element("rect",
                 {{"class", std::move(css)},
                  {"x", std::to_string(index * bar_step)},
                  {"y", std::to_string(height - tall)},
                  {"width", std::to_string(bar_width)},
                  {"height", std::to_string(tall)}},
                 element("title", says));
}

Markup picture(const Overview& overview, const Series& series) {
  const Day first = first_counted(overview);
  const std::uint64_t most =
      std::max<std::uint64_t>(1, *std::max_element(series.counts.begin(), series.counts.end()));
  Markup bars;
  for (std::size_t i = 0; i < series.counts.size(); ++i) {
    const Day day = overview.days[i].first;
    if (day < first) {
      bars += bar(i, 2, "uncounted", iso_day(day) + ": not counted");
      continue;
    }
    const std::uint64_t count = series.counts[i];
    // No count is a line to stand on; the smallest one is seen beside the largest.
    const std::uint64_t tall = count == 0 ? 1 : std::max<std::uint64_t>(3, count * height / most);
    bars += bar(i, tall, count == 0 ? "none" : "some", iso_day(day) + ": " + std::to_string(count));
  }
  const std::uint64_t width = overview.days.size() * bar_step - (bar_step - bar_width);
  return element("svg",
                 {{"class", "bars"},
                  {"role", "img"},
                  {"aria-label", read_aloud(overview, series)},
                  {"viewBox", "0 0 " + std::to_string(width) + " " + std::to_string(height)},
                  {"preserveAspectRatio", "none"}},
                 bars);
}

}  // namespace

Markup days_table(const Overview& overview) {
  const Day first = first_counted(overview);
  std::vector<std::vector<Markup>> rows;
  for (const Series& series : series_of(overview)) {
    std::uint64_t total = 0;
    std::uint32_t most = 0;
    for (std::size_t i = 0; i < series.counts.size(); ++i) {
      if (overview.days[i].first < first) continue;
      total += series.counts[i];
      most = std::max(most, series.counts[i]);
    }
    const bool today = overview.days.back().first >= first;
    rows.push_back({code(series.name),
                    picture(overview, series),
                    text(today ? std::to_string(series.counts.back()) : "unknown"),
                    text(std::to_string(most)),
                    text(std::to_string(total))});
  }
  return table(text("UTC days from " + iso_day(overview.days.front().first) + " to " +
                    iso_day(overview.days.back().first) +
                    ", today last. Each row has a scale of its own. Times do not filter it."),
               {{"Counted"},
                {"Per day", "wide"},
                {"Today", "number"},
                {"Most in a day", "number"},
                {"Together", "number"}},
               rows,
               "terse");
}

}  // namespace smokeledger::exporters::page
