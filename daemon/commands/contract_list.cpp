#include "daemon/commands/contract_list.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/contract_flags.h"
#include "daemon/commands/ledger_state.h"
#include "daemon/commands/output.h"
#include "daemon/config/contracts.h"
#include "daemon/system_clock.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

struct ListFlags {
  ContractFlags contracts;
  std::string output;
};

// What a list is made of.
struct Known {
  config::Contracts contracts;
  core::ContractReviews reviews;
  core::ReviewPolicy policy;
};

std::string day_of(core::WallTime time) {
  return core::format_utc(time).substr(0, std::string_view("2026-11-21").size());
}

std::string source_of(const core::Contract& contract) {
  return contract.sources.empty() ? "" : contract.sources.front().url;
}

std::optional<Known> known(const ContractFlags& flags, Context& context) {
  auto loaded = load_contracts_in_force(flags, context);
  if (!loaded) return std::nullopt;
  Known known{std::move(loaded->contracts), {}, {}};
  if (!loaded->config) return known;
  known.policy = loaded->config->contract_review;
  const std::string& dir = loaded->config->ledger.dir;
  std::string note;
  std::error_code ignored;
  if (!std::filesystem::exists(dir, ignored)) {
    note = "no ledger yet: reviewed is the day on which each contract says it was accessed";
  }
  known.reviews = read_state(dir, note).contract_reviews;
  if (!note.empty()) context.err << note << '\n';
  return known;
}

void list(const ListFlags& flags, Context& context) {
  const auto all = known(flags.contracts, context);
  if (!all) return;
  const core::WallTime now = system_stamp().wall;
  const bool as_table = wants_table(flags.output, context);
  std::vector<Row> rows;
  for (const auto& contract : all->contracts) {
    const core::WallTime reviewed = core::review_date(*contract, all->reviews);
    const ListedContract listed{*contract,
                                reviewed,
                                core::review_age_days(reviewed, now),
                                core::is_overdue(reviewed, now, all->policy.max_age)};
    rows.push_back(listed_row(listed));
    if (!as_table) context.out << listed_json(listed) << '\n';
  }
  if (as_table) context.out << table(listed_header, rows);
}

}  // namespace

const Row listed_header{"FAMILY", "VERSION", "ACCESSED", "REVIEWED", "AGE", "PATH", "SOURCE"};

Row listed_row(const ListedContract& listed) {
  const core::Contract& contract = listed.contract;
  return {std::string(core::word(contract.family)),
          contract.version,
          contract.accessed,
          day_of(listed.reviewed),
          std::to_string(listed.age_days) + "d" + (listed.overdue ? " overdue" : ""),
          contract.request.path,
          source_of(contract)};
}

std::string listed_json(const ListedContract& listed) {
  const core::Contract& contract = listed.contract;
  core::JsonWriter json;
  json.begin_object().key("family").string(core::word(contract.family));
  json.key("version").string(contract.version).key("accessed").string(contract.accessed);
  json.key("reviewed").string(day_of(listed.reviewed));
  json.key("age_days").integer(listed.age_days).key("overdue").boolean(listed.overdue);
  json.key("path").string(contract.request.path);
  json.key("stream").boolean(contract.stream.has_value());
  json.key("source").string(source_of(contract)).end_object();
  return json.take();
}

void add_contract_list(CLI::App& contract, Context& context) {
  auto flags = std::make_shared<ListFlags>();
  auto* command = contract.add_subcommand("list", "The contracts in force and their reviews");
  flags->contracts.add_to(*command);
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { list(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
