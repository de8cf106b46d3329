// The sample lines: every member set.
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using std::chrono::milliseconds;

constexpr const char* policy_hash =
    "3c1f7ab7c0c8c3a5f3f4a1d0e6e1a5b2b9d7c4f8a6e5d4c3b2a19087f6e5d4c3";
constexpr const char* config_hash =
    "9d3a0b1c2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
constexpr const char* contract = "chat_completions/2026-07-03+0123456789ab";

core::Stamp sample_stamp() {
  return {at("2026-11-21T08:30:05Z"), "1f2e3d4c", core::Instant(milliseconds(86'400'123))};
}

core::Attempt second_attempt() {
  core::Attempt attempt;
  attempt.route = "responses-fallback";
  attempt.family = core::EndpointFamily::responses;
  attempt.provider = "comet";
  attempt.contract_version = "responses/2026-07-03+ba9876543210";
  attempt.request_id = "chat-walk-20261121-002-2";
  attempt.sent_at = at("2026-11-21T08:30:06Z");
  attempt.http_status = 200;
  attempt.status_class = core::StatusClass::s2xx;
  attempt.failure_class = core::FailureClass::none;
  attempt.reason = core::Reason::none;
  attempt.object_family = core::ObjectFamily::response;
  attempt.parser_result = core::ParserResult::accepted;
  attempt.planned_wait = milliseconds(731);
  attempt.served_model_match = core::ServedModelMatch::same;
  attempt.tokens = core::Tokens{11, 3};
  return attempt;
}

// Every optional value absent, lists empty, numbers 0.
core::Attempt unanswered_attempt() {
  core::Attempt attempt;
  attempt.route = "chat-primary";
  attempt.provider = "comet";
  attempt.contract_version = contract;
  attempt.request_id = "chat-walk-20261121-003-1";
  attempt.sent_at = at("2026-11-21T09:00:00Z");
  attempt.status_class = core::StatusClass::no_response;
  attempt.failure_class = core::FailureClass::retryable;
  attempt.reason = core::Reason::timeout;
  return attempt;
}

core::Outcome paused_outcome() {
  core::Outcome outcome;
  outcome.check_id = "chat-direct-20261121-001";
  outcome.probe = "chat-direct";
  outcome.policy_sha256 = policy_hash;
  outcome.config_sha256 = config_hash;
  outcome.environment = "staging";
  outcome.build = "smokeledger 0.1.0";
  outcome.provider = "comet";
  outcome.rule = "evidence_gap";
  outcome.because = "Nothing was sent: the evidence this run needs is missing.";
  outcome.gap = core::Gap::credential;
  outcome.follow_up_owner = "platform-oncall";
  return outcome;
}

}  // namespace

core::Attempt sample_attempt() {
  core::Attempt attempt;
  attempt.route = "chat-primary";
  attempt.family = core::EndpointFamily::chat_completions;
  attempt.provider = "comet";
  attempt.contract_version = contract;
  attempt.request_id = "chat-walk-20261121-002-1";
  attempt.provider_request_id = "req_01.AB-9:x";
  attempt.sent_at = at("2026-11-21T08:30:05Z");
  attempt.http_status = 429;
  attempt.status_class = core::StatusClass::s4xx;
  attempt.failure_class = core::FailureClass::retryable;
  attempt.reason = core::Reason::throttled;
  attempt.object_family = core::ObjectFamily::error;
  attempt.parser_result = core::ParserResult::inconclusive;
  attempt.findings = {{core::FindingCode::missing_member, "choices[0].message.content"},
                      {core::FindingCode::wrong_type, "usage"}};
  attempt.findings_left_out = 2;
  attempt.additive = 4;
  attempt.planned_wait = milliseconds(412);
  attempt.retry_after = core::RetryAfterSeen::capped;
  attempt.served_model_match = core::ServedModelMatch::different;
  attempt.gateway_retries = 2;
  attempt.gateway_fallbacks = 0;
  attempt.tokens = core::Tokens{12, 18'446'744'073'709'551'615ULL};
  return attempt;
}

