#include "daemon/commands/ledger_verify.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/ledger_query.h"
#include "daemon/commands/output.h"
#include "daemon/commands/progress_bar.h"
#include "exporters/ledger/anchors.h"
#include "exporters/ledger/checkpoint_key.h"
#include "exporters/ledger/slice.h"
#include "exporters/ledger/verify.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;
using ledger::AnchorState;

struct VerifyFlags {
  std::string dir;
  std::string slice;
  std::vector<std::string> keys;
  std::vector<std::string> checkpoints;
  std::vector<std::string> anchors;
  std::string output;
};

// How a state is called, in JSON and in sentences.
struct StateWords {
  AnchorState state;
  std::string_view member;
  std::string_view what;
};
constexpr std::array states{
    StateWords{AnchorState::matches, "matching", "matches"},
    StateWords{AnchorState::fork, "fork", "another line stands there: the ledger was rewritten"},
    StateWords{AnchorState::behind, "behind", "the ledger ends before it: lines were cut off"},
    StateWords{AnchorState::not_checkable,
               "not_checkable",
               "not checked: its lines were deleted by retention or stand behind damage"},
    StateWords{AnchorState::other_ledger, "other_ledger", "not checked: it is of another ledger"}};

const StateWords& words_of(AnchorState state) {
  return states.at(static_cast<std::size_t>(state));
}

constexpr std::size_t most_shown = 20;

// The anchors that do not match, at most so many.
std::vector<ledger::CheckedAnchor> noteworthy(const ledger::AnchorReport& report) {
  std::vector<ledger::CheckedAnchor> shown;
  for (const auto& checked : report.anchors) {
    const bool silent =
        checked.state == AnchorState::matches || checked.state == AnchorState::other_ledger;
    if (!silent && shown.size() < most_shown) shown.push_back(checked);
  }
  return shown;
}

// The object is left open.
core::JsonWriter& begin_problem(core::JsonWriter& json, const ledger::Problem& problem) {
  json.begin_object().key("file").string(problem.file);
  json.key("seq").integer(problem.seq);
  json.key("offset").integer(problem.offset);
  return json.key("what").string(problem.what);
}

void write_problem(core::JsonWriter& json, const std::optional<ledger::Problem>& problem) {
  json.key("problem");
  problem ? begin_problem(json, *problem).end_object() : json.null();
}

// `{"from":0,"to":255}`, both inclusive; null: none.
void write_range(core::JsonWriter& json, std::uint64_t from, std::uint64_t end) {
  if (from >= end) {
    json.null();
    return;
  }
  json.begin_object().key("from").integer(from).key("to").integer(end - 1).end_object();
}

void write_anchors(core::JsonWriter& json,
                   const ledger::Verification& found,
                   const ledger::AnchorReport& report) {
  json.key("anchors").begin_object();
  for (const auto& row : states) json.key(row.member).integer(report.count(row.state));
  json.key("not_matching").begin_array();
  for (const auto& [anchor, state] : noteworthy(report)) {
    json.begin_object().key("lines").integer(anchor.length);
    json.key("state").string(words_of(state).member);
    json.key("source").string(anchor.source).end_object();
  }
  json.end_array().end_object();
  json.key("anchored_lines");
  write_range(json, found.first_seq, report.anchored);
  json.key("unanchored_lines");
  write_range(json, std::max(found.first_seq, report.anchored), found.lines);
}

std::string json_of(const ledger::Verification& found,
                    const VerifyFlags& flags,
                    const ledger::AnchorReport& report) {
  core::JsonWriter json;
  json.begin_object().key("ledger").string(found.ledger);
  json.key("verified_lines").integer(found.lines);
  json.key("segments").integer(found.segments);
  json.key("head").string(ledger::hex(found.head));
  json.key("incomplete_tail").boolean(found.incomplete_tail);
  json.key("checkpoints").integer(found.checkpoints);
  json.key("signatures_checked").boolean(!flags.keys.empty());
  json.key("stated_breaks").begin_array();
  for (const auto& stated : found.breaks) {
    begin_problem(json, stated.problem).key("goes_on_at").integer(stated.goes_on_at).end_object();
  }
  json.end_array();
  write_problem(json, found.problem);
  if (!report.anchors.empty()) write_anchors(json, found, report);
  return json.end_object().take();
}

std::string range(std::uint64_t from, std::uint64_t end) {
  if (from >= end) return "none";
  return std::to_string(from) + " to " + std::to_string(end - 1);
}

