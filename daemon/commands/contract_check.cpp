#include "daemon/commands/contract_check.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/contract_flags.h"
#include "daemon/commands/output.h"
#include "daemon/commands/table.h"
#include "daemon/config/file_bytes.h"
#include "probes/core/json_writer.h"
#include "probes/families/families.h"
#include "probes/families/stream_reading.h"

namespace smokeledger::daemon::commands {
namespace {

namespace families = probes::families;

struct CheckFlags {
  ContractFlags contracts;
  std::string family;
  bool stream = false;
  int http_status = 200;
  std::optional<std::string> content_type;
  std::vector<std::string> files;
  std::string manifest;
  std::string output;
};

constexpr std::size_t findings_in_a_row = 3;

std::string findings_text(const std::vector<core::Finding>& findings) {
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), findings_in_a_row); ++i) {
    if (i > 0) text += ", ";
    text += core::word(findings[i].code);
    if (!findings[i].path.empty()) text += " at " + findings[i].path;
  }
  if (findings.size() > findings_in_a_row) {
    text += ", and " + std::to_string(findings.size() - findings_in_a_row) + " more";
  }
  return text.empty() ? "-" : text;
}

Row reading_row(const SavedReply& reply, const core::Reading& reading) {
  return {reply.name,
          std::string(core::word(reply.family)),
          std::string(core::word(reading.verdict)),
          reply.expected ? std::string(core::word(*reply.expected)) : "-",
          std::string(core::word(reading.parser_result)),
          std::to_string(reading.additive),
          findings_text(reading.findings)};
}
const Row reading_header{
    "FILE", "FAMILY", "VERDICT", "EXPECTED", "PARSER RESULT", "ADDITIVE", "FINDINGS"};

// What could not be checked is not what was expected, unless somebody said so.
bool is_as_expected(const SavedReply& reply, const core::Reading& reading) {
  if (reply.expected) return reading.verdict == *reply.expected;
  return reading.parser_result == core::ParserResult::accepted;
}

std::vector<SavedReply> replies_of_arguments(const CheckFlags& flags, core::EndpointFamily family) {
  std::vector<SavedReply> replies;
  for (const std::string& file : flags.files) {
    SavedReply reply;
    reply.name = reply.path = reply.where = file;
    reply.family = family;
    reply.stream = flags.stream;
    reply.http_status = flags.http_status;
    reply.content_type =
        flags.content_type.value_or(std::string(documented_content_type(flags.stream)));
    replies.push_back(std::move(reply));
  }
  return replies;
}

// What the flags name. None, with the errors printed and the exit code set, when it is not usable.
std::optional<std::vector<SavedReply>> replies_of(const CheckFlags& flags, Context& context) {
  if (flags.manifest.empty()) {
    const auto family = family_named(flags.family, context);
    if (!family) return std::nullopt;
    return replies_of_arguments(flags, *family);
  }
  const auto bytes = config::file_bytes(flags.manifest);
  Manifest manifest;
  if (bytes) {
    manifest = read_manifest(flags.manifest, *bytes);
  } else {
    manifest.errors.push_back(bytes.error().text());
  }
  for (const auto& error : manifest.errors) context.err << error << '\n';
  if (manifest.errors.empty()) return std::move(manifest.replies);
  context.exit_code = exit_usage;
  return std::nullopt;
}

// Whether each can be read by its contract; what cannot is printed.
bool all_readable(const std::vector<SavedReply>& replies,
                  const config::Contracts& contracts,
                  Context& context) {
  bool all = true;
  for (const SavedReply& reply : replies) {
    const auto contract = contract_of(contracts, reply.family);
    const bool streams =
        contract && contract->stream && families::family(reply.family).stream_order != nullptr;
    if (contract && (streams || !reply.stream)) continue;
    context.err << reply.where << ": the contract of " << core::word(reply.family)
                << " has no streams; leave stream out, or name another family\n";
    all = false;
  }
  if (!all) context.exit_code = exit_usage;
  return all;
}

core::Reading read(const core::Contract& contract, const SavedReply& reply, std::string_view body) {
  return reply.stream ? families::read_stream(contract, reply.http_status, reply.content_type, body)
                      : core::check(contract, reply.http_status, reply.content_type, body);
}

// Prints one line or row a file that can be read.
void print_readings(const std::vector<SavedReply>& replies,
                    const config::Contracts& contracts,
                    bool as_table,
                    Context& context) {
  std::vector<Row> rows;
  std::size_t differ = 0;
  for (const SavedReply& reply : replies) {
    const auto bytes = config::file_bytes(reply.path);
    if (!bytes) {
      context.err << bytes.error().text() << '\n';
      context.exit_code = exit_usage;
      continue;
    }
    const core::Reading reading = read(*contract_of(contracts, reply.family), reply, *bytes);
    if (!is_as_expected(reply, reading)) ++differ;
    if (as_table) {
      rows.push_back(reading_row(reply, reading));
    } else {
      context.out << reading_json(reply, reading) << '\n';
    }
  }
  if (as_table) context.out << table(reading_header, rows);
  const bool expectations =
      std::any_of(replies.begin(), replies.end(), [](const auto& reply) { return reply.expected; });
  if (expectations) {
    context.err << differ << " of " << replies.size() << " are not as expected\n";
  }
  if (differ > 0 && context.exit_code == exit_ok) context.exit_code = exit_failed;
}

void check(const CheckFlags& flags, Context& context) {
  if (flags.manifest.empty() && (flags.files.empty() || flags.family.empty())) {
    context.err << "name --family and files, or --manifest\n";
    context.exit_code = exit_usage;
    return;
  }
  const auto contracts = contracts_in_force(flags.contracts, context);
  if (!contracts) return;
  const auto replies = replies_of(flags, context);
  if (!replies || !all_readable(*replies, *contracts, context)) return;
  print_readings(*replies, *contracts, wants_table(flags.output, context), context);
}

}  // namespace

std::string reading_json(const SavedReply& reply, const core::Reading& reading) {
  core::JsonWriter json;
  json.begin_object().key("file").string(reply.name);
  json.key("family").string(core::word(reply.family));
  json.key("verdict").string(core::word(reading.verdict));
  if (reply.expected) json.key("expected").string(core::word(*reply.expected));
  json.key("parser_result").string(core::word(reading.parser_result));
  json.key("findings").begin_array();
  for (const auto& finding : reading.findings) {
    json.begin_object().key("code").string(core::word(finding.code));
    json.key("path").string(finding.path).end_object();
  }
  json.end_array().key("additive").integer(reading.additive).end_object();
  return json.take();
}

void add_contract_check(CLI::App& contract, Context& context) {
  auto flags = std::make_shared<CheckFlags>();
  auto* command = contract.add_subcommand("check", "Check saved replies by their contracts");
  flags->contracts.add_to(*command);
  auto* files = command->add_option("files", flags->files, "files with one reply body each");
  auto* family = command->add_option("--family", flags->family, "endpoint family of the files");
  auto* stream = command->add_flag("--stream", flags->stream, "the files hold event streams");
  auto* status =
      command->add_option("--http-status", flags->http_status, "status of the replies (200)")
          ->check(CLI::Range(100, 599));
  auto* type = command->add_option(
      "--content-type",
      flags->content_type,
      "Content-Type of the replies (application/json, of streams text/event-stream)");
  auto* manifest = command->add_option(
      "--manifest",
      flags->manifest,
      "JSON Lines with file, family, stream, http_status, content_type and expected of each reply");
  for (auto* option : {files, family, stream, status, type}) manifest->excludes(option);
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { check(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
