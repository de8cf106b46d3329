#include "tests/exporters/packets/scenes.h"

#include "exporters/ledger/codec.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using core::PacketEvent;

void change_all(const Change& change, std::initializer_list<std::string*> texts) {
  if (!change) return;
  for (std::string* text : texts) change(*text);
}

std::shared_ptr<const core::Contract> contract(core::EndpointFamily family,
                                               const std::string& version) {
  auto made = std::make_shared<core::Contract>();
  made->family = family;
  made->version = version;
  made->accessed = "2026-07-03";
  made->docs_home = "https://apidoc.cometapi.com/";
  made->support = "https://apidoc.cometapi.com/support/help-center";
  made->sources = {{"https://apidoc.cometapi.com/api/text/chat", "the request path", "2026-07-03"}};
  return made;
}

packets::PacketEvidence evidence() {
  packets::PacketEvidence made;
  made.environment = "staging";
  made.build = "smokeledger 0.1.0";
  made.config_sha256 = sample_outcome().config_sha256;
  made.config_file = "/etc/smokeledger/smokeledger.toml";
  made.contracts = {
      contract(core::EndpointFamily::chat_completions, "chat_completions/2026-07-03+5d0a3b6f4c21"),
      contract(core::EndpointFamily::responses, "responses/2026-09-01+00aa11bb22cc"),
      contract(core::EndpointFamily::messages, "messages/2026-07-03+998877665544")};
  return made;
}

core::Attempt throttled(const Change& change) {
  core::Attempt attempt = sample_attempt();
  attempt.gateway_retries.reset();
  attempt.gateway_fallbacks.reset();
  change_all(change, {&attempt.provider_request_id});
  return attempt;
}

core::Attempt refused(const Change& change) {
  core::Attempt attempt = throttled(change);
  attempt.request_id += "-again";
  attempt.planned_wait = std::chrono::milliseconds{731};
  attempt.http_status = 401;
  attempt.status_class = core::StatusClass::s4xx;
  attempt.failure_class = core::FailureClass::terminal;
  attempt.reason = core::Reason::auth;
  return attempt;
}

core::Outcome escalated(const Change& change) {
  core::Outcome outcome = sample_outcome();
  outcome.attempts = {throttled(change), refused(change)};
  outcome.family = outcome.attempts.back().family;
  outcome.status_class = core::StatusClass::s4xx;
  outcome.failure_class = core::FailureClass::terminal;
  outcome.reason = core::Reason::auth;
  outcome.within_budget = core::WithinBudget::yes;
  outcome.observed_layer = core::Layer::client;
  outcome.fallback_taken = core::Tristate::no;
  outcome.fallback_route.clear();
  outcome.fallback_layer.reset();
  outcome.caller_received = core::CallerReceived::controlled_failure;
  outcome.decision = core::Decision::escalate;
  outcome.rule = "nothing_usable";
  outcome.because = "No route gave a usable response.";
  outcome.unresolved = {"environment_mismatch:model:chat-primary"};
  change_all(change, {&outcome.follow_up_owner});
  return outcome;
}

core::Outcome kept(const Change& change) {
  core::Outcome outcome = escalated(change);
  outcome.check_id = "chat-walk-20261121-003";
  outcome.trigger = core::Trigger::confirm;
  core::Attempt& attempt = outcome.attempts.front();
  attempt.http_status = 200;
  attempt.status_class = core::StatusClass::s2xx;
  attempt.failure_class = core::FailureClass::none;
  attempt.reason = core::Reason::none;
  attempt.object_family = core::ObjectFamily::chat_completion;
  attempt.parser_result = core::ParserResult::accepted;
  attempt.findings.clear();
  attempt.findings_left_out = 0;
  attempt.retry_after = core::RetryAfterSeen::absent;
  outcome.attempts.pop_back();
  outcome.status_class = core::StatusClass::s2xx;
  outcome.failure_class = core::FailureClass::none;
  outcome.reason = core::Reason::none;
  outcome.retry_count = 0;
  outcome.backoff_policy_seen = core::Seen::not_exercised;
  outcome.jitter_seen = core::Seen::not_exercised;
  outcome.caller_received = core::CallerReceived::usable_response;
  outcome.decision = core::Decision::keep_primary;
  outcome.rule = "primary_usable";
  outcome.because = "The primary route gave a usable response at the first attempt.";
  outcome.check_result = core::CheckResult::investigate;
  return outcome;
}

