// Contract files: TOML to core::Contract. The shipped ones in etc/contracts are compiled in; a
// directory may override them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"

namespace smokeledger::daemon::config {

struct ContractFile {
  std::string name;  // chat_completions.toml
  std::string_view bytes;
};
// The files of etc/contracts as they were when this binary was built.
const std::vector<ContractFile>& built_in_contract_files();

struct ContractResult {
  std::shared_ptr<const core::Contract> contract;  // null when there are errors
  std::vector<ConfigError> errors;
};
// Pure. The version is `<family>/<version>+<first 12 hex of the bytes' SHA-256>`.
ContractResult read_contract(const std::string& file, std::string_view bytes);

struct ContractsResult {
  Contracts contracts;  // one per family, in the families' order
  std::vector<ConfigError> errors;
};
// The built-in ones, each replaced by <dir>/<family>.toml where that exists. Empty dir: built-in.
ContractsResult load_contracts(const std::string& dir);

}  // namespace smokeledger::daemon::config
