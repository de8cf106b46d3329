// smokeledger review: a person's judgement of one outcome, or of all in a range. Exit: 0 recorded,
// its ledger id printed; 1 it was not recorded, or the configuration is invalid; 2 usage, or no
// such outcome; otherwise as `run`.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/operator_line.h"
#include "exporters/ledger/query.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;

struct ReviewFlags {
  OperatorFlags said;
  std::string lines;  // ID or ID..ID
  std::string owner;
  std::string decision;
  bool planned_maintenance = false;
};

int review(const ReviewFlags& flags, Context& context) {
  const auto read = config::load_config(flags.said.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  const auto head = ledger::head(read.config->ledger.dir);
  if (!head) return report(head.error(), context);
  constexpr std::string_view to = "..";
  const auto dots = flags.lines.find(to);
  const std::string from = flags.lines.substr(0, dots);
  const std::string until = dots == std::string::npos ? from : flags.lines.substr(dots + to.size());
  const auto first = number_of(from, *head, context);
  const auto last = first ? number_of(until, *head, context) : std::nullopt;
  if (!first || !last) return exit_usage;
  const core::Line line =
      core::ReviewLine{{.first_seq = *first,
                        .last_seq = *last,
                        .decision = *core::from_word<core::CheckResult>(flags.decision),
                        .planned_maintenance = flags.planned_maintenance,
                        .initials = flags.said.initials,
                        .caller_uid = std::nullopt,
                        .follow_up_owner = flags.owner,
                        .note = flags.said.note,
                        .links = flags.said.links}};
  return record_operator_line(*read.config, line, context);
}

}  // namespace

void add_review(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("review", "Record a person's judgement of an outcome, or of a range");
  auto flags = std::make_shared<ReviewFlags>();
  command->add_option("lines", flags->lines, "LEDGER_ID of an outcome, or FIRST..LAST of a range")
      ->required();
  command->add_option("--decision", flags->decision, "pass, fail or investigate")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"pass", "fail", "investigate"}));
  command->add_flag("--planned-maintenance",
                    flags->planned_maintenance,
                    "what happened was meant to: reclassify it after the fact");
  command->add_option("--owner", flags->owner, "who follows up; none: whom the outcome names");
  add_operator_options(*command, flags->said);
  command->callback([flags, &context] { context.exit_code = review(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
