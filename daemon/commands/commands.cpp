#include "daemon/commands/commands.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <CLI/CLI.hpp>

#include "daemon/build_info.h"
#include "probes/core/disclaimer.h"

namespace smokeledger::daemon::commands {
namespace {

// To add a subcommand: one file beside this one, its declaration in command.h, one row here.
constexpr std::array table{add_run,
                           add_check_config,
                           add_plan,
                           add_once,
                           add_drill,
                           add_stub,
                           add_contract,
                           add_evidence,
                           add_review,
                           add_packet,
                           add_outbox,
                           add_record,
                           add_ledger,
                           add_rules,
                           add_demo,
                           add_version};

}  // namespace

int dispatch(int argc, const char* const* argv, Context& context) {
  CLI::App app{"Scheduled smoke probes for LLM API routes, with a verifiable decision ledger"};
  app.name("smokeledger");
  app.footer(std::string(probes::core::disclaimer));
  app.require_subcommand(1);
  app.set_version_flag("--version", "smokeledger " + std::string(version));
  for (const auto add : table) add(app, context);

  // What follows the first `--` is not ours to parse.
  const char* const* end = argv + argc;
  const auto* dashes = std::find(argv, end, std::string_view("--"));
  if (dashes != end) context.after_dashes.assign(dashes + 1, end);
  try {
    app.parse(static_cast<int>(dashes - argv), argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has exit codes of its own for usage errors; ours is one.
    return app.exit(error, context.out, context.err) == 0 ? exit_ok : exit_usage;
  }
  return context.exit_code;
}

}  // namespace smokeledger::daemon::commands
