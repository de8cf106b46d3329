// Subcommands: one file each, one row each in commands.cpp.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace smokeledger::daemon::commands {

// What a subcommand may use of the process. Its callback sets exit_code.
struct Context {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  std::vector<std::string> after_dashes;  // arguments after the first `--`
  int exit_code = 0;
  bool err_is_terminal = false;
};

// Exit codes shared by all; each command documents its own beside them in docs/operations.md.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

// Each adds its subcommand to the application; the callback runs it.
void add_check_config(CLI::App&, Context&);
void add_contract(CLI::App&, Context&);
void add_demo(CLI::App&, Context&);
void add_drill(CLI::App&, Context&);
void add_evidence(CLI::App&, Context&);
void add_ledger(CLI::App&, Context&);
void add_once(CLI::App&, Context&);
void add_outbox(CLI::App&, Context&);
void add_plan(CLI::App&, Context&);
void add_rules(CLI::App&, Context&);
void add_record(CLI::App&, Context&);
void add_review(CLI::App&, Context&);
void add_packet(CLI::App&, Context&);
void add_run(CLI::App&, Context&);
void add_stub(CLI::App&, Context&);
void add_version(CLI::App&, Context&);

}  // namespace smokeledger::daemon::commands
