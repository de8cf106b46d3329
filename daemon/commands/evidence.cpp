// smokeledger evidence: the ledger lines that the runbooks ask for before fallback traffic is
// promoted, and what is missing. Reads the ledger. Exit: 0 complete; 1 gaps, or the ledger or the
// configuration cannot be read; 2 usage.
#include "probes/core/evidence.h"

#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/output.h"
#include "daemon/commands/table.h"
#include "daemon/config/config.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/reader.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;

struct EvidenceFlags {
  std::string config_file;
  std::string probe;
  std::string output;
};

// The error message where the ledger could not be read to its end; empty: it was.
std::string read_lines(const std::string& dir, core::SeenLines& lines) {
  auto reader = ledger::Reader::open(dir);
  if (!reader) return reader.error().message;
  while (true) {
    auto item = reader->next();
    if (!item) return item.error().message;
    if (!*item) return {};
    const auto line = reader->decode(**item);
    if (!line) return line.error().message;
    const auto& frame = (*item)->frame;
    core::see(lines, frame.ledger_id, frame.seq, frame.recorded_at, *line);
  }
}

std::string counted_gaps(const core::EvidenceReport& evidence) {
  if (evidence.complete()) return "complete";
  const std::size_t gaps = evidence.gaps.size();
  return std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps");
}

void print_table(const core::EvidenceReport& evidence, std::ostream& out) {
  std::vector<Row> rows;
  for (const auto& item : evidence.found) {
    rows.push_back({std::string(word(item.topic)),
                    item.about,
                    "found",
                    item.ledger_id.empty() ? "-" : item.ledger_id,
                    core::format_utc(item.at),
                    item.what});
  }
  for (const auto& gap : evidence.gaps) {
    rows.push_back({std::string(word(gap.topic)), gap.about, "gap", "-", "-", gap.what});
  }
  out << table({"topic", "about", "state", "ledger_id", "at", "what"}, rows);
  for (const auto& gap : evidence.gaps) {
    out << "to close " << word(gap.topic) << " of " << gap.about << ": " << gap.command << '\n';
  }
  out << counted_gaps(evidence) << '\n';
}

void print_json(const core::ProbePlan& plan,
                const core::EvidenceReport& evidence,
                std::ostream& out) {
  for (const auto& item : evidence.found) {
    core::JsonWriter json;
    json.begin_object().key("topic").string(word(item.topic)).key("about").string(item.about);
    json.key("state").string("found").key("ledger_id").string(item.ledger_id);
    json.key("at").string(core::format_utc(item.at)).key("what").string(item.what).end_object();
    out << json.text() << '\n';
  }
  for (const auto& gap : evidence.gaps) {
    core::JsonWriter json;
    json.begin_object().key("topic").string(word(gap.topic)).key("about").string(gap.about);
    json.key("state").string("gap").key("what").string(gap.what);
    json.key("command").string(gap.command).end_object();
    out << json.text() << '\n';
  }
  core::JsonWriter json;
  json.begin_object().key("probe").string(plan.name);
  json.key("policy_sha256").string(plan.policy_sha256);
  json.key("complete").boolean(evidence.complete());
  json.key("gaps").integer(evidence.gaps.size()).end_object();
  out << json.text() << '\n';
}

int evidence(const EvidenceFlags& flags, Context& context) {
  auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_failed;
  const auto& probes = read.config->probes;
  const auto plan = std::find_if(
      probes.begin(), probes.end(), [&](const auto& of) { return of->name == flags.probe; });
  if (plan == probes.end()) {
    context.err << flags.config_file << ": no probe is named " << flags.probe << '\n';
    return exit_usage;
  }
  core::SeenLines lines;
  if (const auto problem = read_lines(read.config->ledger.dir, lines); !problem.empty()) {
    context.err << "the ledger could not be read: " << problem << '\n';
    return exit_failed;
  }
  const auto found = core::evidence(**plan, probes, lines, flags.config_file, system_stamp().wall);
  if (wants_table(flags.output, context)) {
    print_table(found, context.out);
  } else {
    print_json(**plan, found, context.out);
  }
  return found.complete() ? exit_ok : exit_failed;
}

}  // namespace

void add_evidence(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "evidence", "Print which lines show both paths and their reviews, and what is missing");
  auto flags = std::make_shared<EvidenceFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->add_option("probe", flags->probe, "name of a probe")->required();
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { context.exit_code = evidence(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
