#include "exporters/metrics/metrics.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <ostream>
#include <streambuf>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include "exporters/ledger/checkpoint.h"
#include "exporters/metrics/open_metrics.h"
#include "exporters/metrics/own_metrics.h"
#include "probes/core/review_lines.h"
#include "probes/core/state.h"

namespace smokeledger::exporters::metrics {
namespace {

using CounterFamily = prometheus::Family<prometheus::Counter>;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

constexpr std::size_t shown_hash_digits = 16;

// Lets the serializer write straight into the reply's string: no second copy of a whole scrape.
class StringSink : public std::streambuf {
 public:
  explicit StringSink(std::string& out) : out_(out) {}

 protected:
  int_type overflow(int_type c) override {
    if (c != traits_type::eof()) out_.push_back(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    out_.append(text, static_cast<std::size_t>(size));
    return size;
  }

 private:
  std::string& out_;
};

void write(std::ostream& out, const prometheus::Collectable& family) {
  auto samples = family.Collect();
  for (auto& one : samples) {
    std::sort(one.metric.begin(), one.metric.end(), [](const auto& a, const auto& b) {
      return a.label < b.label;
    });
  }
  prometheus::TextSerializer().Serialize(out, samples);
}

double seconds(core::WallTime at) {
  return static_cast<double>(at.time_since_epoch().count());
}

GaugeFamily gauge_family(const OwnMetric& own) {
  return GaugeFamily(std::string(own.name), std::string(own.help), {});
}

// A gauge that may be absent, for what is not known at first.
class Single {
 public:
  explicit Single(const OwnMetric& own) : family_(gauge_family(own)), label_(own.label) {}
  void set(double value) {
    if (gauge_ == nullptr) gauge_ = &family_.Add({});
    gauge_->Set(value);
  }
  void set_info(std::string_view label_value) {
    if (gauge_ != nullptr) family_.Remove(gauge_);
    gauge_ = &family_.Add({{std::string(label_), std::string(label_value)}});
    gauge_->Set(1);
  }
  const prometheus::Collectable& family() const { return family_; }

 private:
  GaugeFamily family_;
  std::string_view label_;
  prometheus::Gauge* gauge_ = nullptr;
};

// One gauge per value of its label: a probe, a family.
class Labelled {
 public:
  explicit Labelled(const OwnMetric& own) : family_(gauge_family(own)), label_(own.label) {}
  void set(const std::string& name, double value) {
    prometheus::Gauge*& gauge = gauges_[name];
    if (gauge == nullptr) gauge = &family_.Add({{std::string(label_), name}});
    gauge->Set(value);
  }
  // Where it is there and lower.
  void raise(std::string_view name, double value) {
    const auto found = gauges_.find(name);
    if (found != gauges_.end() && found->second->Value() < value) found->second->Set(value);
  }
  void forget(const std::string& name) {
    const auto found = gauges_.find(name);
    if (found == gauges_.end()) return;
    family_.Remove(found->second);
    gauges_.erase(found);
  }
  const prometheus::Collectable& family() const { return family_; }

 private:
  GaugeFamily family_;
  std::string_view label_;
  std::map<std::string, prometheus::Gauge*, std::less<>> gauges_;
};

// A counter's series; what does not change of its line is made once.
struct Series {
  prometheus::Counter* counter = nullptr;
  std::string prefix;
  Exemplar exemplar;
};

}  // namespace

struct Metrics::Impl {
  Impl() {
    for (const core::CounterInfo& row : core::counters()) {
      families.emplace_back(
          std::string(core::word(row.counter)), std::string(row.help), prometheus::Labels{});
    }
  }

  Series& series(const core::CounterKey& key) {
    Series& series = by_key[key];
    if (series.counter == nullptr) {
      const core::CounterInfo& row = core::info(key.counter);
      prometheus::Labels labels;
      for (std::size_t i = 0; i < row.label_count(); ++i) {
        labels.emplace(row.labels[i], key.labels[i]);
      }
      series.counter = &families[static_cast<std::size_t>(key.counter)].Add(labels);
      const std::vector<LabelPair> pairs(labels.begin(), labels.end());
      series.prefix = sample_prefix(core::word(key.counter), pairs);
      in_order[static_cast<std::size_t>(key.counter)].emplace(series.prefix, &series);
    }
    return series;
  }

  // What the daemon says of itself, in the catalogue's order.
  std::vector<const prometheus::Collectable*> own() const {
    return {&last.family(),
            &due.family(),
            &reviewed.family(),
            &seq.family(),
            &outstanding.family(),
            &packets.family(),
            &not_handed_over.family(),
            &covered.family(),
            &head_high.family(),
            &head_low.family(),
            &failures,
            &build.family(),
            &config.family(),
            &reload.family(),
            &reloaded_at.family()};
  }

