// smokeledger contract list: the contracts in force, when their documentation was last opened, and
// which are overdue. Reads the ledger of a configuration for the reviews, where it can. Exit: 0, or
// 2 when the contracts or the configuration cannot be read.
#pragma once

#include <string>

#include "daemon/commands/command.h"
#include "daemon/commands/table.h"
#include "probes/core/contract_review.h"

namespace smokeledger::daemon::commands {

void add_contract_list(CLI::App& contract, Context&);

// A contract and what is known of its review.
struct ListedContract {
  const probes::core::Contract& contract;
  probes::core::WallTime reviewed{};
  std::int64_t age_days = 0;
  bool overdue = false;
};

extern const Row listed_header;
Row listed_row(const ListedContract&);
// {"family","version","accessed","reviewed","age_days","overdue","path","stream","source"}, without
// a newline.
std::string listed_json(const ListedContract&);

}  // namespace smokeledger::daemon::commands
