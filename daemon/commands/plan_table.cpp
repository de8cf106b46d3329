#include "daemon/commands/plan_table.h"

#include <algorithm>

#include "daemon/config/time_zone.h"
#include "probes/core/schedule.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

namespace {

std::string joined_routes(const core::ProbePlan& plan) {
  std::string text;
  for (const auto& route : plan.routes) text.append(text.empty() ? "" : ">").append(route->name);
  return text;
}

std::string open_window(const core::ProbePlan& plan, core::WallTime at) {
  for (const core::QuietWindow& window : plan.schedule.quiet) {
    if (core::is_open(window, config::local_time(window.time_zone, at))) return window.name;
  }
  return {};
}

// The span of the first one, from the schedule itself.
NextRun first_run(const core::ProbePlan& plan, const core::State& state, const core::Stamp& now) {
  core::Progress progress;
  if (const auto known = state.probes.find(plan.name); known != state.probes.end()) {
    progress = core::progress_of(known->second, now);
  }
  const auto wall_at = [&](double draw) {
    const auto due = core::next_due(plan.schedule, progress, now.boot, {draw});
    return now.wall + std::chrono::ceil<std::chrono::seconds>(due - now.boot);
  };
  NextRun run{wall_at(0.0), wall_at(1.0), {}};
  if (run.to < run.from) {
    // Overdue: with some draws the slot is dropped for a later one.
    run.from = now.wall;
    run.to = now.wall + std::chrono::ceil<std::chrono::seconds>(plan.schedule.interval);
  }
  return run;
}

// Each interval is lengthened by up to its jitter, so the spans grow.
std::vector<NextRun> next_runs(const core::ProbePlan& plan,
                               const core::State& state,
                               const PlanOptions& options) {
  std::vector<NextRun> runs;
  if (core::is_client_drill(plan)) return runs;  // a person runs it, with a client
  const NextRun first = first_run(plan, state, options.now);
  const auto interval = plan.schedule.interval;
  const auto longest =
      interval + core::Milliseconds{static_cast<core::Milliseconds::rep>(
                     static_cast<double>(interval.count()) * plan.schedule.jitter)};
  const auto seconds = [](core::Milliseconds span) {
    return std::chrono::ceil<std::chrono::seconds>(span);
  };
  for (std::size_t i = 0; i < most_next_runs; ++i) {
    NextRun run{first.from + seconds(interval * i), first.to + seconds(longest * i), {}};
    if (run.from >= options.now.wall + options.window) break;
    run.quiet = open_window(plan, run.from);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::vector<PlannedProbe> planned(const config::Config& config,
                                  const core::State& state,
                                  const PlanOptions& options) {
  std::vector<PlannedProbe> probes;
  probes.reserve(config.probes.size());
  for (const auto& plan : config.probes) {
    probes.push_back({plan,
                      next_runs(*plan, state, options),
                      core::forecast(*plan, std::chrono::hours{24}, options.hosts)});
  }
  return probes;
}

const Row plan_header{"probe",
                      "mode",
                      "routes",
                      "interval",
                      "next_run_from",
                      "next_run_to",
                      "next_runs",
                      "calls",
                      "worst_calls",
                      "output_tokens",
                      "worst_output_tokens",
                      "bound_by",
                      "runs_not_fitting"};

Row plan_row(const PlannedProbe& probe) {
  const core::ProbePlan& plan = *probe.plan;
  const bool none = probe.next_runs.empty();
  return {plan.name,
          std::string(word(plan.mode)),
          joined_routes(plan),
          core::format_duration(plan.schedule.interval),
          none ? "-" : core::format_utc(probe.next_runs.front().from),
          none ? "-" : core::format_utc(probe.next_runs.front().to),
          std::to_string(probe.next_runs.size()),
          std::to_string(probe.day.calls_expected),
          std::to_string(probe.day.calls_at_worst),
          std::to_string(probe.day.output_tokens_expected),
          std::to_string(probe.day.output_tokens_at_worst),
          std::string(probe.day.binding),
          std::to_string(probe.day.runs_not_fitting)};
}

std::string class_table(const std::vector<PlannedProbe>& probes) {
  const core::ClassTable documented = core::documented_classes();
  std::vector<const core::ProbePlan*> differing;
  for (const auto& probe : probes) {
    if (probe.plan->retry.after != documented) differing.push_back(probe.plan.get());
  }
  Row header{"after", "by_default"};
  for (const auto* plan : differing) header.push_back(plan->name);
  std::vector<Row> rows;
  for (const core::ClassRow& row : core::class_rows()) {
    if (row.reason == core::Reason::none) continue;
    Row cells{std::string(word(row.reason)), std::string(word(row.by_default))};
    for (const auto* plan : differing) {
      const auto action = core::after(plan->retry.after, row.reason);
      cells.emplace_back(action == row.by_default ? "-" : word(action));
    }
    rows.push_back(std::move(cells));
  }
  return table(header, rows);
}

}  // namespace smokeledger::daemon::commands
