#include "daemon/commands/packet_show.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/output.h"
#include "daemon/commands/table.h"
#include "daemon/config/config.h"
#include "daemon/opening.h"
#include "exporters/ledger/query.h"
#include "exporters/packets/gather.h"
#include "exporters/packets/packet_files.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;
namespace packets = exporters::packets;

struct ShowFlags {
  std::string config_file;
  std::string packet;
  std::string output;
  std::string dir;  // empty: print it
};

std::optional<config::Config> load(const std::string& file, Context& context) {
  auto read = config::load_config(file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) context.exit_code = exit_config_invalid;
  return std::move(read.config);
}

std::string shown_acknowledged(const core::LivePacket& live) {
  if (!live.acknowledged_at) return "-";
  return core::format_utc(*live.acknowledged_at) + ' ' + live.acknowledged_by;
}

std::string about(const core::LivePacket& live) {
  if (!live.probe.empty()) return live.probe;
  return live.alertname.empty() ? "-" : live.alertname;
}

void print_json(std::ostream& out, const std::string& id, const core::LivePacket& live) {
  core::JsonWriter json;
  json.begin_object().key("packet").string(id);
  json.key("opened_at").string(core::format_utc(live.opened_at));
  json.key("opened_by").string(core::word(live.opener));
  json.key("state").string(core::word(live.state()));
  json.key("environment").string(live.environment).key("probe").string(live.probe);
  json.key("alertname").string(live.alertname);
  json.key("repeats").integer(live.repeats).key("resolutions").integer(live.resolutions);
  json.key("acknowledged_at");
  live.acknowledged_at ? json.string(core::format_utc(*live.acknowledged_at)) : json.null();
  json.key("acknowledged_by").string(live.acknowledged_by);
  json.key("follow_up_owner").string(live.follow_up_owner).end_object();
  out << json.take() << '\n';
}

int list(const ShowFlags& flags, Context& context) {
  const auto config = load(flags.config_file, context);
  if (!config) return context.exit_code;
  const auto head = ledger::head(config->ledger.dir);
  if (!head) return report(head.error(), context);
  const auto book = packets::read_book(config->ledger.dir);
  if (!book) return report(book.error(), context);
  const bool as_table = wants_table(flags.output, context);
  std::vector<Row> rows;
  for (const auto& [number, live] : book->live) {
    const std::string id = head->ledger + '-' + std::to_string(number);
    if (!as_table) {
      print_json(context.out, id, live);
      continue;
    }
    rows.push_back({id,
                    core::format_utc(live.opened_at),
                    std::string(core::word(live.opener)),
                    std::string(core::word(live.state())),
                    about(live),
                    std::to_string(live.repeats),
                    shown_acknowledged(live)});
  }
  if (as_table) {
    context.out << table(
        {"packet", "opened_at", "opened_by", "state", "about", "repeats", "acknowledged"}, rows);
  }
  return exit_ok;
}

bool write_file(const std::filesystem::path& path, const std::string& text, Context& context) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (out.flush()) return true;
  context.err << "smokeledger: cannot write " << path.string() << '\n';
  return false;
}

// packet.json, packet.md and the lines that prove them.
int write_folder(const ShowFlags& flags, const packets::PacketFiles& files, Context& context) {
  const std::filesystem::path dir(flags.dir);
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (!write_file(dir / "packet.json", files.json, context) ||
      !write_file(dir / "packet.md", files.markdown, context)) {
    return exit_unreadable;
  }
  if (files.slice.empty()) {
    context.err
        << "smokeledger: no checkpoint stands behind this packet yet, so nothing would prove "
           "its lines; a running service writes one with each packet\n";
    return exit_failed;
  }
  return write_file(dir / files.slice_name, files.slice, context) ? exit_ok : exit_unreadable;
}

int show(const ShowFlags& flags, Context& context) {
  const auto config = load(flags.config_file, context);
  if (!config) return context.exit_code;
  const packets::Circumstances ours{
      config->environment, build_name(), config->sha256, flags.config_file, config->contracts};
  const auto files = packets::packet_files(config->ledger.dir, flags.packet, ours);
  if (!files) {
    const int code = report(files.error(), context);
    return files.error().kind == ledger::LedgerErrorKind::unusable ? exit_usage : code;
  }
  if (!flags.dir.empty()) return write_folder(flags, *files, context);
  const bool markdown = flags.output.empty() ? context.out_is_terminal : flags.output == "markdown";
  context.out << (markdown ? files->markdown : files->json);
  return exit_ok;
}

}  // namespace

void add_packet_list(CLI::App& packet, Context& context) {
  auto* command = packet.add_subcommand("list", "Print the packets that are open");
  auto flags = std::make_shared<ShowFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  add_output_option(*command, flags->output);
  command->callback([flags, &context] { context.exit_code = list(*flags, context); });
}

void add_packet_show(CLI::App& packet, Context& context) {
  auto* command = packet.add_subcommand("show", "Print a packet, or write it with its proof");
  auto flags = std::make_shared<ShowFlags>();
  command->add_option("packet", flags->packet, "ledger_id of the packet")->required();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->add_option("-o,--output", flags->output, "json or markdown; none: for whoever reads it")
      ->check(CLI::IsMember({"json", "markdown"}));
  command->add_option(
      "--dir", flags->dir, "write packet.json, packet.md and the slice of lines into this folder");
  command->callback([flags, &context] { context.exit_code = show(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
