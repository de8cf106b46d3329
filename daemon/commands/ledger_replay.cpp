#include "daemon/commands/ledger_replay.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/growing_table.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/output.h"
#include "exporters/ledger/replay.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

struct ReplayFlags {
  std::string dir;
  std::string output;
};

Row row_of(const ledger::ReplayFinding& finding) {
  const auto& [field, recorded, recomputed] = finding.difference;
  return {finding.ledger_id,
          field,
          recorded.empty() ? "-" : recorded,
          finding.replayed ? recomputed : "could not be replayed: " + recomputed};
}

std::string json_of(const ledger::ReplayFinding& finding) {
  core::JsonWriter json;
  json.begin_object().key("ledger_id").string(finding.ledger_id);
  json.key("replayed").boolean(finding.replayed);
  json.key("field").string(finding.difference.field);
  json.key("recorded").string(finding.difference.recorded);
  json.key("recomputed").string(finding.difference.recomputed).end_object();
  return json.take();
}

std::string json_of(const ledger::Replayed& replayed) {
  core::JsonWriter json;
  json.begin_object().key("outcomes_replayed").integer(replayed.outcomes);
  json.key("differ").integer(replayed.differ);
  json.key("could_not_be_replayed").integer(replayed.not_replayed);
  json.key("contradictions_in_other_lines").integer(replayed.other_lines);
  json.key("runs_under_way").integer(replayed.under_way);
  json.key("outcomes_begun_in_retired_segments").integer(replayed.retired);
  json.key("stated_breaks").integer(replayed.breaks);
  json.key("problem");
  replayed.problem ? json.string(replayed.problem->text()) : json.null();
  return json.end_object().take();
}

int replay(const ReplayFlags& flags, Context& context) {
  const bool as_table = wants_table(flags.output, context);
  GrowingTable rows(context.out, {"ledger_id", "field", "recorded", "recomputed"});
  const auto found = [&](const ledger::ReplayFinding& finding) {
    if (as_table) {
      rows.add(row_of(finding));
    } else {
      context.out << json_of(finding) << '\n';
    }
  };
  const auto replayed = ledger::replay(flags.dir, found);
  if (!replayed) return report(replayed.error(), context);
  if (as_table && !rows.empty()) rows.finish();
  context.out << (as_table ? ledger::sentence(*replayed) : json_of(*replayed)) << '\n';
  return replayed->clean() ? exit_ok : exit_failed;
}

}  // namespace

void add_ledger_replay(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("replay", "Recompute every decision, and name what differs");
  auto flags = std::make_shared<ReplayFlags>();
  command->add_option("--ledger", flags->dir, "ledger directory")->required();
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { context.exit_code = replay(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
