#include <algorithm>
#include <array>
#include <set>

#include "exporters/metrics/metrics.h"
#include "probes/core/outcome.h"
#include "probes/core/reason.h"

namespace smokeledger::exporters::metrics {
namespace {

using core::Counter;
using core::CounterKey;

// Our own client and configured gateways; a further layer adds its series when it is observed.
constexpr std::string_view ours = core::word(core::Layer::client);
constexpr std::string_view gateways = core::word(core::Layer::gateway);
constexpr std::array<std::string_view, 2> directions{"input", "output"};
constexpr std::size_t gauges_per_probe = 2;
constexpr std::size_t own_series = 15;

bool can_be_retried(core::Reason reason) {
  return reason != core::Reason::none && reason != core::Reason::aborted &&
         reason != core::Reason::unknown_crash;
}

template <class T>
void sort_and_unite(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

class Keys {
 public:
  template <class... Labels>
  void add(Counter counter, const Labels&... labels) {
    keys_.push_back(CounterKey{counter, {std::string(labels)...}});
  }
  std::vector<CounterKey> take() {
    std::sort(keys_.begin(), keys_.end());
    return std::move(keys_);
  }

 private:
  std::vector<CounterKey> keys_;
};

void add_family_provider(Keys& keys, const std::string& family, const std::string& provider) {
  for (const auto mode : core::every<core::Mode>()) {
    for (const auto status : core::every<core::StatusClass>()) {
      keys.add(Counter::outcomes, family, provider, core::word(mode), core::word(status));
    }
  }
  for (const auto reason : core::every<core::Reason>()) {
    if (!can_be_retried(reason)) continue;
    keys.add(Counter::retries, family, provider, core::word(reason), ours);
  }
  keys.add(Counter::fallback_taken, family, provider, ours);
  for (const auto result : core::every<core::ParserResult>()) {
    keys.add(Counter::parser_results, family, provider, core::word(result));
  }
  keys.add(Counter::attempts, family, provider);
}

}  // namespace

MetricsShape shape_of(const std::vector<std::shared_ptr<const core::ProbePlan>>& plans) {
  MetricsShape shape;
  for (const auto& plan : plans) {
    shape.probes.push_back(plan->name);
    if (plan->mode == core::Mode::drill) shape.drills.push_back(plan->name);
    for (const auto& route : plan->routes) {
      shape.family_providers.emplace_back(core::word(route->contract->family),
                                          route->provider->name);
      shape.providers.push_back(route->provider->name);
      if (route->provider->gateway != core::Gateway::none) {
        shape.behind_gateways.push_back(shape.family_providers.back());
      }
    }
  }
  sort_and_unite(shape.probes);
  sort_and_unite(shape.drills);
  sort_and_unite(shape.family_providers);
  sort_and_unite(shape.providers);
  sort_and_unite(shape.behind_gateways);
  return shape;
}

std::vector<CounterKey> keys_of(const MetricsShape& shape) {
  Keys keys;
  for (const auto& [family, provider] : shape.family_providers) {
    add_family_provider(keys, family, provider);
  }
  for (const auto& [family, provider] : shape.behind_gateways) {
    keys.add(Counter::retries, family, provider, core::gateways_reason, gateways);
    keys.add(Counter::fallback_taken, family, provider, gateways);
    keys.add(Counter::evidence_missing, family, provider);
  }
  for (const auto& probe : shape.probes) {
    for (const auto decision : core::every<core::Decision>()) {
      keys.add(Counter::decisions, probe, core::word(decision));
    }
  }
  for (const auto& drill : shape.drills) keys.add(Counter::drill_deviations, drill);
  for (const auto gap : core::every<core::Gap>()) {
    if (gap != core::Gap::none) keys.add(Counter::paused, core::word(gap));
  }
  for (const auto& provider : shape.providers) {
    for (const auto direction : directions) {
      keys.add(Counter::tokens_reported, provider, direction);
    }
  }
  return keys.take();
}

std::size_t series_count(const MetricsShape& shape) {
  std::set<std::string_view> families;
  for (const auto& [family, provider] : shape.family_providers) families.insert(family);
  return keys_of(shape).size() + gauges_per_probe * shape.probes.size() + families.size() +
         own_series;
}

}  // namespace smokeledger::exporters::metrics
