// smokeledger version
#include <CLI/CLI.hpp>

#include "daemon/build_info.h"
#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

void add_version(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("version", "Print the version");
  command->callback([&context] { context.out << "smokeledger " << version << '\n'; });
}

}  // namespace smokeledger::daemon::commands
