// smokeledger plan: what the configured probes may send before they do. Reads the ledger, where
// there is one, for the time of the last runs. Exit: 0, or 1 for an invalid configuration.
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/ledger_state.h"
#include "daemon/commands/output.h"
#include "daemon/commands/plan_table.h"
#include "daemon/system_clock.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

struct PlanFlags {
  std::string config_file;
  std::uint32_t hosts = 1;
  std::uint32_t hours = 24;
  std::string output;
};

void write_next_runs(core::JsonWriter& json, const std::vector<NextRun>& runs) {
  json.begin_array();
  for (const NextRun& run : runs) {
    json.begin_object().key("from").string(core::format_utc(run.from));
    json.key("to").string(core::format_utc(run.to)).key("quiet").string(run.quiet).end_object();
  }
  json.end_array();
}

void print_json(std::ostream& out,
                const std::vector<PlannedProbe>& probes,
                const PlanFlags& flags) {
  for (const auto& probe : probes) {
    const core::ProbePlan& plan = *probe.plan;
    core::JsonWriter json;
    json.begin_object().key("probe").string(plan.name).key("mode").string(word(plan.mode));
    json.key("routes").begin_array();
    for (const auto& route : plan.routes) json.string(route->name);
    json.end_array().key("interval_ms").integer(plan.schedule.interval.count());
    json.key("hours").integer(flags.hours).key("next_runs");
    write_next_runs(json, probe.next_runs);
    json.key("hosts").integer(flags.hosts);
    json.key("runs_per_day").integer(probe.day.runs);
    json.key("calls_per_day").integer(probe.day.calls_expected);
    json.key("worst_calls_per_day").integer(probe.day.calls_at_worst);
    json.key("output_tokens_per_day").integer(probe.day.output_tokens_expected);
    json.key("worst_output_tokens_per_day").integer(probe.day.output_tokens_at_worst);
    json.key("bound_by").string(probe.day.binding);
    json.key("runs_not_fitting").integer(probe.day.runs_not_fitting);
    json.key("after").begin_object();
    for (const core::ClassRow& row : core::class_rows()) {
      if (row.reason == core::Reason::none) continue;
      json.key(word(row.reason)).string(word(core::after(plan.retry.after, row.reason)));
    }
    out << json.end_object().end_object().text() << '\n';
  }
}

void print_table(std::ostream& out,
                 const std::vector<PlannedProbe>& probes,
                 const PlanFlags& flags) {
  std::vector<Row> rows;
  core::Forecast sum;
  std::size_t next_runs = 0;
  for (const auto& probe : probes) {
    rows.push_back(plan_row(probe));
    next_runs += probe.next_runs.size();
    sum.calls_expected += probe.day.calls_expected;
    sum.calls_at_worst += probe.day.calls_at_worst;
    sum.output_tokens_expected += probe.day.output_tokens_expected;
    sum.output_tokens_at_worst += probe.day.output_tokens_at_worst;
    sum.runs_not_fitting += probe.day.runs_not_fitting;
  }
  out << table(plan_header, rows);
  out << "in " << flags.hours << " h on each host: " << next_runs << " scheduled runs\n"
      << "in a day on " << flags.hosts << " host(s): " << sum.calls_expected << " calls and "
      << sum.output_tokens_expected << " output tokens when every primary answers, "
      << sum.calls_at_worst << " calls and " << sum.output_tokens_at_worst
      << " output tokens at worst (every retry, every fallback)\n";
  if (sum.runs_not_fitting > 0) {
    out << sum.runs_not_fitting
        << " runs a day do not fit into the allowed calls and output tokens at worst, and would be "
           "paused\n";
  }
  out << '\n' << class_table(probes);
}

int plan(const PlanFlags& flags, Context& context) {
  auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_failed;
  std::string note;
  const std::string& dir = read.config->ledger.dir;
  std::error_code ignored;
  if (!std::filesystem::exists(dir, ignored)) {
    note = "no ledger yet: first runs are spread over the whole first interval";
  }
  const core::State state = read_state(dir, note);
  const auto probes =
      planned(*read.config, state, {std::chrono::hours{flags.hours}, flags.hosts, system_stamp()});
  if (!note.empty()) context.err << note << '\n';
  if (wants_table(flags.output, context)) {
    print_table(context.out, probes, flags);
  } else {
    print_json(context.out, probes, flags);
  }
  return exit_ok;
}

}  // namespace

void add_plan(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("plan", "Print next runs, and calls and tokens at worst");
  auto flags = std::make_shared<PlanFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->add_option("--hosts", flags->hosts, "hosts that run this configuration")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  command->add_option("--hours", flags->hours, "hours to look ahead")
      ->check(CLI::Range(1U, 24U * 366U))
      ->capture_default_str();
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { context.exit_code = plan(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