core::AttemptLine sample_attempt_line() {
  core::AttemptLine line;
  line.check_id = "chat-walk-20261121-002";
  line.probe = "chat-walk";
  line.mode = core::Mode::walk;
  line.trigger = core::Trigger::manual;
  line.policy_sha256 = policy_hash;
  line.config_sha256 = config_hash;
  line.environment = "staging";
  line.number = 2;
  line.route = "responses-fallback";
  line.family = core::EndpointFamily::responses;
  line.provider = "comet";
  line.contract_version = "responses/2026-07-03+ba9876543210";
  line.request_id = "chat-walk-20261121-002-2";
  line.planned_wait = milliseconds(731);
  line.stamp = sample_stamp();
  line.method = "POST";
  line.path = "/v1/responses";
  line.auth_scheme = "bearer";
  line.request_members = {"model", "input", "max_output_tokens"};
  line.output_tokens_at_most = 512;
  line.caller_uid = 1000;
  line.previous = sample_attempt();
  return line;
}

core::Outcome sample_outcome() {
  core::Outcome outcome;
  outcome.check_id = "chat-walk-20261121-002";
  outcome.probe = "chat-walk";
  outcome.mode = core::Mode::walk;
  outcome.trigger = core::Trigger::confirm;
  outcome.caller_uid = 1000;
  outcome.policy_sha256 = policy_hash;
  outcome.config_sha256 = config_hash;
  outcome.environment = "staging";
  outcome.build = "smokeledger 0.1.0";
  outcome.family = core::EndpointFamily::responses;
  outcome.provider = "comet";
  outcome.attempts = {sample_attempt(), second_attempt()};
  outcome.status_class = core::StatusClass::s2xx;
  outcome.failure_class = core::FailureClass::retryable;
  outcome.reason = core::Reason::throttled;
  outcome.retry_count = 1;
  outcome.attempt_budget = 4;
  outcome.within_budget = core::WithinBudget::unknown;
  outcome.arrivals = 3;
  outcome.arrival_gaps = {milliseconds(412), milliseconds(1'033)};
  outcome.backoff_policy_seen = core::Seen::yes;
  outcome.jitter_seen = core::Seen::no;
  outcome.observed_layer = core::Layer::gateway;
  outcome.fallback_taken = core::Tristate::yes;
  outcome.fallback_route = "responses-fallback";
  outcome.fallback_layer = core::Layer::client;
  outcome.caller_received = core::CallerReceived::usable_response;
  outcome.decision = core::Decision::use_fallback;
  outcome.rule = "fallback_usable";
  outcome.because = "A later route gave a usable response.";
  outcome.pressure = {"retries_without_recovery:3"};
  outcome.gap = core::Gap::interrupted;
  outcome.check_result = core::CheckResult::fail;
  outcome.follow_up_owner = "platform-oncall";
  outcome.evidence_links = {"https://apidoc.cometapi.com/api/text/chat",
                            "https://apidoc.cometapi.com/api/text/responses"};
  outcome.unresolved = {"environment_mismatch:model:chat-primary", "quote \" backslash \\ \n"};
  return outcome;
}

core::ProbeState sample_state() {
  core::ProbeState state;
  state.probe = "chat-walk";
  state.last_attempt = sample_stamp();
  state.last_decision = core::Decision::escalate;
  state.failures_in_a_row = 3;
  state.confirm_wanted = true;
  state.day = "20261121";
  state.runs_today = 7;
  state.calls_today = 19;
  state.retries_without_recovery = 2;
  state.output_tokens_today = 4'810;
  state.last_outcome_at = at("2026-11-21T08:30:06Z");
  state.tally = {{{core::Counter::outcomes, {"chat_completions", "comet", "walk", "2xx"}}, 12},
                 {{core::Counter::outcomes, {"responses", "comet", "walk", "5xx"}}, 1},
                 {{core::Counter::retries, {"responses", "comet", "throttled", "client"}}, 9},
                 {{core::Counter::paused, {"credential", "", "", ""}}, 2},
                 {{core::Counter::paused, {"", "", "", ""}}, 1},
                 {{core::Counter::tokens_reported, {"", "input", "", ""}}, 1ULL << 63U}};
  state.open_run = core::OpenRun{
      sample_attempt_line(), {sample_attempt(), second_attempt()}, {std::nullopt, 256, 512}};
  return state;
}

core::ContractReview sample_review() {
  return {core::EndpointFamily::chat_completions,
          "chat_completions/2026-07-03+5d0a3b6f4c21",
          "AB",
          1000U,
          at("2026-11-21T09:15:00Z")};
}

core::PolicyLine sample_policy() {
  return {"chat-walk", policy_hash, R"({"mode":"walk","attempt_budget":4,"routes":["a","b"]})"};
}

std::string sample_note() {
  return "smokeledger-chain-v1/staging-0a1b2c3d\n17\n"
         "SSYgPD5Obs9Yh3jRt4aLmH9ZFy6mQWVxVbVCYMGz0DQ=\n\n\xE2\x80\x94 staging " +
         std::string(91, 'A') + "=\n";
}

core::Review sample_judgement() {
  core::Review review;
  review.first_seq = 17;
  review.last_seq = 42;
  review.decision = core::CheckResult::investigate;
  review.planned_maintenance = true;
  review.initials = "ABC";
  review.caller_uid = 1000;
  review.note = "The gateway was restarted by us.";
  review.links = {"https://tickets.example/17"};
  return review;
}

core::HumanDecision sample_decision() {
  core::HumanDecision decision;
  decision.about = core::DecisionAbout::incident;
  decision.environment = "staging";
  decision.family = core::EndpointFamily::responses;
  decision.request_id = "req_17";
  decision.status_class = core::SeenStatus::retryable;
  decision.retry_attempts = 3;
  decision.caller_received = core::CallerReceived::controlled_failure;
  decision.decision = core::Decision::use_fallback;
  decision.cited_seq = 18;
  decision.initials = "AB";
  decision.caller_uid = 1000;
  decision.follow_up_owner = "platform-oncall";
  decision.note = "Moved the batch jobs by hand.";
  decision.evidence_links = {"https://tickets.example/17"};
  return decision;
}

core::ReceivedAlert sample_alert() {
  core::ReceivedAlert alert;
  alert.status = core::AlertStatus::resolved;
  alert.group_key = R"({}/{severity="page"}:{alertname="SmokeledgerEscalate"})";
  alert.identity = {"1a30ba71cca2921f", "2026-11-21T08:30:00.123Z"};
  for (const auto name : core::every<core::AlertLabel>()) {
    alert.labels.emplace(name, "a " + std::string(core::word(name)));
  }
  alert.summary = "The newest decision of chat-walk is escalate.";
  return alert;
}

core::PacketLine sample_packet() {
  core::PacketLine line;
  line.event = core::PacketEvent::closed;
  line.packet = 17;
  line.opener = core::PacketOpener::alert;
  line.environment = "staging";
  line.probe = "chat-walk";
  line.cited_seq = 42;
  line.alert = sample_alert();
  line.initials = "AB";
  line.caller_uid = 1000;
  line.note = "The key had been revoked.";
  line.follow_up_owner = "platform-oncall";
  line.question_about = core::QuestionAbout::account;
  line.result = "Replies are usable with the new key.";
  line.changed = "none";
  line.remaining_uncertainty = "Who revoked the key.";
  line.to = core::HandedTo::outbox;
  line.attempts = 3;
  return line;
}

core::LivePacket sample_live_packet() {
  core::LivePacket packet;
  packet.opener = core::PacketOpener::person;
  packet.opened_at = at("2026-11-21T08:30:06Z");
  packet.environment = "staging";
  packet.probe = "chat-walk";
  packet.group_key = sample_alert().group_key;
  packet.alertname = "SmokeledgerEscalate";
  packet.last_line_at = at("2026-11-21T09:00:00Z");
  packet.repeats = 4;
  packet.resolutions = 1;
  packet.first_cited_seq = 16;
  packet.last_cited_seq = 44;
  packet.escalated_seq = 40;
  packet.over_seq = 44;
  packet.acknowledged_at = at("2026-11-21T08:45:00Z");
  packet.acknowledged_by = "AB";
  packet.follow_up_owner = "platform-oncall";
  packet.question_about = core::QuestionAbout::provider;
  packet.handed = {{core::HandedTo::webhook, true}, {core::HandedTo::outbox, false}};
  packet.alerts = {{sample_alert().identity, core::AlertStatus::resolved},
                   {{"2b", "2026-11-21T08:31:00Z"}, core::AlertStatus::firing}};
  packet.more_alerts = true;
  return packet;
}

std::vector<core::Line> every_kind() {
  core::ProbeState idle;
  idle.probe = "chat-direct";
  core::AttemptLine first = attempt_of("chat-walk", 3);
  first.caller_uid.reset();
  core::Outcome timed_out = outcome_of("chat-walk", 3);
  timed_out.attempts = {unanswered_attempt()};
  timed_out.caller_uid.reset();
  return {
      core::OpenLine{"staging-0a1b2c3d",
                     std::string(64, '7'),
                     "ledger-00000000000000000000-0011223344556677.jsonl",
                     "smokeledger 0.1.0"},
      sample_attempt_line(),
      core::OutcomeLine{sample_outcome()},
      sample_policy(),
      core::CarryLine{sample_state()},
      core::CarryProviderLine{"comet", false, at("2026-11-21T08:30:06Z"), 4'200},
      core::SealLine{core::TimeRange{at("2026-11-21T08:00:00Z"), at("2026-11-21T09:00:00Z")}, 2},
      core::ConfigLine{config_hash, {"ledger.dir", "probe.chat-walk.interval"}, 5},
      core::RecoveredLine{
          1'234, policy_hash, "ledger-00000000000000000000-0011223344556677.jsonl.99.3c1f7ab7"},
      core::ClockStepLine{-3'600'000},
      core::OtherLine{"forecast"},
      first,
      core::OutcomeLine{timed_out},
      core::OutcomeLine{paused_outcome()},
      core::CarryLine{idle},
      core::ContractReviewLine{sample_review()},
      core::ContractReviewLine{{core::EndpointFamily::responses,
                                "responses/2026-07-03+ba9876543210",
                                "XYZ",
                                std::nullopt,
                                at("2026-11-20T23:59:59Z")}},
      core::OpenLine{"staging-0a1b2c3d",
                     std::string(64, '7'),
                     "ledger-00000000000000000000-0011223344556677.jsonl",
                     "smokeledger 0.1.0",
                     core::Break{"ledger-00000000000000000000-0011223344556677.jsonl",
                                 17,
                                 policy_hash,
                                 "its hash does not match its bytes"}},
      core::RetiredLine{"ledger-00000000000000004711-8899aabbccddeeff.jsonl",
                        4'711,
                        3,
                        at("2026-11-21T12:00:00Z")},
      core::CheckpointLine{sample_note()},
      core::SealLine{},
      core::ReviewLine{sample_judgement()},
      core::ReviewLine{{3, 3, {}, false, "XY", {}, {}, {}, {}}},
      core::DecisionLine{sample_decision()},
      core::CarryReviewsLine{
          {{17,
            {"chat-walk",
             at("2026-11-21T08:30:06Z"),
             core::ReviewReason::decision,
             core::Decision::escalate}},
           {19, {"chat-walk", at("2026-11-21T09:00:00Z"), core::ReviewReason::policy_changed, {}}}},
          core::LeftOut{12, 1, 16}},
      core::CarryReviewsLine{},
      core::PacketLine{sample_packet()},
      core::PacketLine{},
      core::CarryPacketLine{17, sample_live_packet()},
      core::CarryPacketLine{},
      core::CarryPacketsLine{
          {sample_alert().identity},
          {{"chat-walk", {"staging", {{40, true}, {44, false}}, 40}}, {"chat-direct", {}}}},
      core::CarryPacketsLine{},
  };
}

}  // namespace smokeledger::tests
