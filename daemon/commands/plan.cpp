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

void print_json(std::ostream& out,
                const std::vector<PlannedProbe>& probes,
                const PlanFlags& flags) {
  for (const auto& probe : probes) {
    core::JsonWriter json;
    json.begin_object().key("probe").string(probe.probe).key("mode").string(probe.mode);
    json.key("routes").strings(probe.routes);
    json.key("interval_ms").integer(probe.interval.count());
    json.key("next_run_from").string(core::format_utc(probe.next_run_from));
    json.key("next_run_to").string(core::format_utc(probe.next_run_to));
    json.key("hours").integer(flags.hours).key("hosts").integer(flags.hosts);
    json.key("runs").integer(probe.forecast.runs);
    json.key("calls").integer(probe.forecast.calls_expected);
    json.key("worst_calls").integer(probe.forecast.calls_at_worst);
    json.key("worst_output_tokens").integer(probe.forecast.output_tokens_at_worst);
    json.key("bound_by").string(probe.forecast.binding).end_object();
    out << json.text() << '\n';
  }
}

void print_table(std::ostream& out,
                 const std::vector<PlannedProbe>& probes,
                 const PlanFlags& flags) {
  std::vector<Row> rows;
  core::Forecast sum;
  for (const auto& probe : probes) {
    rows.push_back(plan_row(probe));
    sum.runs += probe.forecast.runs;
    sum.calls_expected += probe.forecast.calls_expected;
    sum.calls_at_worst += probe.forecast.calls_at_worst;
    sum.output_tokens_at_worst += probe.forecast.output_tokens_at_worst;
  }
  out << table(plan_header, rows);
  out << "in " << flags.hours << " h on " << flags.hosts << " host(s): " << sum.runs
      << " scheduled runs; " << sum.calls_expected << " calls when every primary answers, "
      << sum.calls_at_worst << " calls and " << sum.output_tokens_at_worst
      << " output tokens at worst (every retry, every fallback)\n";
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
