// smokeledger drill: counts what our own loop, a gateway or a real client sends to the stub. Exit:
// 0 every drill passed, 1 one failed, 2 usage, 3 could not tell (nothing arrived, open facts, not
// run), otherwise as `run`.
#include "daemon/commands/drill.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/output.h"

namespace smokeledger::daemon::commands {
namespace {

using Plan = std::shared_ptr<const core::ProbePlan>;

// The names of the drills that can be run so.
std::string drill_names(const config::Config& config, bool of_clients) {
  std::string names;
  for (const Plan& plan : config.probes) {
    if (!plan->drill || core::is_client_drill(*plan) != of_clients) continue;
    names.append(names.empty() ? "" : ", ").append(plan->name);
  }
  return names.empty() ? "none" : names;
}

// Every drill that the names mean; nothing, with why printed, where one cannot be run so.
std::vector<std::string> chosen(const config::Config& config,
                                const DrillFlags& flags,
                                Context& context) {
  const bool of_clients = !context.after_dashes.empty();
  std::vector<std::string> names;
  for (const Plan& plan : config.probes) {
    if (plan->drill && core::is_client_drill(*plan) == of_clients) names.push_back(plan->name);
  }
  for (const std::string& wanted : flags.probes) {
    if (std::find(names.begin(), names.end(), wanted) != names.end()) continue;
    context.err << flags.config_file << ": " << wanted
                << (of_clients ? " is not a drill of a client; those are: "
                               : " is not a drill that runs without a client; those are: ")
                << drill_names(config, of_clients) << '\n';
    return {};
  }
  if (!flags.probes.empty()) names = flags.probes;
  if (names.empty()) {
    context.err << flags.config_file << ": no probe is a drill of this kind; docs/drills.md shows "
                << "how to write one\n";
  } else if (of_clients && names.size() > 1) {
    context.err << "a client is drilled by one drill at a time; name one of: "
                << drill_names(config, true) << '\n';
    return {};
  }
  return names;
}

int drill(const DrillFlags& flags, Context& context) {
  auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  const auto names = chosen(*read.config, flags, context);
  if (names.empty()) return exit_usage;
  if (context.after_dashes.empty()) {
    return drill_runs(std::move(*read.config), names, flags, context);
  }
  return drill_client(std::move(*read.config), names.front(), flags, context);
}

}  // namespace

void add_drill(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "drill", "Count what our loop, a gateway or -- CLIENT COMMAND sends to the stub");
  auto flags = std::make_shared<DrillFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->add_option("drills", flags->probes, "names of drills; none: all of our own runs");
  add_output_option(*command, flags->output, "table, or json (ledger lines)");
  flags->log.add_to(*command);
  command->callback([flags, &context] { context.exit_code = drill(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
