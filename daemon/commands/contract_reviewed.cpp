#include "daemon/commands/contract_reviewed.h"

#include <unistd.h>

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/contract_flags.h"
#include "daemon/commands/ledger_door.h"
#include "daemon/system_clock.h"
#include "probes/core/contract_review.h"

namespace smokeledger::daemon::commands {
namespace {

struct ReviewedFlags {
  std::string config_file;
  std::string family;
  std::string initials;
};

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
    const auto answer =
        ask_service(*read.config,
                    "/v1/contract-reviews?family=" + std::string(core::word(*family)) +
                        "&initials=" + flags.initials,
                    context);
    return answer ? print_ledger_id(*answer, context) : exit_failed;
  }
  const auto& contract = *contract_of(read.config->contracts, *family);
  const core::Line line = core::ContractReviewLine{
      {contract.family, contract.version, flags.initials, ::getuid(), system_stamp().wall}};
  return append_on_our_own(*read.config, line, context);
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
