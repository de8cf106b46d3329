#include "daemon/commands/ledger_query.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/decision_fields.h"
#include "daemon/commands/growing_table.h"
#include "daemon/commands/outcome_fields.h"
#include "daemon/commands/outcome_table.h"
#include "daemon/commands/output.h"
#include "daemon/commands/progress_bar.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/reviews.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

struct QueryFlags {
  std::string dir;
  FilterFlags filter;
  std::string output;
};

// Before the rule, which is the last and longest cell.
Row with_review(Row row, std::string cell) {
  row.insert(row.end() - 1, std::move(cell));
  return row;
}

// `pass AB`, or `-`.
std::string shown_review(const core::JoinedReview* joined) {
  if (joined == nullptr) return "-";
  const core::Review& review = joined->review;
  return std::string(core::word(review.decision)) + ' ' + review.initials +
         (review.planned_maintenance ? ' ' + std::string(core::planned_maintenance) : "");
}

int query(const QueryFlags& flags, Context& context) {
  if (const auto objection = objection_to_filter(flags.filter); !objection.empty()) {
    context.err << "smokeledger: " << objection << '\n';
    return exit_usage;
  }
  const auto reviews = ledger::reviews(flags.dir);
  if (!reviews) return report(reviews.error(), context);
  const auto filter = filter_of(flags.filter);
  const bool of_people = filter.lines == ledger::Asked::decisions;
  GrowingTable rows(context.out,
                    of_people ? decision_header : with_review(outcome_header, "review"));
  const bool as_table = wants_table(flags.output, context);
  ProgressBar bar(context);
  const auto found = [&](const ledger::FoundOutcome& line) {
    const auto* const review = of_people ? nullptr : reviews->of(line.record.seq());
    if (!as_table) {
      context.out << json_of(line.bytes, {line.record, review}) << '\n';
    } else if (of_people) {
      rows.add(decision_row(line.record));
    } else {
      rows.add(with_review(outcome_row(line.record), shown_review(review)));
    }
  };
  // On a terminal the rows themselves show how far it has come.
  const auto progress = context.out_is_terminal ? ledger::Progress{} : bar.progress();
  const auto result = ledger::query(flags.dir, filter, found, progress);
  bar.clear();
  if (!result && result.error().kind != ledger::LedgerErrorKind::corrupt) {
    return report(result.error(), context);
  }
  if (as_table) rows.finish();
  return result ? exit_ok : report(result.error(), context);
}

template <class E>
std::vector<std::string> words_of() {
  return {core::Words<E>::list.begin(), core::Words<E>::list.end()};
}

CLI::Validator moment() {
  return {[](std::string& text) { return objection_to_moment(text); }, "TIME"};
}

CLI::Validator family() {
  const auto check = [](std::string& text) {
    if (core::family_from(text)) return std::string{};
    std::string known;
    for (const auto& word : words_of<core::EndpointFamily>()) known += " " + word;
    return "'" + text + "' is not an endpoint family; known are:" + known;
  };
  return {check, "FAMILY"};
}

}  // namespace

int report(const exporters::ledger::LedgerError& error, Context& context) {
  context.err << "smokeledger: " << error.message << '\n';
  return error.kind == ledger::LedgerErrorKind::corrupt ? exit_failed : exit_unreadable;
}

std::string objection_to_moment(const std::string& text) {
  if (core::parse_moment(text, {})) return {};
  return "'" + text +
         "' is neither UTC like 2026-11-21T08:00:00Z nor a duration back from now like -24h";
}

std::string objection_to_filter(const FilterFlags& flags) {
  const bool of_runs = !flags.probe.empty() || !flags.status_class.empty();
  if (flags.kind == "outcome" || !of_runs) return {};
  return "--probe and --status-class choose outcomes of probes; a decision that a person recorded "
         "has neither";
}

void add_filter_options(CLI::App& command, FilterFlags& flags) {
  command
      .add_option(
          "--kind", flags.kind, "outcome, or decision: those that people recorded without a probe")
      ->capture_default_str()
      ->check(CLI::IsMember(std::vector<std::string>{"outcome", "decision"}));
  command.add_option("--probe", flags.probe, "of this probe");
  command.add_option("--family", flags.family, "of this endpoint family")->check(family());
  command.add_option("--decision", flags.decision, "with this decision")
      ->check(CLI::IsMember(words_of<core::Decision>()));
  command.add_option("--status-class", flags.status_class, "with this status class")
      ->check(CLI::IsMember(words_of<core::StatusClass>()));
  command.add_option("--limit", flags.limit, "only the newest N of them")
      ->check(CLI::Range(1U, 1'000'000U));
}

exporters::ledger::OutcomeFilter filter_of(const FilterFlags& flags) {
  const core::WallTime now = system_stamp().wall;
  return {.lines = flags.kind == "decision" ? exporters::ledger::Asked::decisions
                                            : exporters::ledger::Asked::outcomes,
          .probe = flags.probe,
          .family = core::family_from(flags.family),
          .decision = core::from_word<core::Decision>(flags.decision),
          .status_class = core::from_word<core::StatusClass>(flags.status_class),
          .from = core::parse_moment(flags.from, now),
          .to = core::parse_moment(flags.to, now),
          .newest = flags.limit};
}

void add_ledger_query(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("query", "Print outcome lines, or recorded decisions, oldest first");
  auto flags = std::make_shared<QueryFlags>();
  command->add_option("--ledger", flags->dir, "ledger directory")->required();
  add_filter_options(*command, flags->filter);
  command->add_option("--from", flags->filter.from, "recorded at this time or later")
      ->check(moment());
  command->add_option("--to", flags->filter.to, "recorded before this time")->check(moment());
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { context.exit_code = query(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
