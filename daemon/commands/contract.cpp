// smokeledger contract list | show FAMILY | check --family F FILE...: the contracts in force, and
// recorded replies checked against them. Exit of check: 0 all are documented_shape, 1 one is not,
// 2 a file or the contracts cannot be read.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/contract_text.h"
#include "daemon/config/contracts.h"
#include "daemon/config/file_bytes.h"

namespace smokeledger::daemon::commands {
namespace {

struct Options {
  std::string contracts_dir;
  std::string config_file;
  std::string output = "table";
  std::string family;
  int http_status = 200;
  std::string content_type = "application/json";
  std::vector<std::string> files;
};

// The contracts that the options name; none, with the errors printed, when they cannot be read.
std::optional<config::Contracts> contracts_in_force(const Options& options, Context& context) {
  std::vector<config::ConfigError> errors;
  config::Contracts contracts;
  if (options.contracts_dir.empty() && !options.config_file.empty()) {
    config::ReadResult read = config::load_config(options.config_file);
    errors = std::move(read.errors);
    if (read.config) contracts = std::move(read.config->contracts);
  } else {
    config::ContractsResult read = config::load_contracts(options.contracts_dir);
    errors = std::move(read.errors);
    contracts = std::move(read.contracts);
  }
  for (const auto& error : errors) context.err << error.text() << '\n';
  if (errors.empty()) return contracts;
  context.exit_code = exit_usage;
  return std::nullopt;
}

// The contract of --family or FAMILY; null, with the error printed, when there is none.
std::shared_ptr<const core::Contract> contract_of(const Options& options, Context& context) {
  const auto contracts = contracts_in_force(options, context);
  if (!contracts) return nullptr;
  const auto family = core::family_from(options.family);
  for (const auto& contract : *contracts) {
    if (family && contract->family == *family) return contract;
  }
  context.err
      << "smokeledger: no contract of this family; `smokeledger contract list` shows them\n";
  context.exit_code = exit_usage;
  return nullptr;
}

void list(const Options& options, Context& context) {
  const auto contracts = contracts_in_force(options, context);
  if (!contracts) return;
  context.out << (options.output == "json" ? contracts_json(*contracts)
                                           : contracts_table(*contracts));
}

void show(const Options& options, Context& context) {
  const auto contract = contract_of(options, context);
  if (!contract) return;
  context.out << (options.output == "json" ? contract_json(*contract) + "\n"
                                           : contract_page(*contract));
}

void check(const Options& options, Context& context) {
  const auto contract = contract_of(options, context);
  if (!contract) return;
  for (const std::string& file : options.files) {
    const auto bytes = config::file_bytes(file);
    if (!bytes) {
      context.err << bytes.error().text() << '\n';
      context.exit_code = exit_usage;
      continue;
    }
    const core::Reading reading =
        core::check(*contract, options.http_status, options.content_type, *bytes);
    context.out << reading_json(file, reading) << '\n';
    if (reading.verdict != core::Verdict::documented_shape && context.exit_code == exit_ok) {
      context.exit_code = exit_failed;
    }
  }
}

void add_source_options(CLI::App& command, Options& options) {
  command.add_option("--contracts", options.contracts_dir, "folder with overriding contract files");
  command.add_option(
      "--config.file", options.config_file, "configuration whose contracts_dir is used");
}

void add_output_option(CLI::App& command, Options& options) {
  command.add_option("-o,--output", options.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}));
}

void add_check(CLI::App& parent, const std::shared_ptr<Options>& options, Context& context) {
  auto* command = parent.add_subcommand("check", "Check recorded replies; one JSON line a file");
  add_source_options(*command, *options);
  command->add_option("--family", options->family, "endpoint family")->required();
  command->add_option("--http-status", options->http_status, "status of the replies (200)")
      ->check(CLI::Range(100, 599));
  command->add_option(
      "--content-type", options->content_type, "Content-Type of the replies (application/json)");
  command->add_option("files", options->files, "files with one reply body each")->required();
  command->callback([options, &context] { check(*options, context); });
}

}  // namespace

void add_contract(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("contract", "The documented request and reply areas");
  command->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* list_command = command->add_subcommand("list", "The contracts in force");
  add_source_options(*list_command, *options);
  add_output_option(*list_command, *options);
  list_command->callback([options, &context] { list(*options, context); });

  auto* show_command = command->add_subcommand("show", "One contract: request, rules and sources");
  add_source_options(*show_command, *options);
  add_output_option(*show_command, *options);
  show_command->add_option("family", options->family, "endpoint family")->required();
  show_command->callback([options, &context] { show(*options, context); });

  add_check(*command, options, context);
}

}  // namespace smokeledger::daemon::commands
