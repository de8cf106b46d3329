#include "exporters/packets/uncertainty.h"

#include <algorithm>

#include "exporters/packets/shell.h"
#include "probes/core/packet_alerts.h"
#include "probes/core/time.h"

namespace smokeledger::exporters::packets {
namespace {

constexpr std::string_view environment_mismatch = "environment_mismatch:";

using Sentences = std::vector<std::string>;

void add(Sentences& list, const std::string& sentence) {
  if (std::find(list.begin(), list.end(), sentence) == list.end()) list.push_back(sentence);
}

void of_contracts(const Packet& packet, const PacketRun& run, Sentences& found) {
  for (const auto& [attempt, shape] : run.attempts) {
    for (const auto& contract : packet.contracts) {
      if (contract.family != attempt.family || contract.version == attempt.contract_version)
        continue;
      add(found,
          run.ledger_id + " was checked by the contract " + attempt.contract_version + "; today " +
              contract.version + " is in force.");
    }
  }
}

void of_run(const PacketRun& run, Sentences& open) {
  const std::string in = "In " + run.ledger_id + ' ';
  for (const auto& fact : run.outcome.unresolved)
    add(open, in + "this is unresolved: " + fact + '.');
  if (run.outcome.within_budget == core::WithinBudget::unknown) {
    add(open, in + "it is unknown whether the attempts kept to their budget.");
  }
  if (run.outcome.fallback_taken == core::Tristate::unknown) {
    add(open, in + "it is unknown whether a fallback was taken.");
  }
  if (run.outcome.caller_received == core::CallerReceived::unknown) {
    add(open, in + "it is unknown what the caller received.");
  }
  for (const auto& [layer, count] : run.retries) {
    if (count) continue;
    add(open,
        in + "it is unknown how many retries the layer " + std::string(core::word(layer)) +
            " made.");
  }
}

void of_attempt(const PacketRun& run, std::size_t number, Sentences& open) {
  const auto& [attempt, shape] = run.attempts[number - 1];
  const std::string of = "Attempt " + std::to_string(number) + " of " + run.ledger_id + ": ";
  if (attempt.status_class == core::StatusClass::unknown) add(open, of + "its result is unknown.");
  if (attempt.parser_result == core::ParserResult::inconclusive) {
    add(open, of + "the parser could not tell whether the reply has the documented shape.");
  }
  if (attempt.parser_result == core::ParserResult::not_checked) {
    add(open, of + "the shape of the reply was not checked.");
  }
  if (attempt.provider_request_id.empty()) add(open, of + "the provider named no request id.");
  if (!shape) add(open, of + "the request's shape is not among the evidence.");
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

// They stand between the first and the newest runs of the packet.
std::string command_that_shows(const Packet& packet, const PacketEvidence& evidence) {
  std::string command = "smokeledger ledger query --ledger " + argument(evidence.ledger_dir);
  if (!packet.probe.empty()) command += " --probe " + argument(packet.probe);
  if (packet.runs.size() < 2) return command;
  return command + " --from " + core::format_utc(packet.runs.front().recorded_at) + " --to " +
         core::format_utc(packet.runs.back().recorded_at);
}

void of_what_is_not_here(const Packet& packet, const PacketEvidence& evidence, Sentences& open) {
  if (evidence.runs_left_out > 0) {
    add(open,
        counted(evidence.runs_left_out, "run that", "runs that") +
            " the lines of this packet cite stand between the first and the newest ones and are "
            "left out; this shows them: " +
            command_that_shows(packet, evidence));
  }
  if (evidence.lines_gone > 0) {
    add(open,
        counted(evidence.lines_gone, "line that", "lines that") +
            " the packet cites cannot be found in the ledger any more; a copy of the segments that "
            "were retired may hold what the lines of the packet name.");
  }
}

}  // namespace

std::vector<std::string> mismatches(const Packet& packet, const PacketEvidence& evidence) {
  Sentences found;
  if (packet.environment != evidence.environment) {
    add(found,
        "The packet is of the environment " + packet.environment + "; today " +
            evidence.environment + " is configured.");
  }
  for (const auto& alert : packet.alerts) {
    const std::string elsewhere = core::foreign_environment(alert, packet.environment);
    if (elsewhere.empty()) continue;
    add(found, "An alert names the environment " + elsewhere + ", not " + packet.environment + '.');
  }
  for (const auto& run : packet.runs) {
    if (run.outcome.environment != packet.environment) {
      add(found, run.ledger_id + " ran in the environment " + run.outcome.environment + '.');
    }
    if (run.outcome.config_sha256 != evidence.config_sha256) {
      add(found, run.ledger_id + " ran with another configuration than today's.");
    }
    if (run.outcome.build != evidence.build) {
      add(found, run.ledger_id + " was written by the build " + run.outcome.build + '.');
    }
    for (const auto& fact : run.outcome.unresolved) {
      if (!fact.starts_with(environment_mismatch)) continue;
      add(found,
          "The configuration says that the hosted path differs in " +
              fact.substr(environment_mismatch.size()) + '.');
    }
    of_contracts(packet, run, found);
  }
  return found;
}

std::vector<std::string> uncertainties(const Packet& packet, const PacketEvidence& evidence) {
  Sentences open;
  if (packet.closed && !packet.closed->remaining_uncertainty.empty()) {
    add(open, packet.closed->remaining_uncertainty);
  }
  for (const auto& record : evidence.lines) {
    const auto* const line = std::get_if<core::PacketLine>(&record.line());
    const bool says = line != nullptr && line->event != core::PacketEvent::closed;
    if (says && !line->remaining_uncertainty.empty()) add(open, line->remaining_uncertainty);
  }
  if (packet.runs.empty()) add(open, "No run of our own is among the evidence.");
  of_what_is_not_here(packet, evidence, open);
  if (!packet.alerts.empty()) add(open, "What the alerts say was received, not checked.");
  if (evidence.live && evidence.live->more_alerts) {
    add(open, "More alerts came than the packet tells apart.");
  }
  for (const auto& run : packet.runs) {
    of_run(run, open);
    for (std::size_t i = 1; i <= run.attempts.size(); ++i) of_attempt(run, i, open);
    if (!run.review) add(open, "Nobody has reviewed " + run.ledger_id + " yet.");
  }
  if (packet.question_about == core::QuestionAbout::unclear && !packet.question_by_operator) {
    add(open, "The evidence does not tell whom the question is for.");
  }
  if (!packet.slice) {
    add(open, "No signed checkpoint follows these lines yet, so nothing proves them elsewhere.");
  }
  return open;
}

}  // namespace smokeledger::exporters::packets
