// A packet for a program: the runbooks' own field names, null where something is not known.
#include "exporters/packets/compose.h"
#include "probes/core/disclaimer.h"
#include "probes/core/json_writer.h"

namespace smokeledger::exporters::packets {
namespace {

using core::JsonWriter;
using core::word;

void write_text(JsonWriter& json, std::string_view text) {
  text.empty() ? json.null() : json.string(text);
}

template <class Number>
void write_number(JsonWriter& json, const std::optional<Number>& number) {
  number ? json.integer(*number) : json.null();
}

void write_words(JsonWriter& json, const std::vector<core::EndpointFamily>& families) {
  json.begin_array();
  for (const auto family : families) json.string(word(family));
  json.end_array();
}

void write_shape(JsonWriter& json, const std::optional<RequestShape>& shape) {
  if (!shape) {
    json.null();
    return;
  }
  json.begin_object().key("method").string(shape->method).key("path").string(shape->path);
  json.key("auth_scheme").string(shape->auth_scheme);
  json.key("request_members").strings(shape->members).end_object();
}

void write_findings(JsonWriter& json, const core::Attempt& attempt) {
  json.key("findings").begin_array();
  for (const auto& finding : attempt.findings) {
    json.begin_object().key("code").string(word(finding.code));
    json.key("path").string(finding.path).end_object();
  }
  json.end_array().key("findings_left_out").integer(attempt.findings_left_out);
}

void write_attempt(JsonWriter& json, const PacketAttempt& one) {
  const core::Attempt& attempt = one.attempt;
  json.begin_object().key("route").string(attempt.route);
  json.key("endpoint_family").string(word(attempt.family));
  json.key("provider").string(attempt.provider);
  json.key("request_contract_version").string(attempt.contract_version);
  json.key("request_shape");
  write_shape(json, one.shape);
  json.key("request_id").string(attempt.request_id);
  json.key("provider_request_id");
  write_text(json, attempt.provider_request_id);
  json.key("sent_at").string(core::format_utc(attempt.sent_at));
  json.key("planned_wait_ms").integer(attempt.planned_wait.count());
  json.key("http_status");
  write_number(json, attempt.http_status);
  json.key("status_class").string(word(attempt.status_class));
  json.key("failure_class").string(word(attempt.failure_class));
  json.key("reason").string(word(attempt.reason));
  json.key("response_object_family").string(word(attempt.object_family));
  json.key("parser_result").string(word(attempt.parser_result));
  write_findings(json, attempt);
  json.key("retry_after").string(word(attempt.retry_after));
  json.key("served_model_match").string(word(attempt.served_model_match));
  json.key("gateway_retries");
  write_number(json, attempt.gateway_retries);
  json.key("gateway_fallbacks");
  write_number(json, attempt.gateway_fallbacks);
  json.end_object();
}

void write_retries(JsonWriter& json, const PacketRun& run) {
  json.key("retry_count").integer(run.outcome.retry_count);
  json.key("retries_by_layer").begin_object();
  for (const auto& [layer, count] : run.retries) {
    json.key(word(layer));
    write_number(json, count);
  }
  json.end_object();
  json.key("attempt_budget").integer(run.outcome.attempt_budget);
  json.key("within_budget").string(word(run.outcome.within_budget));
  json.key("backoff_policy_seen").string(word(run.outcome.backoff_policy_seen));
  json.key("jitter_seen").string(word(run.outcome.jitter_seen));
}

void write_in_slice(JsonWriter& json, std::optional<bool> in_slice) {
  json.key("in_slice");
  in_slice ? json.boolean(*in_slice) : json.null();
}

// Null: nobody reviewed it.
void write_review(JsonWriter& json, const std::optional<PacketJudgement<core::Review>>& review) {
  if (!review) {
    json.null();
    return;
  }
  json.begin_object().key("ledger_id").string(review->ledger_id);
  json.key("recorded_at").string(core::format_utc(review->recorded_at));
  json.key("reclassified");
  write_text(json, review->said.planned_maintenance ? core::planned_maintenance : "");
  json.key("evidence_links").strings(review->said.links);
  write_in_slice(json, review->in_slice);
  json.end_object();
}

void write_decision(JsonWriter& json, const PacketRun& run) {
  const core::Outcome& outcome = run.outcome;
  json.key("fallback_taken").string(word(outcome.fallback_taken));
  json.key("fallback_route");
  write_text(json, outcome.fallback_route);
  json.key("fallback_layer");
  outcome.fallback_layer ? json.string(word(*outcome.fallback_layer)) : json.null();
  json.key("caller_received").string(word(outcome.caller_received));
  json.key("fallback_decision").string(word(outcome.decision));
  json.key("rule").string(outcome.rule);
  json.key("because").string(outcome.because);
  json.key("check_result").string(word(outcome.check_result));
  json.key("operator_decision");
  json.string(run.review ? word(run.review->said.decision) : "unreviewed");
  json.key("operator_initials");
  write_text(json, run.review ? run.review->said.initials : "");
  json.key("operator_notes");
  write_text(json, run.review ? run.review->said.note : "");
  json.key("follow_up_owner");
  write_text(json, follow_up_owner(run));
  json.key("review");
  write_review(json, run.review);
}

void write_run(JsonWriter& json, const PacketRun& run) {
  const core::Outcome& outcome = run.outcome;
  json.begin_object().key("ledger_id").string(run.ledger_id);
  json.key("recorded_at").string(core::format_utc(run.recorded_at));
  json.key("check_id").string(outcome.check_id);
  json.key("probe").string(outcome.probe);
  json.key("mode").string(word(outcome.mode));
  json.key("trigger").string(word(outcome.trigger));
  json.key("prompt_class").string("harmless_smoke_test");
  json.key("environment").string(outcome.environment);
  json.key("build").string(outcome.build);
  json.key("policy_sha256").string(outcome.policy_sha256);
  json.key("config_sha256").string(outcome.config_sha256);
  json.key("endpoint_family").string(word(outcome.family));
  json.key("provider").string(outcome.provider);
  json.key("status_class").string(word(outcome.status_class));
  json.key("failure_class").string(word(outcome.failure_class));
  json.key("reason").string(word(outcome.reason));
  write_retries(json, run);
  write_decision(json, run);
  json.key("evidence_links").strings(outcome.evidence_links);
  json.key("unresolved").strings(outcome.unresolved);
  json.key("attempts").begin_array();
  for (const auto& attempt : run.attempts) write_attempt(json, attempt);
  json.end_array().end_object();
}

void write_recorded(JsonWriter& json, const PacketJudgement<core::HumanDecision>& decision) {
  const core::HumanDecision& said = decision.said;
  json.begin_object().key("ledger_id").string(decision.ledger_id);
  json.key("recorded_at").string(core::format_utc(decision.recorded_at));
  json.key("about").string(word(said.about));
  json.key("endpoint_family").string(word(said.family));
  json.key("line");
  write_text(json, cited_by(decision));
  json.key("request_id");
  write_text(json, said.request_id);
  json.key("status_class").string(word(said.status_class));
  json.key("retry_attempts");
  write_number(json, said.retry_attempts);
  json.key("caller_received").string(word(said.caller_received));
  json.key("fallback_decision").string(word(said.decision));
  json.key("operator_initials").string(said.initials);
  json.key("operator_notes");
  write_text(json, said.note);
  json.key("follow_up_owner");
  write_text(json, said.follow_up_owner);
  json.key("evidence_links").strings(said.evidence_links);
  write_in_slice(json, decision.in_slice);
  json.end_object();
}

void write_alert(JsonWriter& json, const core::ReceivedAlert& alert) {
  json.begin_object().key("status").string(word(alert.status));
  json.key("group_key").string(alert.group_key);
  json.key("fingerprint").string(alert.identity.fingerprint);
  json.key("starts_at").string(alert.identity.starts_at);
  json.key("labels").begin_object();
  for (const auto& [name, value] : alert.labels) json.key(word(name)).string(value);
  json.end_object().key("summary");
  write_text(json, alert.summary);
  json.end_object();
}

void write_step(JsonWriter& json, const PacketStep& step) {
  json.begin_object().key("ledger_id").string(step.ledger_id);
  json.key("recorded_at").string(core::format_utc(step.recorded_at));
  json.key("event").string(word(step.event)).key("cites");
  write_text(json, step.cited_ledger_id);
  json.key("operator_initials");
  write_text(json, step.initials);
  json.key("operator_notes");
  write_text(json, step.note);
  json.key("handed_to");
  step.to ? json.string(word(*step.to)) : json.null();
  json.key("hand_over_attempts");
  step.to ? json.integer(step.attempts) : json.null();
  json.end_object();
}

void write_contract(JsonWriter& json, const PacketContract& contract) {
  json.begin_object().key("endpoint_family").string(word(contract.family));
  json.key("request_contract_version").string(contract.version);
  json.key("accessed").string(contract.accessed);
  json.key("docs_home");
  write_text(json, contract.docs_home);
  json.key("support");
  write_text(json, contract.support);
  json.key("documentation").strings(contract.documentation).end_object();
}

void write_result(JsonWriter& json, const std::optional<PacketResult>& result) {
  if (!result) {
    json.null();
    return;
  }
  json.begin_object().key("result").string(result->result);
  json.key("changed").string(result->changed).key("shown_by");
  write_text(json, result->shown_by);
  json.key("operator_initials");
  write_text(json, result->initials);
  json.key("remaining_uncertainty");
  write_text(json, result->remaining_uncertainty);
  json.end_object();
}

void write_heading(JsonWriter& json, const Packet& packet) {
  json.key("ledger_id").string(packet.ledger_id);
  json.key("state").string(packet.state);
  json.key("opener").string(word(packet.opener));
  json.key("opened_at").string(core::format_utc(packet.opened_at));
  json.key("environment").string(packet.environment);
  json.key("environment_mismatch").strings(packet.mismatches);
  json.key("probe");
  write_text(json, packet.probe);
  json.key("build").string(packet.build);
  json.key("config_sha256").string(packet.config_sha256);
  json.key("question_about").string(word(packet.question_about));
  json.key("question_about_from");
  write_text(json, packet.question_by_operator ? "operator" : packet.runs.empty() ? "" : "reason");
  json.key("follow_up_owner");
  write_text(json, packet.follow_up_owner);
  json.key("acknowledged_at");
  packet.acknowledged_at ? json.string(core::format_utc(*packet.acknowledged_at)) : json.null();
  json.key("acknowledged_by");
  write_text(json, packet.acknowledged_by);
}

template <class List, class Write>
void write_list(JsonWriter& json, std::string_view name, const List& list, Write write) {
  json.key(name).begin_array();
  for (const auto& item : list) write(json, item);
  json.end_array();
}

}  // namespace

std::string packet_json(const Packet& packet) {
  JsonWriter json;
  json.begin_object();
  write_heading(json, packet);
  json.key("families_checked");
  write_words(json, packet.families);
  write_list(json, "runs", packet.runs, write_run);
  write_list(json, "recorded_decisions", packet.decisions, write_recorded);
  write_list(json, "alerts_as_received", packet.alerts, write_alert);
  write_list(json, "lines", packet.steps, write_step);
  write_list(json, "contracts_in_force", packet.contracts, write_contract);
  json.key("evidence_links").strings(packet.evidence_links);
  json.key("commands").strings(packet.commands);
  json.key("closed");
  write_result(json, packet.closed);
  json.key("remaining_uncertainty").strings(packet.remaining_uncertainty);
  json.key("slice");
  if (packet.slice) {
    json.begin_object().key("from").string(packet.slice->from).key("to").string(packet.slice->to);
    json.key("file").string(packet.slice->file).end_object();
  } else {
    json.null();
  }
  json.key("not_asserted").string(core::disclaimer);
  return json.end_object().take() + '\n';
}

}  // namespace smokeledger::exporters::packets
