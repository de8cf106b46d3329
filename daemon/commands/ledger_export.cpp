// smokeledger ledger export: lines as they stand, with the checkpoint that proves them; or outcomes
// for a program, a spreadsheet, a runbook's record.
#include "daemon/commands/ledger_export.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/decision_fields.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/outcome_fields.h"
#include "daemon/commands/progress_bar.h"
#include "exporters/ledger/reviews.h"
#include "exporters/ledger/slice.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

struct ExportFlags {
  std::string dir;
  FilterFlags filter;  // of a slice, `from` and `to` are ledger ids
  std::string file;
  std::string output;  // empty: a slice
  std::string fields;
};

using Write = std::function<int(std::ostream& out)>;

int write_slice(const ExportFlags& flags,
                const ledger::Slice& slice,
                std::ostream& out,
                Context& context) {
  const auto read =
      ledger::read_slice(flags.dir, slice, [&](std::string_view bytes) { out << bytes; });
  return read ? exit_ok : report(read.error(), context);
}

int write_outcomes(const ExportFlags& flags, std::ostream& out, Context& context) {
  const bool csv = flags.output == "csv";
  const auto filter = filter_of(flags.filter);
  const bool of_people = filter.lines == ledger::Asked::decisions;
  const auto& sets = of_people ? decision_field_sets() : field_sets();
  const auto set = std::find_if(sets.begin(), sets.end(), [&](const FieldSet& known) {
    return known.name == (flags.fields.empty() ? "all" : flags.fields);
  });
  const auto reviews = ledger::reviews(flags.dir);
  if (!reviews) return report(reviews.error(), context);
  ProgressBar bar(context);
  const auto found = [&](const ledger::FoundOutcome& line) {
    const ReadOutcome read{line.record, of_people ? nullptr : reviews->of(line.record.seq())};
    if (csv) {
      out << csv_row(*set, read);
    } else if (flags.fields.empty()) {
      out << json_of(line.bytes, read) << '\n';
    } else {
      out << json_of(*set, read) << '\n';
    }
  };
  if (csv) out << csv_header(*set);
  const auto progress =
      context.out_is_terminal && flags.file.empty() ? ledger::Progress{} : bar.progress();
  const auto read = ledger::query(flags.dir, filter, found, progress);
  bar.clear();
  return read ? exit_ok : report(read.error(), context);
}

int write_whole(std::ostream& out, const Write& write, Context& context) {
  const int exit_code = write(out);
  if (exit_code != exit_ok || out.flush()) return exit_code;
  context.err << "smokeledger: not all of it could be written\n";
  return exit_unreadable;
}

// Half of it is none: what could not be written whole is removed.
int write_file(const std::string& file, const Write& write, Context& context) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  if (!out) {
    context.err << "smokeledger: cannot write " << file << '\n';
    return exit_unreadable;
  }
  const int exit_code = write_whole(out, write, context);
  out.close();
  std::error_code ignored;
  if (exit_code != exit_ok) std::filesystem::remove(file, ignored);
  return exit_code;
}

int write_anywhere(const ExportFlags& flags, const Write& write, Context& context) {
  return flags.file.empty() ? write_whole(context.out, write, context)
                            : write_file(flags.file, write, context);
}

int export_slice(const ExportFlags& flags, Context& context) {
  const std::string& from = flags.filter.from;
  const std::string& to = flags.filter.to.empty() ? from : flags.filter.to;
  const auto slice = ledger::find_slice(flags.dir, from, to);
  if (!slice) return report(slice.error(), context);
  if (!*slice) {
    context.err
        << "smokeledger: no checkpoint stands behind " << to
        << " yet, so nothing would prove the slice. A running service writes one every hour, "
           "after 256 lines, and when it is stopped or started; `smokeledger once` writes "
           "one, too\n";
    return exit_failed;
  }
  return write_anywhere(
      flags, [&](std::ostream& out) { return write_slice(flags, **slice, out, context); }, context);
}

// What does not go together; empty: all does.
std::string objection_to(const CLI::App& command, const ExportFlags& flags) {
  if (!flags.output.empty()) {
    for (const auto& moment : {flags.filter.from, flags.filter.to}) {
      if (moment.empty()) continue;
      if (auto objection = objection_to_moment(moment); !objection.empty()) return objection;
    }
    if (flags.filter.kind == "decision" && flags.fields == "runbook-b") {
      return "--fields runbook-b is of outcomes: the fallback review asks for no recorded decision";
    }
    return objection_to_filter(flags.filter);
  }
  for (const char* const option :
       {"--kind", "--probe", "--family", "--decision", "--status-class", "--limit", "--fields"}) {
    if (command.count(option) > 0) {
      return std::string(option) + " chooses outcomes; say how to print them: -o json or -o csv";
    }
  }
  if (flags.filter.from.empty()) {
    return "give --from LEDGER_ID for lines with their proof, or -o json or -o csv for outcomes";
  }
  return {};
}

int run_export(const CLI::App& command, const ExportFlags& flags, Context& context) {
  if (const auto objection = objection_to(command, flags); !objection.empty()) {
    context.err << "smokeledger: " << objection << '\n';
    return exit_usage;
  }
  if (flags.output.empty()) return export_slice(flags, context);
  return write_anywhere(
      flags, [&](std::ostream& out) { return write_outcomes(flags, out, context); }, context);
}

std::vector<std::string> set_names() {
  std::vector<std::string> names;
  for (const auto& set : field_sets()) names.emplace_back(set.name);
  return names;
}

}  // namespace

void add_ledger_export(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "export",
      "Print lines as they stand, to the next signed checkpoint; with -o outcomes, by filter");
  auto flags = std::make_shared<ExportFlags>();
  command->add_option("--ledger", flags->dir, "ledger directory")->required();
  command->add_option("--from",
                      flags->filter.from,
                      "ledger_id of the first line; with -o: recorded at this time or later");
  command->add_option("--to",
                      flags->filter.to,
                      "ledger_id of the last line that matters, none: the first; with -o: recorded "
                      "before this time");
  command->add_option("-o,--output", flags->output, "outcomes as json lines or as csv")
      ->check(CLI::IsMember({"json", "csv"}));
  command
      ->add_option("--fields",
                   flags->fields,
                   "the members that a runbook asks for, by its names; none: the whole line, "
                   "in csv all")
      ->check(CLI::IsMember(set_names()));
  add_filter_options(*command, flags->filter);
  command->add_option("--file", flags->file, "write here instead; half of it is removed");
  command->callback(
      [command, flags, &context] { context.exit_code = run_export(*command, *flags, context); });
}

}  // namespace smokeledger::daemon::commands
