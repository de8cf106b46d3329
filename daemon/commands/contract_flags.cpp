#include "daemon/commands/contract_flags.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "daemon/config/contracts.h"

namespace smokeledger::daemon::commands {

void ContractFlags::add_to(CLI::App& command) {
  auto* dir =
      command.add_option("--contracts", contracts_dir, "folder with overriding contract files");
  command.add_option("--config.file", config_file, "configuration whose contracts_dir is used")
      ->excludes(dir);
}

std::optional<ContractsInForce> load_contracts_in_force(const ContractFlags& flags,
                                                        Context& context) {
  std::vector<config::ConfigError> errors;
  ContractsInForce in_force;
  if (!flags.config_file.empty()) {
    config::ReadResult read = config::load_config(flags.config_file);
    errors = std::move(read.errors);
    if (read.config) in_force.contracts = read.config->contracts;
    in_force.config = std::move(read.config);
  } else {
    config::ContractsResult read = config::load_contracts(flags.contracts_dir);
    errors = std::move(read.errors);
    in_force.contracts = std::move(read.contracts);
  }
  for (const auto& error : errors) context.err << error.text() << '\n';
  if (errors.empty()) return in_force;
  context.exit_code = exit_usage;
  return std::nullopt;
}

std::optional<config::Contracts> contracts_in_force(const ContractFlags& flags, Context& context) {
  auto in_force = load_contracts_in_force(flags, context);
  if (!in_force) return std::nullopt;
  return std::move(in_force->contracts);
}

std::shared_ptr<const core::Contract> contract_of(const config::Contracts& contracts,
                                                  core::EndpointFamily family) {
  const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const auto& contract) {
    return contract->family == family;
  });
  return found == contracts.end() ? nullptr : *found;
}

std::optional<core::EndpointFamily> family_named(const std::string& text, Context& context) {
  const auto family = core::family_from(text);
  if (!family) {
    context.err << "no endpoint family of this name; `smokeledger contract list` shows them\n";
    context.exit_code = exit_usage;
  }
  return family;
}

}  // namespace smokeledger::daemon::commands
