// Recording what a person said: through the running service, or by ourselves where none runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"
#include "exporters/ledger/query.h"
#include "probes/core/line.h"

namespace smokeledger::daemon::commands {

// What `review` and `record` have in common.
struct OperatorFlags {
  std::string config_file;
  std::string initials;
  std::string note;
  std::vector<std::string> links;
};
void add_operator_options(CLI::App&, OperatorFlags&);

// The number of a line of this ledger. Empty: there is no such line, and that was printed.
std::optional<std::uint64_t> number_of(const std::string& ledger_id,
                                       const exporters::ledger::Head&,
                                       Context&);

// Of a ReviewLine, a DecisionLine or a PacketLine: checked, appended, its ledger id printed. An
// exit code.
int record_operator_line(const config::Config&, const probes::core::Line&, Context&);

}  // namespace smokeledger::daemon::commands
