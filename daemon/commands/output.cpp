#include "daemon/commands/output.h"

#include <CLI/CLI.hpp>

namespace smokeledger::daemon::commands {

void add_output_option(CLI::App& command, std::string& output, const std::string& what) {
  command.add_option("-o,--output", output, what + "; by default a table on a terminal, else json")
      ->check(CLI::IsMember({"table", "json"}));
}

bool wants_table(const std::string& output, const Context& context) {
  return output.empty() ? context.out_is_terminal : output == "table";
}

}  // namespace smokeledger::daemon::commands
