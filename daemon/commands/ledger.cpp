// smokeledger ledger: reads a ledger, also one that is being written, and changes it by no command
// but `break`. Exit: 0; 1 the ledger is damaged; 4 it could not be read. Of verify see
// ledger_verify.h.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/ledger_break.h"
#include "daemon/commands/ledger_export.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/ledger_replay.h"
#include "daemon/commands/ledger_verify.h"
#include "daemon/commands/output.h"
#include "daemon/commands/table.h"
#include "exporters/ledger/query.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

struct LedgerFlags {
  std::string dir;
  std::string output;
};

int head(const LedgerFlags& flags, Context& context) {
  const auto found = ledger::head(flags.dir);
  if (!found) return report(found.error(), context);
  const std::string recorded_at = core::format_utc(found->recorded_at);
  if (wants_table(flags.output, context)) {
    context.out << table({"ledger", "seq", "recorded_at", "segment", "hash"},
                         {{found->ledger,
                           std::to_string(found->seq),
                           recorded_at,
                           found->segment,
                           ledger::hex(found->hash)}});
    return exit_ok;
  }
  core::JsonWriter json;
  json.begin_object().key("ledger").string(found->ledger);
  json.key("seq").integer(found->seq);
  json.key("recorded_at").string(recorded_at);
  json.key("segment").string(found->segment);
  json.key("hash").string(ledger::hex(found->hash));
  json.key("incomplete_tail").boolean(found->incomplete_tail).end_object();
  context.out << json.text() << '\n';
  return exit_ok;
}

// As in the Prometheus text format,
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
std::string escaped(const std::string& label) {
  std::string text;
  for (const char c : label) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text;
}

std::string text_of(const core::CounterKey& key) {
  std::string text(word(key.counter));
  const auto& info = core::info(key.counter);
  for (std::size_t i = 0; i < info.label_count(); ++i) {
    text += i == 0 ? "{" : ",";
    text += std::string(info.labels[i]) + "=\"" + escaped(key.labels[i]) + "\"";
  }
  return info.label_count() == 0 ? text : text + "}";
}

std::string json_of(const core::CounterKey& key, std::uint64_t value) {
  core::JsonWriter json;
  json.begin_object().key("name").string(word(key.counter)).key("labels").begin_object();
  const auto& info = core::info(key.counter);
  for (std::size_t i = 0; i < info.label_count(); ++i) {
    json.key(info.labels[i]).string(key.labels[i]);
  }
  return json.end_object().key("value").integer(value).end_object().text();
}

int count(const LedgerFlags& flags, Context& context) {
  const auto tally = ledger::count(flags.dir);
  if (!tally) return report(tally.error(), context);
  const bool as_text = wants_table(flags.output, context);
  std::vector<std::string> lines;
  for (const auto& [key, value] : *tally) {
    lines.push_back(as_text ? text_of(key) + " " + std::to_string(value) : json_of(key, value));
  }
  std::sort(lines.begin(), lines.end());
  for (const auto& line : lines) context.out << line << '\n';
  return exit_ok;
}

using Run = int (*)(const LedgerFlags&, Context&);

void add(CLI::App& app, Context& context, const char* name, const char* what, Run run) {
  auto* command = app.add_subcommand(name, what);
  auto flags = std::make_shared<LedgerFlags>();
  command->add_option("--ledger", flags->dir, "ledger directory")->required();
  add_output_option(*command, flags->output);
  command->callback([flags, run, &context] { context.exit_code = run(*flags, context); });
}

}  // namespace

void add_ledger(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "ledger", "Verify, query, count, replay, export: read a ledger; break: go on behind damage");
  command->require_subcommand(1);
  add_ledger_verify(*command, context);
  add_ledger_export(*command, context);
  add_ledger_query(*command, context);
  add_ledger_replay(*command, context);
  add(*command, context, "head", "Print number and hash of the last line", head);
  add(*command, context, "count", "Print the counters that the lines add up to", count);
  add_ledger_break(*command, context);
}

}  // namespace smokeledger::daemon::commands