  std::deque<CounterFamily> families;  // in the order of core::Counter; a Family cannot move
  std::map<core::CounterKey, Series> by_key;
  // Of each family, by what their lines begin with: in the order of their labels.
  std::array<std::map<std::string_view, const Series*>, core::Words<core::Counter>::list.size()>
      in_order;
  Labelled last{last_outcome};
  Labelled due{next_due};
  Labelled reviewed{contract_reviewed};
  Single seq{ledger_seq};
  Single outstanding{reviews_outstanding};
  core::ReviewQueue queue;
  Labelled packets{packets_open};
  Labelled not_handed_over{packets_not_handed_over};
  Labelled covered{checkpoint_lines};
  Labelled head_high{checkpoint_head_high};
  Labelled head_low{checkpoint_head_low};
  CounterFamily failures{std::string(append_failures.name), std::string(append_failures.help), {}};
  prometheus::Counter& failed = failures.Add({});
  Single build{build_info};
  Single config{config_info};
  Single reload{reload_successful};
  Single reloaded_at{reload_timestamp};
};

Metrics::Metrics(std::string_view build) : impl_(std::make_unique<Impl>()) {
  impl_->build.set_info(build);
  for (const auto to : core::every<core::HandedTo>()) set_not_handed_over(to, 0);
}

Metrics::~Metrics() = default;

void Metrics::use_shape(const MetricsShape& shape) {
  for (const core::CounterKey& key : keys_of(shape)) impl_->series(key);
}

void Metrics::restore(const core::Tally& tally) {
  for (const auto& [key, count] : tally) {
    impl_->series(key).counter->Increment(static_cast<double>(count));
  }
}

void Metrics::observe(const ledger::LedgerRecord& record) {
  for (const core::Increment& increment : core::increments(record.line())) {
    Series& series = impl_->series(increment.key);
    series.counter->Increment(static_cast<double>(increment.by));
    if (increment.by == 0) continue;
    series.exemplar = {
        record.ledger_id(), increment.by, record.recorded_at().time_since_epoch().count()};
  }
  if (const auto* line = std::get_if<core::OutcomeLine>(&record.line())) {
    set_last_outcome(line->outcome.probe, record.recorded_at());
  }
  if (const auto* line = std::get_if<core::ContractReviewLine>(&record.line())) {
    impl_->reviewed.raise(core::word(line->review.family), seconds(line->review.reviewed_at));
  }
  if (std::holds_alternative<core::CheckpointLine>(record.line())) {
    const std::string& id = record.ledger_id();
    set_checkpoint(id.substr(0, id.rfind('-')), record.seq(), record.prev());
  }
  core::fold(impl_->queue, record.line(), record.seq(), record.recorded_at());
  impl_->outstanding.set(static_cast<double>(impl_->queue.count()));
  set_ledger_seq(record.seq());
}

void Metrics::restore_reviews(const core::ReviewQueue& queue) {
  impl_->queue = queue;
  impl_->outstanding.set(static_cast<double>(queue.count()));
}

void Metrics::set_packets(const core::LiveCounts& counts) {
  impl_->packets.set("open", static_cast<double>(counts.open));
  impl_->packets.set("acknowledged", static_cast<double>(counts.acknowledged));
  impl_->packets.set("resolved", static_cast<double>(counts.resolved));
}

void Metrics::set_not_handed_over(core::HandedTo to, std::uint64_t packets) {
  impl_->not_handed_over.set(std::string(core::word(to)), static_cast<double>(packets));
}

void Metrics::set_checkpoint(const std::string& ledger,
                             std::uint64_t lines,
                             const ledger::Hash& head) {
  const auto numbers = ledger::head_numbers(head);
  impl_->covered.set(ledger, static_cast<double>(lines));
  impl_->head_high.set(ledger, static_cast<double>(numbers.high));
  impl_->head_low.set(ledger, static_cast<double>(numbers.low));
}

void Metrics::set_ledger_seq(std::uint64_t newest) {
  impl_->seq.set(static_cast<double>(newest));
}

void Metrics::set_next_due(const std::string& probe, core::WallTime at) {
  impl_->due.set(probe, seconds(at));
}

void Metrics::set_last_outcome(const std::string& probe, core::WallTime at) {
  impl_->last.set(probe, seconds(at));
}

void Metrics::set_contracts_reviewed(const std::map<core::EndpointFamily, core::WallTime>& dates) {
  for (const auto family : core::every<core::EndpointFamily>()) {
    const std::string name(core::word(family));
    const auto date = dates.find(family);
    date == dates.end() ? impl_->reviewed.forget(name)
                        : impl_->reviewed.set(name, seconds(date->second));
  }
}

void Metrics::forget_probe(const std::string& probe) {
  impl_->last.forget(probe);
  impl_->due.forget(probe);
}

void Metrics::set_reload(bool successful, core::WallTime at) {
  impl_->reload.set(successful ? 1 : 0);
  if (successful) impl_->reloaded_at.set(seconds(at));
}

void Metrics::set_config_sha256(std::string_view hash) {
  impl_->config.set_info(hash.substr(0, shown_hash_digits));
}

void Metrics::count_append_failure() {
  impl_->failed.Increment();
}

std::string Metrics::text() const {
  std::string all;
  StringSink sink(all);
  std::ostream out(&sink);
  OpenMetricsWriter samples(all);
  for (const core::CounterInfo& row : core::counters()) {
    const auto& family = impl_->in_order[static_cast<std::size_t>(row.counter)];
    if (family.empty()) continue;
    const std::string_view name = core::word(row.counter);
    all.append("# HELP ").append(name).append(" ").append(row.help);
    all.append("\n# TYPE ").append(name).append(" counter\n");
    for (const auto& [prefix, one] : family) samples.sample(prefix, one->counter->Value());
  }
  for (const auto* family : impl_->own()) write(out, *family);
  return all;
}

std::string Metrics::open_metrics() const {
  std::string all;
  OpenMetricsWriter out(all);
  for (const core::CounterInfo& row : core::counters()) {
    const auto& family = impl_->in_order[static_cast<std::size_t>(row.counter)];
    if (!family.empty()) out.family(core::word(row.counter), "counter", row.help);
    for (const auto& [prefix, one] : family) {
      out.sample(prefix, one->counter->Value(), one->exemplar);
    }
  }
  for (const auto* family : impl_->own()) out.collected(*family);
  out.end();
  return all;
}

}  // namespace smokeledger::exporters::metrics
