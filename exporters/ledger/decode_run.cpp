// Attempts and outcomes read back; the mirror of encode_run.cpp.
#include "exporters/ledger/decode.h"

namespace smokeledger::exporters::ledger {
namespace {

core::Finding read_finding(JsonReader& json) {
  core::Finding finding;
  finding.code = json.choice<core::FindingCode>("code");
  finding.path = json.text("path");
  return finding;
}

core::Tokens read_tokens(JsonReader& json) {
  core::Tokens tokens;
  tokens.input = json.integer<std::uint64_t>("input");
  tokens.output = json.integer<std::uint64_t>("output");
  return tokens;
}

core::Milliseconds read_wait(JsonReader& json) {
  return core::Milliseconds(json.integer<std::int64_t>("planned_wait_ms"));
}

void read_which_check(JsonReader& json, core::Outcome& outcome) {
  outcome.check_id = json.text("check_id");
  outcome.probe = json.text("probe");
  outcome.mode = json.choice<core::Mode>("mode");
  outcome.trigger = json.choice<core::Trigger>("trigger");
  outcome.caller_uid = json.integer_if_there<std::uint32_t>("caller_uid");
  outcome.policy_sha256 = json.text("policy_sha256");
  outcome.config_sha256 = json.text("config_sha256");
  outcome.environment = json.text("environment");
  outcome.build = json.text("build");
  outcome.family = json.choice<core::EndpointFamily>("endpoint_family");
  outcome.provider = json.text("provider");
}

void read_observations(JsonReader& json, core::Outcome& outcome) {
  outcome.status_class = json.choice<core::StatusClass>("status_class");
  outcome.failure_class = json.choice<core::FailureClass>("failure_class");
  outcome.reason = json.choice<core::Reason>("reason");
  outcome.retry_count = json.integer<std::uint32_t>("retry_count");
  outcome.attempt_budget = json.integer<std::uint32_t>("attempt_budget");
  outcome.within_budget = json.choice<core::WithinBudget>("within_budget");
  outcome.arrivals = json.integer_or_unknown<std::uint32_t>("arrivals");
  for (const auto gap : json.integers<std::int64_t>("arrival_gaps_ms")) {
    outcome.arrival_gaps.emplace_back(gap);
  }
  outcome.backoff_policy_seen = json.choice<core::Seen>("backoff_policy_seen");
  outcome.jitter_seen = json.choice<core::Seen>("jitter_seen");
  outcome.observed_layer = json.choice<core::Layer>("observed_layer");
  outcome.fallback_taken = json.choice<core::Tristate>("fallback_taken");
  outcome.fallback_route = json.text("fallback_route");
  outcome.fallback_layer = json.choice_unless_empty<core::Layer>("fallback_layer");
  outcome.caller_received = json.choice<core::CallerReceived>("caller_received");
}

void read_decision(JsonReader& json, core::Outcome& outcome) {
  outcome.decision = json.choice<core::Decision>("fallback_decision");
  outcome.rule = json.text("rule");
  outcome.because = json.text("because");
  outcome.pressure = json.texts("pressure");
  outcome.gap = json.choice<core::Gap>("gap");
  outcome.check_result = json.choice<core::CheckResult>("check_result");
  outcome.follow_up_owner = json.text("follow_up_owner");
  outcome.evidence_links = json.texts("evidence_links");
  outcome.unresolved = json.texts("unresolved");
}

}  // namespace

core::Attempt read_attempt(JsonReader& json) {
  core::Attempt attempt;
  attempt.route = json.text("route");
  attempt.family = json.choice<core::EndpointFamily>("endpoint_family");
  attempt.provider = json.text("provider");
  attempt.contract_version = json.text("request_contract_version");
  attempt.request_id = json.text("request_id");
  attempt.provider_request_id = json.text("provider_request_id");
  attempt.sent_at = json.utc("sent_at");
  attempt.http_status = json.optional_integer<int>("http_status");
  attempt.status_class = json.choice<core::StatusClass>("status_class");
  attempt.failure_class = json.choice<core::FailureClass>("failure_class");
  attempt.reason = json.choice<core::Reason>("reason");
  attempt.object_family = json.choice<core::ObjectFamily>("response_object_family");
  attempt.parser_result = json.choice<core::ParserResult>("parser_result");
  attempt.findings = json.objects("findings", read_finding);
  attempt.findings_left_out = json.integer<std::uint32_t>("findings_left_out");
  attempt.additive = json.integer<std::uint32_t>("additive");
  attempt.planned_wait = read_wait(json);
  attempt.retry_after = json.choice<core::RetryAfterSeen>("retry_after");
  attempt.served_model_match = json.choice<core::ServedModelMatch>("served_model_match");
  attempt.gateway_retries = json.integer_or_unknown<std::uint32_t>("gateway_retries");
  attempt.gateway_fallbacks = json.integer_or_unknown<std::uint32_t>("gateway_fallbacks");
  attempt.tokens = json.optional_object("tokens_reported", read_tokens);
  return attempt;
}

core::AttemptLine read_attempt_fields(JsonReader& json) {
  core::AttemptLine line;
  line.check_id = json.text("check_id");
  line.probe = json.text("probe");
  line.mode = json.choice<core::Mode>("mode");
  line.trigger = json.choice<core::Trigger>("trigger");
  line.policy_sha256 = json.text("policy_sha256");
  line.config_sha256 = json.text("config_sha256");
  line.environment = json.text("environment");
  line.number = json.integer<std::uint32_t>("number");
  line.route = json.text("route");
  line.family = json.choice<core::EndpointFamily>("endpoint_family");
  line.provider = json.text("provider");
  line.contract_version = json.text("request_contract_version");
  line.request_id = json.text("request_id");
  line.planned_wait = read_wait(json);
  line.stamp.wall = json.utc("sent_at");
  line.stamp.boot_id = json.text("boot_id");
  line.stamp.boot = core::Instant(core::Milliseconds(json.integer<std::int64_t>("boot_ms")));
  line.method = json.text("method");
  line.path = json.text("path");
  line.auth_scheme = json.text("auth_scheme");
  line.request_members = json.texts("request_members");
  line.output_tokens_at_most =
      json.integer_if_there<std::uint32_t>("output_tokens_at_most").value_or(0);
  line.caller_uid = json.optional_integer<std::uint32_t>("caller_uid");
  line.previous = json.optional_object("previous", read_attempt);
  return line;
}

core::Outcome read_outcome_fields(JsonReader& json) {
  core::Outcome outcome;
  read_which_check(json, outcome);
  outcome.attempts = json.objects("attempts", read_attempt);
  read_observations(json, outcome);
  read_decision(json, outcome);
  return outcome;
}

}  // namespace smokeledger::exporters::ledger
