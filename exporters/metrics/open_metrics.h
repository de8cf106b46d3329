// OpenMetrics 1.0: the same samples as the text format, with exemplars.
// https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace smokeledger::exporters::metrics {

// The line that an increment came from; without an id, none. As a label set at most 128 characters:
// a ledger id has at most 70.
struct Exemplar {
  std::string ledger_id;
  std::uint64_t by = 0;          // what the line added
  std::int64_t recorded_at = 0;  // Unix seconds
};

using LabelPair = std::pair<std::string_view, std::string_view>;

// `name{label="value",...} `, with the values escaped: what a sample's line begins with.
std::string sample_prefix(std::string_view name, std::span<const LabelPair> labels);

// Appends to a text; a family's samples follow its description. Those without an exemplar are the
// same in the text format.
class OpenMetricsWriter {
 public:
  explicit OpenMetricsWriter(std::string& out) : out_(out) {}

  // A counter's name loses its `_total` here; its samples keep it.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view prefix, double value);
  void sample(std::string_view prefix, double value, const Exemplar&);
  void collected(const prometheus::Collectable&);  // counters and gauges without exemplars
  void end();

 private:
  void number(double);

  std::string& out_;
};

}  // namespace smokeledger::exporters::metrics
