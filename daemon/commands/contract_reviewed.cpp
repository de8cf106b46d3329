#include "daemon/commands/contract_reviewed.h"

#include <unistd.h>

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <simdjson.h>

#include "daemon/application.h"
#include "daemon/commands/contract_flags.h"
#include "daemon/commands/ledger_door.h"
#include "daemon/environment.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/ledger.h"
#include "probes/core/contract_review.h"

namespace smokeledger::daemon::commands {
namespace {

struct ReviewedFlags {
  std::string config_file;
  std::string family;
  std::string initials;
};

int through_service(const config::Config& config,
                    core::EndpointFamily family,
                    const std::string& initials,
                    Context& context) {
  const std::string target =
      "/v1/contract-reviews?family=" + std::string(core::word(family)) + "&initials=" + initials;
  const auto answer = ask_service(config, target, context);
  if (!answer) return exit_failed;
  simdjson::dom::parser parser;
  std::string_view id;
  if (parser.parse(*answer)["ledger_id"].get_string().get(id) != simdjson::SUCCESS) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_failed;
  }
  context.out << id << '\n';
  return exit_ok;
}

int on_our_own(const config::Config& config,
               const core::Contract& contract,
               const std::string& initials,
               Context& context) {
  if (const std::string why = not_our_ledger(config); !why.empty()) {
    context.err << why << '\n';
    return exit_failed;
  }
  auto ledger = open_ledger(config, read_process_environment().credentials_directory);
  if (!ledger) {
    context.err << ledger.error().message << '\n';
    return ledger.error().exit_code;
  }
  const core::WallTime now = system_stamp().wall;
  const core::Line line =
      core::ContractReviewLine{{contract.family, contract.version, initials, ::getuid(), now}};
  const auto records = (*ledger)->append({&line, 1}, now);
  if (!records) {
    context.err << records.error().message << '\n';
    return exit_ledger_io;
  }
  context.out << records->back().ledger_id() << '\n';
  // The next start would sign it, too.
  if (const auto signed_now = (*ledger)->checkpoint(now); !signed_now) {
    context.err << signed_now.error().message << '\n';
    return exit_ledger_io;
  }
  return exit_ok;
}

int reviewed(const ReviewedFlags& flags, Context& context) {
  const auto family = family_named(flags.family, context);
  if (!family) return exit_usage;
  if (!core::is_initials(flags.initials)) {
    context.err << "--initials are 2 to 4 letters A to Z\n";
    return exit_usage;
  }
  const auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  if (somebody_listens(read.config->control.socket)) {
    return through_service(*read.config, *family, flags.initials, context);
  }
  return on_our_own(
      *read.config, *contract_of(read.config->contracts, *family), flags.initials, context);
}

}  // namespace

void add_contract_reviewed(CLI::App& contract, Context& context) {
  auto flags = std::make_shared<ReviewedFlags>();
  auto* command =
      contract.add_subcommand("reviewed", "Record that the documentation was opened again");
  command->add_option("family", flags->family, "endpoint family")->required();
  command->add_option("--initials", flags->initials, "who opened it: 2 to 4 letters A to Z")
      ->required();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->callback([flags, &context] { context.exit_code = reviewed(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
