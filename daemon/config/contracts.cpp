#include "daemon/config/contracts.h"

#include <algorithm>
#include <filesystem>

#include "daemon/config/file_bytes.h"

namespace smokeledger::daemon::config {
namespace {

void replace(Contracts& contracts, std::shared_ptr<const core::Contract> contract) {
  const auto same = std::find_if(contracts.begin(), contracts.end(), [&](const auto& other) {
    return other->family == contract->family;
  });
  if (same != contracts.end()) {
    *same = std::move(contract);
  } else {
    contracts.push_back(std::move(contract));
  }
}

void append(std::vector<ConfigError>& all, std::vector<ConfigError> some) {
  for (auto& error : some) all.push_back(std::move(error));
}

// One file of an override directory, where there is one.
void load_override(const std::filesystem::path& file,
                   core::EndpointFamily family,
                   ContractsResult& result) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  const auto bytes = file_bytes(file.string());
  if (!bytes) {
    result.errors.push_back(bytes.error());
    return;
  }
  ContractResult read = read_contract(file.string(), *bytes);
  if (read.contract && read.contract->family != family) {
    read.errors.push_back({file.string(),
                           0,
                           0,
                           "the file's name is not its family",
                           "rename it to FAMILY.toml, or correct family"});
  }
  if (read.errors.empty()) replace(result.contracts, read.contract);
  append(result.errors, std::move(read.errors));
}

}  // namespace

ContractsResult load_contracts(const std::string& dir) {
  ContractsResult result;
  for (const ContractFile& file : built_in_contract_files()) {
    ContractResult read = read_contract("built-in " + file.name, file.bytes);
    if (read.contract) replace(result.contracts, read.contract);
    append(result.errors, std::move(read.errors));
  }
  if (!dir.empty()) {
    std::error_code error;
    if (!std::filesystem::is_directory(dir, error)) {
      result.errors.push_back({dir,
                               0,
                               0,
                               "the folder of contract files does not exist",
                               "create it, or leave it out for the built-in contracts"});
      return result;
    }
    for (const auto family : core::every<core::EndpointFamily>()) {
      const std::string name = std::string(core::word(family)) + ".toml";
      load_override(std::filesystem::path(dir) / name, family, result);
    }
  }
  std::sort(result.contracts.begin(), result.contracts.end(), [](const auto& a, const auto& b) {
    return a->family < b->family;
  });
  return result;
}

}  // namespace smokeledger::daemon::config
