#include "daemon/commands/plan_table.h"

#include "probes/core/schedule.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

namespace {

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

}  // namespace

std::vector<PlannedProbe> planned(const config::Config& config,
                                  const core::State& state,
                                  const PlanOptions& options) {
  std::vector<PlannedProbe> probes;
  for (const auto& plan : config.probes) {
    PlannedProbe probe{.probe = plan->name,
                       .mode = std::string(word(plan->mode)),
                       .routes = {},
                       .interval = plan->schedule.interval,
                       .next_run_from = {},
                       .next_run_to = {},
                       .forecast = core::forecast(*plan, options.window, options.hosts)};
    for (const auto& route : plan->routes) probe.routes.push_back(route->name);
    core::Progress progress;
    if (const auto known = state.probes.find(plan->name); known != state.probes.end()) {
      progress = core::progress_of(known->second, options.now);
    }
    const auto wall_at = [&](double draw) {
      const auto due = core::next_due(plan->schedule, progress, options.now.boot, {draw});
      return options.now.wall + std::chrono::ceil<std::chrono::seconds>(due - options.now.boot);
    };
    probe.next_run_from = wall_at(0.0);
    probe.next_run_to = wall_at(1.0);
    if (probe.next_run_to < probe.next_run_from) {
      // Overdue: with some draws the slot is dropped for a later one.
      const auto interval = std::chrono::ceil<std::chrono::seconds>(plan->schedule.interval);
      probe.next_run_from = options.now.wall;
      probe.next_run_to = options.now.wall + interval;
    }
    probes.push_back(std::move(probe));
  }
  return probes;
}

const Row plan_header{"probe",
                      "mode",
                      "routes",
                      "interval",
                      "next_run_from",
                      "next_run_to",
                      "runs",
                      "calls",
                      "worst_calls",
                      "worst_output_tokens",
                      "bound_by"};

Row plan_row(const PlannedProbe& probe) {
  return {probe.probe,
          probe.mode,
          joined(probe.routes, ">"),
          core::format_duration(probe.interval),
          core::format_utc(probe.next_run_from),
          core::format_utc(probe.next_run_to),
          std::to_string(probe.forecast.runs),
          std::to_string(probe.forecast.calls_expected),
          std::to_string(probe.forecast.calls_at_worst),
          std::to_string(probe.forecast.output_tokens_at_worst),
          std::string(probe.forecast.binding)};
}

}  // namespace smokeledger::daemon::commands