void print_text(const ledger::Verification& found,
                const VerifyFlags& flags,
                const ledger::AnchorReport& report,
                std::ostream& out) {
  out << ledger::sentence(found) << '\n';
  if (!flags.keys.empty() && !found.problem) {
    out << "signed: lines " << range(found.first_seq, found.covered) << ", by " << found.checkpoints
        << (found.checkpoints == 1 ? " checkpoint" : " checkpoints") << "; not signed: lines "
        << range(std::max(found.first_seq, found.covered), found.lines) << '\n';
  }
  if (report.anchors.empty()) return;
  for (const auto& [anchor, state] : noteworthy(report)) {
    out << "anchor of " << anchor.length << " lines (" << anchor.source
        << "): " << words_of(state).what << '\n';
  }
  out << "anchored: lines " << range(found.first_seq, report.anchored) << "; not anchored: lines "
      << range(std::max(found.first_seq, report.anchored), found.lines) << '\n';
  out << "anchors:";
  for (const auto& row : states) out << ' ' << report.count(row.state) << ' ' << row.member;
  out << '\n';
}

int exit_code_of(const ledger::Verification& found, const ledger::AnchorReport& report) {
  if (!found.sound()) return exit_failed;
  if (report.count(AnchorState::fork) > 0) return exit_fork;
  if (report.count(AnchorState::behind) > 0) return exit_behind;
  const bool none_checked = !report.anchors.empty() && report.count(AnchorState::matches) == 0;
  return none_checked ? exit_unreadable : exit_ok;
}

ledger::Result<std::vector<ledger::VerifierKey>> read_keys(const VerifyFlags& flags) {
  std::vector<ledger::VerifierKey> keys;
  for (const auto& given : flags.keys) {
    const auto read = ledger::read_verifier_keys(given);
    if (!read) return read.error();
    keys.insert(keys.end(), read->begin(), read->end());
  }
  return keys;
}

ledger::Result<std::vector<ledger::Anchor>> read_anchors(
    const VerifyFlags& flags, const std::vector<ledger::VerifierKey>& keys) {
  std::vector<ledger::Anchor> anchors;
  for (const auto& file : flags.checkpoints) {
    auto anchor = ledger::read_note_anchor(file, keys);
    if (!anchor) return anchor.error();
    anchors.push_back(std::move(*anchor));
  }
  for (const auto& file : flags.anchors) {
    const auto read = ledger::read_prometheus_anchors(file);
    if (!read) return read.error();
    anchors.insert(anchors.end(), read->begin(), read->end());
  }
  return anchors;
}

int verify_ledger(const VerifyFlags& flags, Context& context) {
  const auto keys = read_keys(flags);
  if (!keys) return report(keys.error(), context);
  auto anchors = read_anchors(flags, *keys);
  if (!anchors) return report(anchors.error(), context);
  ledger::AnchorCheck check(std::move(*anchors));
  ProgressBar bar(context);
  const auto found = ledger::verify(flags.dir, {.keys = *keys, .anchors = &check}, bar.progress());
  bar.clear();
  if (!found) return report(found.error(), context);
  const auto anchored = std::move(check).report(found->ledger, found->problem.has_value());
  if (wants_table(flags.output, context)) {
    print_text(*found, flags, anchored, context.out);
  } else {
    context.out << json_of(*found, flags, anchored) << '\n';
  }
  return exit_code_of(*found, anchored);
}

int verify_slice(const VerifyFlags& flags, Context& context) {
  const auto keys = read_keys(flags);
  if (!keys) return report(keys.error(), context);
  const auto found = ledger::verify_slice(flags.slice, *keys);
  if (!found) return report(found.error(), context);
  if (wants_table(flags.output, context)) {
    context.out << ledger::sentence(*found) << '\n';
  } else {
    core::JsonWriter json;
    json.begin_object().key("ledger").string(found->ledger);
    json.key("first_line").integer(found->first);
    json.key("verified_lines").integer(found->lines);
    write_problem(json, found->problem);
    context.out << json.end_object().text() << '\n';
  }
  return found->problem ? exit_failed : exit_ok;
}

}  // namespace

void add_ledger_verify(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "verify", "Check every line of a ledger, or a slice; against keys and anchors where given");
  auto flags = std::make_shared<VerifyFlags>();
  auto* what = command->add_option_group("what");
  what->add_option("--ledger", flags->dir, "ledger directory");
  auto* slice = what->add_option("--slice", flags->slice, "file that `ledger export` wrote");
  what->require_option(1);
  auto* key = command->add_option(
      "--key", flags->keys, "public key that signed the checkpoints, or a file of such keys");
  slice->needs(key);
  command
      ->add_option("--checkpoint",
                   flags->checkpoints,
                   "file with a checkpoint's note, kept elsewhere, such as from the journal")
      ->excludes(slice);
  command
      ->add_option("--anchors",
                   flags->anchors,
                   "file with Prometheus' answer to a query of the checkpoint gauges")
      ->excludes(slice);
  add_output_option(*command, flags->output);
  command->callback([flags, &context] {
    context.exit_code =
        flags->slice.empty() ? verify_ledger(*flags, context) : verify_slice(*flags, context);
  });
}

}  // namespace smokeledger::daemon::commands
