// smokeledger check-config FILE...: every error at once on stderr; a summary of a good file on
// stdout. Exit: 0 all files are good, 1 one is not.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/output.h"
#include "daemon/config/config.h"
#include "daemon/config/worst_line.h"
#include "probes/core/forecast.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

struct CheckConfigFlags {
  std::vector<std::string> files;
  std::string output;
};

struct Summary {
  std::uint64_t probes = 0;
  std::uint64_t routes_used = 0;
  std::uint64_t providers = 0;
  std::uint64_t calls_a_day = 0;  // at most
  std::uint64_t longest_line_bytes = 0;
};

Summary summary_of(const config::Config& config) {
  Summary sum{config.probes.size(), 0, config.providers.size(), 0, 0};
  std::set<std::string> routes;
  for (const auto& plan : config.probes) {
    sum.calls_a_day += core::forecast(*plan, std::chrono::hours(24), 1).calls_at_worst;
    sum.longest_line_bytes = std::max<std::uint64_t>(
        sum.longest_line_bytes, config::worst_line_bytes(*plan, config.ledger.name));
    for (const auto& route : plan->routes) routes.insert(route->name);
  }
  sum.routes_used = routes.size();
  return sum;
}

void print_text(std::ostream& out, const std::string& file, const Summary& sum) {
  out << file << ": ok: " << sum.probes << " probes, " << sum.routes_used << " routes used, "
      << sum.providers << " providers, at most " << sum.calls_a_day << " calls a day";
  if (sum.longest_line_bytes > 0) {
    out << ", longest ledger line at most " << sum.longest_line_bytes << " bytes";
  }
  out << '\n';
  if (sum.probes == 0) {
    out << file << ": note: no probe is configured; a daemon would have nothing to do\n";
  }
}

void print_json(std::ostream& out, const std::string& file, const Summary& sum) {
  core::JsonWriter json;
  json.begin_object().key("file").string(file);
  json.key("probes").integer(sum.probes);
  json.key("routes_used").integer(sum.routes_used);
  json.key("providers").integer(sum.providers);
  json.key("calls_a_day_at_most").integer(sum.calls_a_day);
  json.key("longest_line_bytes_at_most").integer(sum.longest_line_bytes);
  out << json.end_object().text() << '\n';
}

// Whether the file is good.
bool check(const std::string& file, const CheckConfigFlags& flags, Context& context) {
  const config::ReadResult result = config::load_config(file);
  for (const auto& error : result.errors) context.err << error.text() << '\n';
  if (!result.config) return false;
  const Summary sum = summary_of(*result.config);
  wants_table(flags.output, context) ? print_text(context.out, file, sum)
                                     : print_json(context.out, file, sum);
  return true;
}

}  // namespace

void add_check_config(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("check-config", "Report every error of configuration files");
  auto flags = std::make_shared<CheckConfigFlags>();
  command->add_option("files", flags->files, "configuration files")->required();
  add_output_option(*command, flags->output, "sums of a good file: table or json");
  command->callback([flags, &context] {
    context.exit_code = exit_ok;
    for (const std::string& file : flags->files) {
      if (!check(file, *flags, context)) context.exit_code = exit_failed;
    }
  });
}

}  // namespace smokeledger::daemon::commands
