// smokeledger record: a decision that a person made without a probe, in a test or an incident.
// Exit: 0 recorded, its ledger id printed; 1 it was not recorded, or the configuration is invalid;
// 2 usage; otherwise as `run`.
#include <cstdint>
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

struct RecordFlags {
  OperatorFlags said;
  std::string about;
  std::string family;
  std::string request_id;
  std::string status_class;
  std::optional<std::uint32_t> retry_attempts;
  std::string caller_received;
  std::string decision;
  std::string line;
  std::string owner;
};

int record(const RecordFlags& flags, Context& context) {
  const auto read = config::load_config(flags.said.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  core::HumanDecision decision;
  decision.about = *core::from_word<core::DecisionAbout>(flags.about);
  decision.environment = read.config->environment;
  decision.family = *core::from_word<core::EndpointFamily>(flags.family);
  decision.request_id = flags.request_id;
  decision.status_class = *core::from_word<core::SeenStatus>(flags.status_class);
  decision.retry_attempts = flags.retry_attempts;
  decision.caller_received = *core::from_word<core::CallerReceived>(flags.caller_received);
  decision.decision = *core::from_word<core::Decision>(flags.decision);
  if (!flags.line.empty()) {
    const auto head = exporters::ledger::head(read.config->ledger.dir);
    if (!head) return report(head.error(), context);
    decision.cited_seq = number_of(flags.line, *head, context);
    if (!decision.cited_seq) return exit_usage;
  }
  decision.initials = flags.said.initials;
  decision.follow_up_owner = flags.owner;
  decision.note = flags.said.note;
  decision.evidence_links = flags.said.links;
  return record_operator_line(*read.config, core::DecisionLine{std::move(decision)}, context);
}

template <class E>
CLI::Validator one_of() {
  return CLI::IsMember(
      std::vector<std::string>(core::Words<E>::list.begin(), core::Words<E>::list.end()));
}

}  // namespace

void add_record(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("record", "Record a decision that a person made without a probe");
  auto flags = std::make_shared<RecordFlags>();
  command->add_option("--about", flags->about, "test or incident")
      ->required()
      ->check(one_of<core::DecisionAbout>());
  command->add_option("--family", flags->family, "endpoint family")
      ->required()
      ->check(one_of<core::EndpointFamily>());
  command
      ->add_option("--status-class",
                   flags->status_class,
                   "2xx, retryable or terminal; without a reply: no_response, not_sent or unknown")
      ->required()
      ->check(one_of<core::SeenStatus>());
  command->add_option(
      "--retry-attempts", flags->retry_attempts, "retries that were seen; none: unknown");
  command
      ->add_option("--caller-received",
                   flags->caller_received,
                   "usable_response, controlled_failure or nothing; none: unknown")
      ->default_val(std::string(core::word(core::CallerReceived::unknown)))
      ->check(one_of<core::CallerReceived>());
  command->add_option("--decision", flags->decision, "what was decided")
      ->required()
      ->check(one_of<core::Decision>());
  command->add_option("--request-id", flags->request_id, "as the caller's logs have it");
  command->add_option("--line", flags->line, "ledger_id of the outcome or packet it is about");
  command->add_option("--owner", flags->owner, "who follows up")->required();
  add_operator_options(*command, flags->said);
  command->callback([flags, &context] { context.exit_code = record(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
