#include "daemon/commands/operator_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "daemon/commands/ledger_door.h"
#include "daemon/operator_lines.h"

namespace smokeledger::daemon::commands {

void add_operator_options(CLI::App& command, OperatorFlags& flags) {
  command.add_option("--initials", flags.initials, "whose decision: 2 to 4 letters A to Z")
      ->required();
  command.add_option("--note", flags.note, "what was observed or decided, at most 200 characters");
  command.add_option("--link", flags.links, "https link to more; its query is not recorded");
  command.add_option("--config.file", flags.config_file, "configuration file")->required();
}

std::optional<std::uint64_t> number_of(const std::string& ledger_id,
                                       const exporters::ledger::Head& head,
                                       Context& context) {
  const auto seq = exporters::ledger::seq_of(ledger_id);
  if (seq && ledger_id == head.ledger + '-' + std::to_string(*seq) && *seq <= head.seq) return seq;
  context.err << "smokeledger: '" << ledger_id << "' is no line of this ledger, which is "
              << head.ledger << "-0 to " << head.ledger << '-' << head.seq << '\n';
  return std::nullopt;
}

int record_operator_line(const config::Config& config,
                         const probes::core::Line& line,
                         Context& context) {
  // Checked here, too: an error is a wrong flag, whoever writes.
  const std::string json = operator_json(line);
  const auto checked = operator_line(json, ::getuid());
  if (!checked) {
    context.err << "smokeledger: " << checked.error() << '\n';
    return exit_usage;
  }
  if (!somebody_listens(config.control.socket)) return append_on_our_own(config, *checked, context);
  const auto answer = ask_service(config, "/v1/operator-lines", context, json);
  return answer ? print_ledger_id(*answer, context) : exit_failed;
}

}  // namespace smokeledger::daemon::commands
