// smokeledger packet: escalation packets. `list` and `show` read the ledger; `open`, `ack` and
// `close` write what a person says. Exit: 0 done; 1 it was not recorded, or the configuration is
// invalid, or the ledger is damaged; 2 usage, no such packet, or what was said cannot be recorded;
// 4 not a ledger; otherwise as `run`.
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/operator_line.h"
#include "daemon/commands/packet_show.h"
#include "exporters/ledger/query.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;

struct PersonFlags {
  OperatorFlags said;
  std::string packet;
  std::string probe;
  std::string cited;
  std::string owner;
  std::string question_about;
  std::string result;
  std::string changed;
  std::string remaining_uncertainty;
};

// An opening is kept with the probe of the outcome that it cites: there is one packet per incident,
// whichever side opened it. An exit code, with why printed.
int take_probe_of_cited(const std::string& dir,
                        const std::string& cited,
                        core::PacketLine& line,
                        Context& context) {
  const auto found = ledger::find_line(dir, cited);
  if (!found) return report(found.error(), context);
  const auto* const outcome =
      *found ? std::get_if<core::OutcomeLine>(&(*found)->record.line()) : nullptr;
  if (outcome == nullptr) {
    context.err << "smokeledger: " << cited
                << " is no outcome; smokeledger ledger query prints those that a packet may cite\n";
    return exit_usage;
  }
  const std::string& probe = outcome->outcome.probe;
  if (!line.probe.empty() && line.probe != probe) {
    context.err << "smokeledger: " << cited << " is an outcome of the probe " << probe
                << ", not of " << line.probe << "; leave --probe out\n";
    return exit_usage;
  }
  line.probe = probe;
  return exit_ok;
}

int say(core::PacketEvent event, const PersonFlags& flags, Context& context) {
  const auto read = config::load_config(flags.said.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  const auto head = ledger::head(read.config->ledger.dir);
  if (!head) return report(head.error(), context);
  core::PacketLine line;
  line.event = event;
  if (!flags.packet.empty()) line.packet = number_of(flags.packet, *head, context);
  if (!flags.cited.empty()) line.cited_seq = number_of(flags.cited, *head, context);
  const bool unknown = line.packet.has_value() == flags.packet.empty() ||
                       line.cited_seq.has_value() == flags.cited.empty();
  if (unknown) return exit_usage;
  line.probe = flags.probe;
  if (event == core::PacketEvent::opened && line.cited_seq) {
    const int read_it = take_probe_of_cited(read.config->ledger.dir, flags.cited, line, context);
    if (read_it != exit_ok) return read_it;
  }
  line.initials = flags.said.initials;
  line.note = flags.said.note;
  line.follow_up_owner = flags.owner;
  line.question_about = core::from_word<core::QuestionAbout>(flags.question_about);
  line.result = flags.result;
  line.changed = flags.changed;
  line.remaining_uncertainty = flags.remaining_uncertainty;
  return record_operator_line(*read.config, std::move(line), context);
}

// What all three have.
void add_person_options(CLI::App& command, PersonFlags& flags) {
  command.add_option("--initials", flags.said.initials, "who says it: 2 to 4 letters A to Z")
      ->required();
  command.add_option("--note", flags.said.note, "what was observed, at most 200 characters");
  command.add_option("--owner", flags.owner, "who follows up");
  command
      .add_option("--question-about",
                  flags.question_about,
                  "whom the question is for: application, documentation, account, provider or "
                  "unclear; none: as the newest reason suggests")
      ->check(
          CLI::IsMember(std::vector<std::string>(core::Words<core::QuestionAbout>::list.begin(),
                                                 core::Words<core::QuestionAbout>::list.end())));
  command.add_option("--config.file", flags.said.config_file, "configuration file")->required();
}

void add_open(CLI::App& packet, Context& context) {
  auto* command = packet.add_subcommand("open", "Open a packet by hand");
  auto flags = std::make_shared<PersonFlags>();
  command->add_option("--probe", flags->probe, "the probe it is about; none: that of the line");
  command->add_option("--line", flags->cited, "ledger_id of the outcome it is about");
  add_person_options(*command, *flags);
  command->callback(
      [flags, &context] { context.exit_code = say(core::PacketEvent::opened, *flags, context); });
}

void add_ack(CLI::App& packet, Context& context) {
  auto* command = packet.add_subcommand("ack", "Say that somebody has it");
  auto flags = std::make_shared<PersonFlags>();
  command->add_option("packet", flags->packet, "ledger_id of the packet")->required();
  add_person_options(*command, *flags);
  command->callback([flags, &context] {
    context.exit_code = say(core::PacketEvent::acknowledged, *flags, context);
  });
}

void add_close(CLI::App& packet, Context& context) {
  auto* command = packet.add_subcommand("close", "Say how it ended, and what shows it");
  auto flags = std::make_shared<PersonFlags>();
  command->add_option("packet", flags->packet, "ledger_id of the packet")->required();
  command->add_option("--result", flags->result, "how it ended")->required();
  command->add_option("--changed", flags->changed, "the changed route or files, or none")
      ->required();
  command
      ->add_option(
          "--shown-by", flags->cited, "ledger_id of the line that shows it, newer than the packet")
      ->required();
  command
      ->add_option("--remaining-uncertainty", flags->remaining_uncertainty, "what is left, or none")
      ->required();
  add_person_options(*command, *flags);
  command->callback(
      [flags, &context] { context.exit_code = say(core::PacketEvent::closed, *flags, context); });
}

}  // namespace

void add_packet(CLI::App& app, Context& context) {
  auto* packet = app.add_subcommand("packet", "Escalation packets: list, show, open, ack, close");
  packet->require_subcommand(1);
  add_packet_list(*packet, context);
  add_packet_show(*packet, context);
  add_open(*packet, context);
  add_ack(*packet, context);
  add_close(*packet, context);
}

}  // namespace smokeledger::daemon::commands
