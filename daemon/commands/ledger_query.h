// smokeledger ledger query: outcome lines by filter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/commands/command.h"
#include "exporters/ledger/error.h"
#include "probes/core/time.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

// Of the commands that read a ledger: 0; 1 the ledger is damaged; 4 it could not be read.
inline constexpr int exit_unreadable = 4;

int report(const exporters::ledger::LedgerError&, Context&);

// `2026-11-21T08:00:00Z`, or `-24h`: that long before `now`.
std::optional<core::WallTime> parse_moment(std::string_view text, core::WallTime now);

void add_ledger_query(CLI::App& ledger, Context&);

}  // namespace smokeledger::daemon::commands
