#include "exporters/metrics/metrics.h"
#include "exporters/metrics/own_metrics.h"

namespace smokeledger::exporters::metrics {

std::vector<MetricInfo> catalogue() {
  std::vector<MetricInfo> all;
  for (const core::CounterInfo& row : core::counters()) {
    MetricInfo& info = all.emplace_back();
    info.name = core::word(row.counter);
    info.type = "counter";
    info.labels.assign(row.labels.begin(),
                       row.labels.begin() + static_cast<std::ptrdiff_t>(row.label_count()));
    info.help = row.help;
  }
  for (const OwnMetric& own : own_metrics) {
    MetricInfo& info = all.emplace_back();
    info.name = own.name;
    info.type = own.type;
    if (!own.label.empty()) info.labels.emplace_back(own.label);
    info.help = own.help;
  }
  return all;
}

}  // namespace smokeledger::exporters::metrics
