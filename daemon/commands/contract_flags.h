// Which contracts a `contract` command speaks of.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

struct ContractFlags {
  std::string contracts_dir;
  std::string config_file;

  // --contracts DIR or --config.file F. The flags outlive the parsing.
  void add_to(CLI::App&);
};

struct ContractsInForce {
  config::Contracts contracts;
  std::optional<config::Config> config;  // with --config.file
};
// The built-in contracts, replaced by those that the flags name. None, with the errors printed and
// the exit code set, when they cannot be read.
std::optional<ContractsInForce> load_contracts_in_force(const ContractFlags&, Context&);
// The same without the configuration.
std::optional<config::Contracts> contracts_in_force(const ContractFlags&, Context&);

// The one of that family; null where there is none.
std::shared_ptr<const core::Contract> contract_of(const config::Contracts&, core::EndpointFamily);

// A family as a person writes it; none, with the error printed and the exit code set, when this
// build does not know it.
std::optional<core::EndpointFamily> family_named(const std::string&, Context&);

}  // namespace smokeledger::daemon::commands