core::PacketLine line(PacketEvent event, core::PacketOpener opener, std::uint64_t opened = 0) {
  core::PacketLine made;
  made.event = event;
  made.opener = opener;
  if (event != PacketEvent::opened) made.packet = opened;
  made.environment = "staging";
  made.probe = "chat-walk";
  return made;
}

// On a line of the packet, behind its checkpoint on a request of it, and on another incident.
std::vector<ledger::LedgerRecord> decisions(const Change& change) {
  core::HumanDecision on_a_line = sample_decision();
  on_a_line.request_id.clear();
  on_a_line.cited_seq = 17;
  core::HumanDecision on_a_request = sample_decision();
  on_a_request.request_id = sample_attempt().request_id;
  on_a_request.cited_seq.reset();
  on_a_request.status_class = core::SeenStatus::not_sent;
  on_a_request.retry_attempts.reset();
  on_a_request.caller_received = core::CallerReceived::unknown;
  on_a_request.decision = core::Decision::paused;
  core::HumanDecision on_another = sample_decision();
  on_another.cited_seq = 3;
  change_all(change, {&on_a_line.note, &on_a_request.follow_up_owner});
  return {record_of(20, "2026-11-21T08:46:00Z", core::DecisionLine{on_a_line}),
          record_of(21, "2026-11-21T08:47:00Z", core::DecisionLine{on_another}),
          record_of(41, "2026-11-21T10:01:00Z", core::DecisionLine{on_a_request})};
}

core::ReceivedAlert alert(const std::string& fingerprint, const Change& change) {
  core::ReceivedAlert made = sample_alert();
  made.status = core::AlertStatus::firing;
  made.identity.fingerprint = fingerprint;
  made.labels[core::AlertLabel::environment] = "production";
  made.labels[core::AlertLabel::severity] = "see [the ticket](https://evil.example) <b>now</b>";
  for (auto& [name, value] : made.labels) change_all(change, {&value});
  change_all(change, {&made.summary, &made.group_key});
  return made;
}

}  // namespace

ledger::LedgerRecord record_of(std::uint64_t seq, std::string_view when, const core::Line& line) {
  ledger::Hasher hasher;
  ledger::Decoder decoder;
  const auto encoded =
      ledger::encode(hasher, {seq, {}, "staging-0a1b2c3d", at(when), 1}, line).value();
  const std::string bytes = encoded.bytes.substr(0, encoded.bytes.size() - 1);
  const auto frame = ledger::read_frame(bytes);
  return make_record(*frame, decoder.decode(*frame, bytes)->line);
}

