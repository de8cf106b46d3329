// The Prometheus side: counters projected from ledger records, and what the daemon says of itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporters/ledger/record.h"
#include "probes/core/counters.h"
#include "probes/core/packet_lines.h"
#include "probes/core/plan.h"

namespace smokeledger::exporters::metrics {

namespace core = probes::core;

// The closed label sets of a configuration: every combination exists at 0 from the start.
struct MetricsShape {
  std::vector<std::string> probes;
  std::vector<std::string> drills;  // those of the probes that are drills
  // (family, provider) pairs that some route has; (family, provider) of fallback routes likewise.
  std::vector<std::pair<std::string, std::string>> family_providers;
  std::vector<std::string> providers;
  // Those of the pairs whose provider stands for a gateway.
  std::vector<std::pair<std::string, std::string>> behind_gateways;

  bool operator==(const MetricsShape&) const = default;
};
// Sorted and without duplicates. Pure.
MetricsShape shape_of(const std::vector<std::shared_ptr<const core::ProbePlan>>&);
// Every counter series of that shape, in the catalogue's order: what exists at 0. Pure.
std::vector<core::CounterKey> keys_of(const MetricsShape&);
// How many series that shape makes, gauges included: for check-config. Pure.
std::size_t series_count(const MetricsShape&);

// Used on the projections thread only.
class Metrics {
 public:
  explicit Metrics(std::string_view build);
  ~Metrics();

  void use_shape(const MetricsShape&);  // adds what is missing; counters never go away
  void restore(const core::Tally&);     // at start, before anything is observed
  // Counts what the line adds, takes its sequence number and, of an outcome or a contract's review,
  // when it was made.
  // A key outside the shape (a provider that is no longer configured) gets its series here.
  void observe(const ledger::LedgerRecord&);
  // What waited for a review when the ledger was opened; observe() goes on from it.
  void restore_reviews(const core::ReviewQueue&);
  void set_packets(const core::LiveCounts&);
  void set_not_handed_over(core::HandedTo, std::uint64_t packets);
  void set_ledger_seq(std::uint64_t newest);  // at start, from the ledger as it was opened
  // The newest signed checkpoint; observe() takes it from its line.
  void set_checkpoint(const std::string& ledger, std::uint64_t lines, const ledger::Hash& head);
  void set_next_due(const std::string& probe, core::WallTime);
  void forget_probe(const std::string& probe);  // its two gauges go; its counters stay
  void set_last_outcome(const std::string& probe, core::WallTime);
  // One series per family in use; those of other families go.
  void set_contracts_reviewed(const std::map<core::EndpointFamily, core::WallTime>&);
  void set_reload(bool successful, core::WallTime);
  void set_config_sha256(std::string_view);  // its first 16 digits are shown; the old series goes
  void count_append_failure();

  // Text exposition format 0.0.4, byte for byte what prometheus-cpp writes of each family; counters
  // straight from what is kept of their lines, series in label order. Content type:
  // text_content_type. https://prometheus.io/docs/instrumenting/exposition_formats/
  std::string text() const;

  // OpenMetrics 1.0, likewise family by family. A counter whose last increment came from a line
  // that was observed here has that line's `ledger_id` as its exemplar; after restore() it has none
  // until the next one. Content type: open_metrics_content_type.
  std::string open_metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline constexpr std::string_view text_content_type = "text/plain; version=0.0.4; charset=utf-8";
inline constexpr std::string_view open_metrics_content_type =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

// Whether an Accept header names OpenMetrics 1.0 and does not prefer text/plain. Without one, with
// anything malformed and for wildcards alone: no. Pure.
// https://www.rfc-editor.org/rfc/rfc9110#name-accept
bool asks_for_open_metrics(std::string_view accept);

// Name, type, labels and help of every metric, for docs/metrics.md and its test.
struct MetricInfo {
  std::string name;
  std::string type;
  std::vector<std::string> labels;
  std::string help;
};
std::vector<MetricInfo> catalogue();  // counters of the ledger first, then the daemon's own

}  // namespace smokeledger::exporters::metrics
