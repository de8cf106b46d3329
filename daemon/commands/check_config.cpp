// smokeledger check-config FILE...: every error at once on stderr; a summary of a good file on
// stdout. Exit: 0 all files are good, 1 one is not.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"
#include "daemon/config/worst_line.h"
#include "probes/core/forecast.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

void print_summary(std::ostream& out, const config::Config& config) {
  std::uint64_t calls = 0;
  std::size_t line = 0;
  std::vector<std::string> routes;
  for (const auto& plan : config.probes) {
    calls += core::forecast(*plan, std::chrono::hours(24), 1).calls_at_worst;
    line = std::max(line, config::worst_line_bytes(*plan, config.ledger.name));
    for (const auto& route : plan->routes) routes.push_back(route->name);
  }
  std::sort(routes.begin(), routes.end());
  const auto distinct = std::unique(routes.begin(), routes.end()) - routes.begin();
  out << config.file << ": ok: " << config.probes.size() << " probes, " << distinct
      << " routes used, " << config.providers.size() << " providers, at most " << calls
      << " calls a day";
  if (line > 0) out << ", longest ledger line at most " << line << " bytes";
  out << '\n';
  if (config.probes.empty()) {
    out << config.file << ": note: no probe is configured; a daemon would have nothing to do\n";
  }
}

}  // namespace

void add_check_config(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("check-config", "Report every error of configuration files");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("files", *files, "configuration files")->required();
  command->callback([files, &context] {
    context.exit_code = exit_ok;
    for (const std::string& file : *files) {
      const config::ReadResult result = config::load_config(file);
      for (const auto& error : result.errors) context.err << error.text() << '\n';
      if (result.config) {
        print_summary(context.out, *result.config);
      } else {
        context.exit_code = exit_failed;
      }
    }
  });
}

}  // namespace smokeledger::daemon::commands
