#include "exporters/metrics/open_metrics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace smokeledger::exporters::metrics {
namespace {

constexpr double exact_integers = 9'007'199'254'740'992;  // 2 to the 53rd

std::string_view without_total(std::string_view name, std::string_view type) {
  constexpr std::string_view total = "_total";
  if (type == "counter" && name.ends_with(total)) name.remove_suffix(total.size());
  return name;
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

// An integer, or a double and how.
template <class... Number>
void append_number(std::string& out, Number... value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value...).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string sample_prefix(std::string_view name, std::span<const LabelPair> labels) {
  std::string prefix(name);
  char before = '{';
  for (const auto& [label, value] : labels) {
    prefix += std::exchange(before, ',');
    prefix.append(label).append("=\"");
    append_escaped(prefix, value);
    prefix += '"';
  }
  return prefix.append(labels.empty() ? " " : "} ");
}

void OpenMetricsWriter::family(std::string_view name,
                               std::string_view type,
                               std::string_view help) {
  const std::string_view family = without_total(name, type);
  out_.append("# TYPE ").append(family).append(" ").append(type);
  out_.append("\n# HELP ").append(family).append(" ");
  append_escaped(out_, help);
  out_ += '\n';
}

void OpenMetricsWriter::number(double value) {
  if (std::abs(value) < exact_integers && std::floor(value) == value) {
    append_number(out_, static_cast<std::int64_t>(value));
  } else {
    append_number(out_, value, std::chars_format::general, 16);  // as prometheus-cpp
  }
}

void OpenMetricsWriter::sample(std::string_view prefix, double value) {
  out_.append(prefix);
  number(value);
  out_ += '\n';
}

void OpenMetricsWriter::sample(std::string_view prefix, double value, const Exemplar& exemplar) {
  if (exemplar.ledger_id.empty()) return sample(prefix, value);
  out_.append(prefix);
  number(value);
  out_.append(" # {ledger_id=\"").append(exemplar.ledger_id).append("\"} ");
  append_number(out_, exemplar.by);
  out_ += ' ';
  append_number(out_, exemplar.recorded_at);
  out_ += '\n';
}

void OpenMetricsWriter::collected(const prometheus::Collectable& collectable) {
  for (const auto& one : collectable.Collect()) {
    const bool counter = one.type == prometheus::MetricType::Counter;
    family(one.name, counter ? "counter" : "gauge", one.help);
    for (const auto& metric : one.metric) {
      std::vector<LabelPair> labels;
      for (const auto& label : metric.label) labels.emplace_back(label.name, label.value);
      sample(sample_prefix(one.name, labels), counter ? metric.counter.value : metric.gauge.value);
    }
  }
}

void OpenMetricsWriter::end() {
  out_ += "# EOF\n";
}

}  // namespace smokeledger::exporters::metrics
