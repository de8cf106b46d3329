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

// The number of a line of this ledger, `none` where nothing is named. False: it is none, and that
// was printed.
bool number_of(const std::string& id,
               const ledger::Head& head,
               Context& context,
               std::optional<std::uint64_t>& number) {
  if (id.empty()) return true;
  number = ledger::seq_of(id);
  if (number && id == head.ledger + '-' + std::to_string(*number)) return true;
  context.err << "smokeledger: '" << id << "' is no line of this ledger, which is " << head.ledger
              << '\n';
  return false;
}

int say(core::PacketEvent event, const PersonFlags& flags, Context& context) {
  const auto read = config::load_config(flags.said.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  const auto head = ledger::head(read.config->ledger.dir);
  if (!head) return report(head.error(), context);
  core::PacketLine line;
  line.event = event;
  if (!number_of(flags.packet, *head, context, line.packet)) return exit_usage;
  if (!number_of(flags.cited, *head, context, line.cited_seq)) return exit_usage;
  line.probe = flags.probe;
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
  command->add_option("--probe", flags->probe, "the probe it is about");
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
  command->add_option("--shown-by", flags->cited, "ledger_id of the line that shows it")
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
