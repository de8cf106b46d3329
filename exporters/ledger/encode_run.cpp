// Attempts and outcomes: what a run leaves.
#include "exporters/ledger/encode.h"

namespace smokeledger::exporters::ledger {
namespace {

using core::JsonWriter;
using core::word;

void write_findings(JsonWriter& json, const std::vector<core::Finding>& findings) {
  json.begin_array();
  for (const auto& finding : findings) {
    json.begin_object();
    json.key("code").string(word(finding.code));
    json.key("path").string(finding.path);
    json.end_object();
  }
  json.end_array();
}

void write_tokens(JsonWriter& json, const std::optional<core::Tokens>& tokens) {
  if (!tokens) {
    json.null();
    return;
  }
  json.begin_object();
  json.key("input").integer(tokens->input);
  json.key("output").integer(tokens->output);
  json.end_object();
}

// A number that somebody else has to tell.
void write_count(JsonWriter& json, const std::optional<std::uint32_t>& count) {
  count ? json.integer(*count) : json.string("unknown");
}

void write_which_check(JsonWriter& json, const core::Outcome& outcome) {
  json.key("check_id").string(outcome.check_id);
  json.key("probe").string(outcome.probe);
  json.key("mode").string(word(outcome.mode));
  json.key("trigger").string(word(outcome.trigger));
  if (outcome.caller_uid) json.key("caller_uid").integer(*outcome.caller_uid);
  json.key("prompt_class").string("harmless_smoke_test");
  json.key("policy_sha256").string(outcome.policy_sha256);
  json.key("config_sha256").string(outcome.config_sha256);
  json.key("environment").string(outcome.environment);
  json.key("build").string(outcome.build);
  json.key("endpoint_family").string(word(outcome.family));
  json.key("provider").string(outcome.provider);
}

void write_observations(JsonWriter& json, const core::Outcome& outcome) {
  json.key("status_class").string(word(outcome.status_class));
  json.key("failure_class").string(word(outcome.failure_class));
  json.key("reason").string(word(outcome.reason));
  json.key("retry_count").integer(outcome.retry_count);
  json.key("attempt_budget").integer(outcome.attempt_budget);
  json.key("within_budget").string(word(outcome.within_budget));
  json.key("arrivals");
  write_count(json, outcome.arrivals);
  json.key("arrival_gaps_ms").begin_array();
  for (const auto gap : outcome.arrival_gaps) json.integer(gap.count());
  json.end_array();
  json.key("backoff_policy_seen").string(word(outcome.backoff_policy_seen));
  json.key("jitter_seen").string(word(outcome.jitter_seen));
  json.key("observed_layer").string(word(outcome.observed_layer));
  json.key("fallback_taken").string(word(outcome.fallback_taken));
  json.key("fallback_route").string(outcome.fallback_route);
  json.key("fallback_layer").string(outcome.fallback_layer ? word(*outcome.fallback_layer) : "");
  json.key("caller_received").string(word(outcome.caller_received));
}

void write_decision(JsonWriter& json, const core::Outcome& outcome) {
  json.key("fallback_decision").string(word(outcome.decision));
  json.key("rule").string(outcome.rule);
  json.key("because").string(outcome.because);
  json.key("pressure").strings(outcome.pressure);
  json.key("gap").string(word(outcome.gap));
  json.key("check_result").string(word(outcome.check_result));
  json.key("operator_decision").string("unreviewed");
  json.key("operator_initials").string("");
  json.key("follow_up_owner").string(outcome.follow_up_owner);
  json.key("evidence_links").strings(outcome.evidence_links);
  json.key("unresolved").strings(outcome.unresolved);
}

}  // namespace

void write_attempt(JsonWriter& json, const core::Attempt& attempt) {
  json.begin_object();
  json.key("route").string(attempt.route);
  json.key("endpoint_family").string(word(attempt.family));
  json.key("provider").string(attempt.provider);
  json.key("request_contract_version").string(attempt.contract_version);
  json.key("request_id").string(attempt.request_id);
  json.key("provider_request_id").string(attempt.provider_request_id);
  json.key("sent_at").string(core::format_utc(attempt.sent_at));
  json.key("http_status");
  attempt.http_status ? json.integer(*attempt.http_status) : json.null();
  json.key("status_class").string(word(attempt.status_class));
  json.key("failure_class").string(word(attempt.failure_class));
  json.key("reason").string(word(attempt.reason));
  json.key("response_object_family").string(word(attempt.object_family));
  json.key("parser_result").string(word(attempt.parser_result));
  json.key("findings");
  write_findings(json, attempt.findings);
  json.key("findings_left_out").integer(attempt.findings_left_out);
  json.key("additive").integer(attempt.additive);
  json.key("planned_wait_ms").integer(attempt.planned_wait.count());
  json.key("retry_after").string(word(attempt.retry_after));
  json.key("served_model_match").string(word(attempt.served_model_match));
  json.key("gateway_retries");
  write_count(json, attempt.gateway_retries);
  json.key("gateway_fallbacks");
  write_count(json, attempt.gateway_fallbacks);
  json.key("tokens_reported");
  write_tokens(json, attempt.tokens);
  json.end_object();
}

void write_attempt_fields(JsonWriter& json, const core::AttemptLine& line) {
  json.key("check_id").string(line.check_id);
  json.key("probe").string(line.probe);
  json.key("mode").string(word(line.mode));
  json.key("trigger").string(word(line.trigger));
  json.key("policy_sha256").string(line.policy_sha256);
  json.key("config_sha256").string(line.config_sha256);
  json.key("environment").string(line.environment);
  json.key("number").integer(line.number);
  json.key("route").string(line.route);
  json.key("endpoint_family").string(word(line.family));
  json.key("provider").string(line.provider);
  json.key("request_contract_version").string(line.contract_version);
  json.key("request_id").string(line.request_id);
  json.key("planned_wait_ms").integer(line.planned_wait.count());
  json.key("sent_at").string(core::format_utc(line.stamp.wall));
  json.key("boot_id").string(line.stamp.boot_id);
  json.key("boot_ms").integer(line.stamp.boot.time_since_epoch().count());
  json.key("method").string(line.method);
  json.key("path").string(line.path);
  json.key("auth_scheme").string(line.auth_scheme);
  json.key("request_members").strings(line.request_members);
  json.key("output_tokens_at_most").integer(line.output_tokens_at_most);
  json.key("caller_uid");
  line.caller_uid ? json.integer(*line.caller_uid) : json.null();
  json.key("previous");
  if (line.previous) {
    write_attempt(json, *line.previous);
  } else {
    json.null();
  }
}

void write_outcome_fields(JsonWriter& json, const core::Outcome& outcome) {
  write_which_check(json, outcome);
  json.key("attempts").begin_array();
  for (const auto& attempt : outcome.attempts) write_attempt(json, attempt);
  json.end_array();
  write_observations(json, outcome);
  write_decision(json, outcome);
}

}  // namespace smokeledger::exporters::ledger
