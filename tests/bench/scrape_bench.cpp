// What a scrape of ten thousand series, most of them with an exemplar, costs against
// prometheus-cpp's own collect and serialise of the same series and values, in turns on one core:
// medians of processor time, as a ratio. Exit 1 above the factor that is allowed.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "exporters/metrics/metrics.h"
#include "probes/core/counters.h"
#include "tests/exporters/metrics/samples.h"

namespace {

namespace core = smokeledger::probes::core;
using smokeledger::exporters::metrics::keys_of;
using smokeledger::exporters::metrics::Metrics;
using smokeledger::exporters::metrics::MetricsShape;

constexpr int probes = 1'430;
constexpr int rounds = 41;
constexpr double allowed = 1.2;
constexpr std::size_t wanted_series = 10'000;

MetricsShape large_shape() {
  MetricsShape shape;
  for (int i = 0; i < probes; ++i) shape.probes.push_back("probe-" + std::to_string(10'000 + i));
  shape.family_providers = {{"chat_completions", "main"}, {"responses", "main"}};
  shape.providers = {"main"};
  return shape;
}

// One of each decision for each probe: every series of a probe, and some others, has counted.
std::vector<core::Line> large_day(const MetricsShape& shape) {
  std::vector<core::Line> lines;
  for (const auto& probe : shape.probes) {
    for (const auto decision : core::every<core::Decision>()) {
      core::OutcomeLine line = smokeledger::exporters::metrics::fallback_outcome();
      line.outcome.probe = probe;
      line.outcome.decision = decision;
      lines.emplace_back(std::move(line));
    }
  }
  return lines;
}

// The same counters, what the lines make of them, and the gauges of each probe, as prometheus-cpp's
// registry has them.
void fill(prometheus::Registry& registry,
          const MetricsShape& shape,
          const std::vector<core::Line>& lines) {
  std::vector<prometheus::Family<prometheus::Counter>*> families;
  for (const auto& row : core::counters()) {
    families.push_back(&prometheus::BuildCounter()
                            .Name(std::string(core::word(row.counter)))
                            .Help(std::string(row.help))
                            .Register(registry));
  }
  std::map<core::CounterKey, prometheus::Counter*> counters;
  const auto counter = [&](const core::CounterKey& key) {
    const auto& row = core::info(key.counter);
    prometheus::Labels labels;
    for (std::size_t i = 0; i < row.label_count(); ++i)
      labels.emplace(row.labels[i], key.labels[i]);
    auto& found = counters[key];
    if (found == nullptr) found = &families[static_cast<std::size_t>(key.counter)]->Add(labels);
    return found;
  };
  for (const auto& key : keys_of(shape)) counter(key);
  for (const auto& line : lines) {
    for (const auto& [key, by] : core::increments(line)) {
      counter(key)->Increment(static_cast<double>(by));
    }
  }
  for (const char* name :
       {"smokeledger_last_outcome_timestamp_seconds", "smokeledger_next_due_timestamp_seconds"}) {
    auto& family = prometheus::BuildGauge().Name(name).Help("When.").Register(registry);
    for (const auto& probe : shape.probes) family.Add({{"probe", probe}}).Set(1'795'249'800);
  }
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
double cost_of(Work work, std::size_t& bytes) {
  const double began = processor_seconds();
  bytes = work().size();
  return processor_seconds() - began;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + rounds / 2, values.end());
  return values[rounds / 2];
}

std::size_t exemplars_in(const std::string& text) {
  std::size_t exemplars = 0;
  for (auto at = text.find(" # {"); at != std::string::npos; at = text.find(" # {", at + 1)) {
    ++exemplars;
  }
  return exemplars;
}

std::size_t samples_in(const std::string& text) {
  std::size_t samples = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) samples += !line.empty() && line[0] != '#';
  return samples;
}

}  // namespace

int main() {
  const MetricsShape shape = large_shape();
  Metrics ours("0.1.0");
  ours.use_shape(shape);
  for (const auto& probe : shape.probes) {
    ours.set_last_outcome(probe, core::WallTime{});
    ours.set_next_due(probe, core::WallTime{});
  }
  const auto day = large_day(shape);
  smokeledger::exporters::metrics::TemporaryLedger ledger;
  for (const auto& record : ledger.append(day, core::WallTime{})) ours.observe(record);
  prometheus::Registry registry;
  fill(registry, shape, day);
  const auto theirs = [&] {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, registry.Collect());
    return out.str();
  };
  const std::size_t series = samples_in(ours.text());
  std::vector<double> text;
  std::vector<double> open_metrics;
  std::vector<double> reference;
  std::size_t bytes = 0;
  std::size_t reference_bytes = 0;
  for (int round = 0; round < rounds; ++round) {
    text.push_back(cost_of([&] { return ours.text(); }, bytes));
    open_metrics.push_back(cost_of([&] { return ours.open_metrics(); }, bytes));
    reference.push_back(cost_of(theirs, reference_bytes));
  }
  const double text_ratio = median(text) / median(reference);
  const double open_ratio = median(open_metrics) / median(reference);
  const std::size_t exemplars = exemplars_in(ours.open_metrics());
  std::printf(
      "%zu series (prometheus-cpp %zu), %zu exemplars: text %.2f, OpenMetrics %.2f times its "
      "cost\n",
      series,
      samples_in(theirs()),
      exemplars,
      text_ratio,
      open_ratio);
  return series >= wanted_series && exemplars > probes && text_ratio <= allowed &&
                 open_ratio <= allowed
             ? 0
             : 1;
}
