// Exit: 0 the damage is stated; 1 nothing is damaged, or not what can be left behind; 3 the ledger
// is being written; 6 the disk refused.
#include "daemon/commands/ledger_break.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/output.h"
#include "daemon/opening.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/ledger.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

int exit_code_of(ledger::LedgerErrorKind kind) {
  switch (kind) {
    case ledger::LedgerErrorKind::locked:
      return exit_ledger_locked;
    case ledger::LedgerErrorKind::io:
    case ledger::LedgerErrorKind::no_space:
      return exit_ledger_io;
    case ledger::LedgerErrorKind::corrupt:
    case ledger::LedgerErrorKind::unusable:
      break;
  }
  return exit_failed;
}

int leave_behind(const std::string& dir, Context& context) {
  ledger::OpenOptions options;
  options.dir = dir;
  options.build = build_name();
  options.now = system_stamp().wall;
  const auto stated = ledger::Ledger::leave_damage_behind(options);
  if (!stated) {
    context.err << stated.error().message << '\n';
    return exit_code_of(stated.error().kind);
  }
  context.out << "line " << stated->from_seq << " of " << stated->segment << " and what stands "
              << "behind it: " << stated->what << ". A new segment states that, with the SHA-256 "
              << "of the damaged file, " << stated->sha256 << "; keep the file\n";
  return exit_ok;
}

}  // namespace

void add_ledger_break(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "break", "State damage in the last segment, and begin a new one behind it");
  auto dir = std::make_shared<std::string>();
  command->add_option("--ledger", *dir, "ledger directory")->required();
  command->callback([dir, &context] { context.exit_code = leave_behind(*dir, context); });
}

}  // namespace smokeledger::daemon::commands
