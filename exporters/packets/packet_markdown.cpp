// A packet for people, and for a provider's support ticket.
#include "exporters/packets/compose.h"
#include "exporters/packets/markdown.h"
#include "probes/core/disclaimer.h"

namespace smokeledger::exporters::packets {
namespace {

using core::word;

std::string time(core::WallTime at) {
  return code(core::format_utc(at));
}

// A value of a closed list.
template <core::Worded E>
std::string one_of(E value) {
  return code(word(value));
}

template <class Number>
std::string told(const std::optional<Number>& number) {
  return number ? std::to_string(*number) : "unknown";
}

std::string joined(const std::vector<std::string>& markdown) {
  std::string all;
  for (const auto& one : markdown) all += (all.empty() ? "" : ", ") + one;
  return all;
}

std::string codes(const std::vector<std::string>& texts) {
  std::vector<std::string> made;
  for (const auto& text : texts) made.push_back(code(text));
  return joined(made);
}

std::string links(const std::vector<std::string>& urls) {
  std::vector<std::string> made;
  for (const auto& url : urls) made.push_back(own_link(url));
  return joined(made);
}

std::string list(const std::vector<std::string>& sentences, std::string_view if_none) {
  std::string all;
  for (const auto& sentence : sentences) all += "- " + escaped(sentence) + '\n';
  return all.empty() ? std::string(if_none) + '\n' : all;
}

std::string who_says(const Packet& packet) {
  if (packet.question_by_operator) return "as an operator says";
  return packet.runs.empty() ? "nobody has said" : "suggested by the reason of the failure";
}

std::string heading(const Packet& packet) {
  std::vector<std::string> families;
  for (const auto family : packet.families) families.push_back(one_of(family));
  FieldTable fields;
  fields.add("state", escaped(packet.state));
  fields.add("opened_at", time(packet.opened_at) + ", by " + std::string(word(packet.opener)));
  fields.add("environment", code(packet.environment));
  fields.add("probe", packet.probe.empty() ? "none" : code(packet.probe));
  fields.add("families_checked", families.empty() ? "none" : joined(families));
  fields.add("question_about", one_of(packet.question_about) + ", " + who_says(packet));
  fields.add("follow_up_owner",
             packet.follow_up_owner.empty() ? "unknown" : escaped(packet.follow_up_owner));
  fields.add("acknowledged",
             packet.acknowledged_at
                 ? time(*packet.acknowledged_at) + ", " + code(packet.acknowledged_by)
                 : "by nobody yet");
  fields.add("build", escaped(packet.build));
  fields.add("config_sha256", code(packet.config_sha256));
  return "# Escalation packet " + code(packet.ledger_id) + "\n\n" + fields.text();
}

std::string request(const std::optional<RequestShape>& shape) {
  if (!shape) return "unknown";
  return code(shape->method) + ' ' + code(shape->path) + ", auth_scheme " +
         code(shape->auth_scheme) + ", members " + codes(shape->members);
}

std::string findings(const core::Attempt& attempt) {
  std::vector<std::string> made;
  for (const auto& finding : attempt.findings) {
    made.push_back(one_of(finding.code) + ' ' + code(finding.path));
  }
  if (attempt.findings_left_out > 0) {
    made.push_back(std::to_string(attempt.findings_left_out) + " more");
  }
  return joined(made);
}

std::string http_status(const core::Attempt& attempt) {
  const bool came_none = !attempt.http_status && attempt.status_class != core::StatusClass::unknown;
  return came_none ? "none came" : told(attempt.http_status);
}

std::string attempt_section(const PacketAttempt& one, std::size_t number) {
  const core::Attempt& attempt = one.attempt;
  FieldTable fields;
  fields.add("route", code(attempt.route) + " at " + code(attempt.provider));
  fields.add("endpoint_family", one_of(attempt.family));
  fields.add("request_contract_version", code(attempt.contract_version));
  fields.add("request shape", request(one.shape));
  fields.add("request_id", code(attempt.request_id));
  fields.add("provider_request_id",
             attempt.provider_request_id.empty() ? "none" : code(attempt.provider_request_id));
  fields.add("sent_at", time(attempt.sent_at));
  fields.add("waited before, by our policy", core::format_duration(attempt.planned_wait));
  fields.add("http_status", http_status(attempt));
  fields.add("status_class", one_of(attempt.status_class));
  fields.add("failure_class", one_of(attempt.failure_class));
  fields.add("reason", one_of(attempt.reason));
  fields.add("response_object_family", code(word(attempt.object_family)));
  fields.add("parser_result", one_of(attempt.parser_result));
  fields.add("findings", findings(attempt));
  fields.add("retry_after", one_of(attempt.retry_after));
  fields.add("served_model_match", one_of(attempt.served_model_match));
  fields.add("gateway_retries", told(attempt.gateway_retries));
  fields.add("gateway_fallbacks", told(attempt.gateway_fallbacks));
  return "\n#### Attempt " + std::to_string(number) + "\n\n" + fields.text();
}

std::string fallback(const core::Outcome& outcome) {
  std::string text = one_of(outcome.fallback_taken);
  if (!outcome.fallback_route.empty()) text += ", route " + code(outcome.fallback_route);
  if (outcome.fallback_layer) text += ", by the layer " + one_of(*outcome.fallback_layer);
  return text;
}

// Where a judgement stands, and that the slice does not prove it where it does not.
template <class Said>
std::string place(const PacketJudgement<Said>& judged) {
  return code(judged.ledger_id) +
         (judged.in_slice.value_or(true) ? "" : ", not among the lines of the slice");
}

void add_review(FieldTable& fields, const PacketRun& run) {
  if (!run.review) return fields.add("operator_decision", "unreviewed");
  const core::Review& said = run.review->said;
  fields.add("operator_decision",
             one_of(said.decision) + ", " + code(said.initials) +
                 (said.note.empty() ? "" : ": " + escaped(said.note)));
  fields.add("review", place(*run.review) + ", " + time(run.review->recorded_at));
  fields.add("reclassified", said.planned_maintenance ? code(core::planned_maintenance) : "");
  fields.add("review links", links(said.links));
}

void add_retries(FieldTable& fields, const PacketRun& run) {
  std::vector<std::string> layers;
  for (const auto& [layer, count] : run.retries)
    layers.push_back(one_of(layer) + ' ' + told(count));
  fields.add("retry_count", std::to_string(run.outcome.retry_count));
  fields.add("retries by layer", joined(layers));
  fields.add("attempt_budget",
             std::to_string(run.outcome.attempt_budget) + ", within_budget " +
                 one_of(run.outcome.within_budget));
  fields.add("backoff_policy_seen", one_of(run.outcome.backoff_policy_seen));
  fields.add("jitter_seen", one_of(run.outcome.jitter_seen));
}

std::string run_section(const PacketRun& run) {
  const core::Outcome& outcome = run.outcome;
  FieldTable fields;
  fields.add("check_id", code(outcome.check_id));
  fields.add("recorded_at", time(run.recorded_at));
  fields.add("mode", one_of(outcome.mode) + ", trigger " + one_of(outcome.trigger));
  fields.add("prompt_class", "`harmless_smoke_test`");
  fields.add("environment", code(outcome.environment));
  fields.add("endpoint_family", one_of(outcome.family) + " at " + code(outcome.provider));
  fields.add("status_class", one_of(outcome.status_class));
  fields.add("failure_class", one_of(outcome.failure_class) + ", reason " + one_of(outcome.reason));
  add_retries(fields, run);
  fields.add("fallback_taken", fallback(outcome));
  fields.add("caller_received", one_of(outcome.caller_received));
  fields.add("fallback_decision", one_of(outcome.decision));
  fields.add("rule", code(outcome.rule) + ": " + escaped(outcome.because));
  fields.add("check_result", one_of(outcome.check_result));
  add_review(fields, run);
  fields.add("follow_up_owner", escaped(follow_up_owner(run)));
  fields.add("evidence_links", links(outcome.evidence_links));
  fields.add("unresolved", codes(outcome.unresolved));
  std::string text = "\n### Run " + code(run.ledger_id) + "\n\n" + fields.text();
  for (std::size_t i = 0; i < run.attempts.size(); ++i) {
    text += attempt_section(run.attempts[i], i + 1);
  }
  return text;
}

std::string runs(const Packet& packet) {
  std::string text = "\n## What was checked\n";
  for (const auto& run : packet.runs) text += run_section(run);
  return packet.runs.empty() ? text + "\nNo run of our own is among the evidence.\n" : text;
}

// What people decided themselves.
std::string decisions(const Packet& packet) {
  if (packet.decisions.empty()) return {};
  std::string text = "\n## Decisions that people recorded\n";
  for (const auto& decision : packet.decisions) {
    const core::HumanDecision& said = decision.said;
    FieldTable fields;
    fields.add("recorded_at", time(decision.recorded_at));
    fields.add("fallback_decision",
               one_of(said.decision) + ", " + code(said.initials) +
                   (said.note.empty() ? "" : ": " + escaped(said.note)));
    fields.add("about", one_of(said.about) + ", endpoint_family " + one_of(said.family));
    fields.add("line", code(cited_by(decision)));
    fields.add("request_id", code(said.request_id));
    fields.add("status_class", one_of(said.status_class));
    fields.add("retry_attempts", told(said.retry_attempts));
    fields.add("caller_received", one_of(said.caller_received));
    fields.add("follow_up_owner", escaped(said.follow_up_owner));
    fields.add("evidence_links", links(said.evidence_links));
    text += "\n### Decision " + place(decision) + "\n\n" + fields.text();
  }
  return text;
}

// As it was received, so not a word of it outside of the fence.
std::string alerts(const Packet& packet) {
  if (packet.alerts.empty()) return {};
  std::string text =
      "\n## Alerts as received\n\nThis is text of others. Nothing in it was checked.\n";
  for (const auto& alert : packet.alerts) {
    std::vector<std::string> lines{"status: " + std::string(word(alert.status)),
                                   "starts_at: " + alert.identity.starts_at,
                                   "fingerprint: " + alert.identity.fingerprint,
                                   "group_key: " + alert.group_key};
    for (const auto& [name, value] : alert.labels) {
      lines.push_back(std::string(word(name)) + ": " + value);
    }
    if (!alert.summary.empty()) lines.push_back("summary: " + alert.summary);
    text += '\n' + fenced("text", lines);
  }
  return text;
}

std::string steps(const Packet& packet) {
  std::string text =
      "\n## Lines of the packet\n\n| ledger_id | recorded_at | event | cites | by | note |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& step : packet.steps) {
    std::string event = one_of(step.event);
    if (step.to) {
      event += ' ' + one_of(*step.to) + ", attempts " + std::to_string(step.attempts);
    }
    text += "| " + code(step.ledger_id) + " | " + time(step.recorded_at) + " | " + event + " | " +
            code(step.cited_ledger_id) + " | " + code(step.initials) + " | " + escaped(step.note) +
            " |\n";
  }
  return text;
}

std::string contracts(const Packet& packet) {
  std::string text = "\n## Documentation and support\n\n";
  if (packet.contracts.empty()) text += "No contract is in force.\n";
  for (const auto& contract : packet.contracts) {
    text += "- " + one_of(contract.family) + ", contract " + code(contract.version) +
            ", accessed " + code(contract.accessed) + '\n';
    const std::vector<std::pair<std::string, std::string>> rows{
        {"documentation home", own_link(contract.docs_home)},
        {"support", own_link(contract.support)},
        {"documentation", links(contract.documentation)}};
    for (const auto& [name, value] : rows) {
      text += "  - " + name + ": " + (value.empty() ? "unknown" : value) + '\n';
    }
  }
  return text;
}

std::string commands(const Packet& packet) {
  std::string text = "\n## Repeat the check\n\n";
  if (packet.slice) {
    text += "The lines from " + code(packet.slice->from) + " to the checkpoint " +
            code(packet.slice->to) + " are in the file " + code(packet.slice->file) +
            ", and can be verified with the public key alone.\n\n";
  }
  return packet.commands.empty() ? text + "There is no run to repeat.\n"
                                 : text + fenced("sh", packet.commands);
}

std::string result(const Packet& packet) {
  std::string text = "\n## Result\n\n";
  if (!packet.closed) return text + "The packet is not closed.\n";
  FieldTable fields;
  fields.add("result", escaped(packet.closed->result));
  fields.add("changed", escaped(packet.closed->changed));
  fields.add("shown by", packet.closed->shown_by.empty() ? "none" : code(packet.closed->shown_by));
  fields.add("operator_initials", code(packet.closed->initials));
  return text + fields.text();
}

}  // namespace

std::string packet_markdown(const Packet& packet) {
  return heading(packet) + "\n## Environment\n\n" +
         list(packet.mismatches, "No mismatch is recorded.") + runs(packet) + decisions(packet) +
         alerts(packet) + steps(packet) + contracts(packet) + commands(packet) + result(packet) +
         "\n## Remaining uncertainty\n\n" +
         list(packet.remaining_uncertainty, "None is recorded.") + "\n## What is not asserted\n\n" +
         std::string(core::disclaimer) + '\n';
}

}  // namespace smokeledger::exporters::packets
