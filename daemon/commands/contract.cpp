// smokeledger contract list | show FAMILY | check ... | reviewed FAMILY: the contracts in force.
// Exit of show: 0, or 2 when the contracts cannot be read or there is none of this family.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/contract_check.h"
#include "daemon/commands/contract_flags.h"
#include "daemon/commands/contract_json.h"
#include "daemon/commands/contract_list.h"
#include "daemon/commands/contract_page.h"
#include "daemon/commands/contract_reviewed.h"
#include "daemon/commands/output.h"

namespace smokeledger::daemon::commands {
namespace {

struct ShowFlags {
  ContractFlags contracts;
  std::string family;
  std::string output;
};

void show(const ShowFlags& flags, Context& context) {
  const auto family = family_named(flags.family, context);
  if (!family) return;
  const auto contracts = contracts_in_force(flags.contracts, context);
  if (!contracts) return;
  const auto contract = contract_of(*contracts, *family);
  context.out << (wants_table(flags.output, context) ? contract_page(*contract)
                                                     : contract_json(*contract) + "\n");
}

}  // namespace

void add_contract(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("contract", "The documented request and reply areas");
  command->require_subcommand(1);
  add_contract_list(*command, context);

  auto flags = std::make_shared<ShowFlags>();
  auto* show_command = command->add_subcommand("show", "One contract: request, rules and sources");
  flags->contracts.add_to(*show_command);
  add_output_option(*show_command, flags->output);
  show_command->add_option("family", flags->family, "endpoint family")->required();
  show_command->callback([flags, &context] { show(*flags, context); });

  add_contract_check(*command, context);
  add_contract_reviewed(*command, context);
}

}  // namespace smokeledger::daemon::commands
