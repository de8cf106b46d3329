// smokeledger ledger query: outcome lines, or the decisions that people recorded, by filter.
#pragma once

#include <string>

#include "daemon/commands/command.h"
#include "exporters/ledger/error.h"
#include "exporters/ledger/query.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

// Of the commands that read a ledger: 0; 1 the ledger is damaged; 4 it could not be read.
inline constexpr int exit_unreadable = 4;

int report(const exporters::ledger::LedgerError&, Context&);

// Which lines; `from` and `to` as core::parse_moment reads them.
struct FilterFlags {
  std::string kind = "outcome";
  std::string probe;
  std::string family;
  std::string decision;
  std::string status_class;
  std::string from;
  std::string to;
  std::size_t limit = 0;
};

// All but --from and --to. The flags outlive the parsing.
void add_filter_options(CLI::App&, FilterFlags&);
exporters::ledger::OutcomeFilter filter_of(const FilterFlags&);

// What a decision cannot be chosen by; empty: all that is chosen by goes together.
std::string objection_to_filter(const FilterFlags&);

// `'...' is neither UTC like ... nor a duration back from now like -24h`; empty: it is one of them.
std::string objection_to_moment(const std::string& text);

void add_ledger_query(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