packets::PacketEvidence policy_scene(const Change& change) {
  using core::PacketOpener;
  packets::PacketEvidence made = evidence();
  core::AttemptLine first = sample_attempt_line();
  first.number = 1;
  first.previous.reset();
  made.attempts = {record_of(14, "2026-11-21T08:30:04Z", first),
                   record_of(15, "2026-11-21T08:30:05Z", sample_attempt_line())};
  made.outcomes = {record_of(16, "2026-11-21T08:30:06Z", core::OutcomeLine{escalated(change)}),
                   record_of(30, "2026-11-21T09:30:06Z", core::OutcomeLine{kept(change)})};
  core::Review review = sample_judgement();
  review.first_seq = 16;
  review.last_seq = 16;
  review.planned_maintenance = true;
  review.initials = "CD";
  review.note = "The key of staging had been revoked as planned.";
  made.reviews = {{review, 31, at("2026-11-21T09:40:00Z")}};
  made.decisions = decisions(change);
  auto opened = line(PacketEvent::opened, PacketOpener::policy);
  opened.cited_seq = 16;
  auto ack = line(PacketEvent::acknowledged, PacketOpener::policy, 17);
  ack.initials = "AB";
  ack.note = "Asking the owner of the key.";
  ack.follow_up_owner = "platform-oncall";
  auto over_again = line(PacketEvent::resolved, PacketOpener::policy, 17);
  over_again.cited_seq = 30;
  auto handed = line(PacketEvent::handed_over, PacketOpener::policy, 17);
  handed.to = core::HandedTo::outbox;
  handed.attempts = 2;
  auto closed = line(PacketEvent::closed, PacketOpener::policy, 17);
  closed.cited_seq = 30;
  closed.initials = "AB";
  closed.result = "Replies are usable with the new key.";
  closed.changed = "none";
  closed.remaining_uncertainty = "Who revoked the key.";
  change_all(change,
             {&ack.note,
              &ack.follow_up_owner,
              &closed.result,
              &closed.changed,
              &closed.remaining_uncertainty});
  made.lines = {record_of(17, "2026-11-21T08:30:06Z", opened),
                record_of(18, "2026-11-21T08:30:09Z", handed),
                record_of(19, "2026-11-21T08:45:00Z", ack),
                record_of(32, "2026-11-21T09:40:01Z", over_again),
                record_of(33, "2026-11-21T09:50:00Z", closed)};
  made.checkpoint = record_of(40, "2026-11-21T10:00:00Z", core::CheckpointLine{sample_note()});
  return made;
}

packets::PacketEvidence alert_scene(const Change& change) {
  packets::PacketEvidence made = evidence();
  auto opened = line(PacketEvent::opened, core::PacketOpener::alert);
  opened.probe.clear();
  opened.alert = alert("1a30ba71cca2921f", change);
  opened.remaining_uncertainty = "The sender left 3 further alerts out of this delivery.";
  auto joined = line(PacketEvent::repeated, core::PacketOpener::alert, 5);
  joined.probe.clear();
  joined.alert = alert("2b30ba71cca2921f", change);
  made.lines = {record_of(5, "2026-11-21T08:30:06Z", opened),
                record_of(6, "2026-11-21T08:30:06Z", joined)};
  made.live = core::LivePacket{};
  return made;
}

packets::PacketEvidence by_hand_scene(const Change& change) {
  packets::PacketEvidence made = evidence();
  core::Outcome outcome = escalated(change);
  outcome.mode = core::Mode::gateway;
  outcome.attempts = {refused(change)};
  outcome.reason = core::Reason::unknown_crash;
  outcome.attempts.front().status_class = core::StatusClass::unknown;
  outcome.attempts.front().http_status.reset();
  outcome.attempts.front().parser_result = core::ParserResult::not_checked;
  outcome.attempts.front().provider_request_id.clear();
  outcome.within_budget = core::WithinBudget::unknown;
  outcome.observed_layer = core::Layer::gateway;
  outcome.fallback_taken = core::Tristate::unknown;
  outcome.caller_received = core::CallerReceived::unknown;
  outcome.unresolved = {"result_of_last_attempt_unknown", "gateway_retries_unknown"};
  outcome.environment = "canary";
  made.outcomes = {record_of(9, "2026-11-21T08:30:06Z", core::OutcomeLine{outcome})};
  made.config_file = "/etc/smoke ledger/it's.toml";
  auto opened = line(PacketEvent::opened, core::PacketOpener::person);
  opened.cited_seq = 9;
  opened.initials = "XY";
  opened.note = "Asked by the support of the provider.";
  opened.follow_up_owner = "gateway-team";
  opened.question_about = core::QuestionAbout::application;
  change_all(change, {&opened.note, &opened.follow_up_owner});
  made.lines = {record_of(10, "2026-11-21T08:40:00Z", opened)};
  made.live = core::LivePacket{};
  return made;
}

}  // namespace smokeledger::tests
