// Packets: what was said of them, and what is carried into a new segment.
#include <algorithm>
#include <utility>

#include "exporters/ledger/decode.h"

namespace smokeledger::exporters::ledger {
namespace {

core::AlertIdentity read_identity(JsonReader& json) {
  core::AlertIdentity alert;
  alert.fingerprint = json.text("fingerprint");
  alert.starts_at = json.text("starts_at");
  return alert;
}

std::map<core::AlertLabel, std::string> read_labels(JsonReader& json) {
  std::map<core::AlertLabel, std::string> labels;
  for (const auto name : core::every<core::AlertLabel>()) {
    if (auto value = json.text_if_there(core::word(name))) labels.emplace(name, std::move(*value));
  }
  return labels;
}

core::ReceivedAlert read_alert(JsonReader& json) {
  core::ReceivedAlert alert;
  alert.status = json.choice<core::AlertStatus>("status");
  alert.group_key = json.text("group_key");
  alert.identity = read_identity(json);
  alert.labels = json.object("labels", read_labels);
  alert.summary = json.text("summary");
  return alert;
}

std::pair<core::AlertIdentity, core::AlertStatus> read_known_alert(JsonReader& json) {
  auto alert = read_identity(json);
  return {std::move(alert), json.choice<core::AlertStatus>("status")};
}

void read_handed(JsonReader& json, std::string_view name, bool went, core::LivePacket& packet) {
  for (const auto& text : json.texts(name)) {
    const auto to = core::from_word<core::HandedTo>(text);
    if (!to) return json.fail(name);
    packet.handed.emplace(*to, went);
  }
}

std::pair<std::string, core::ProbeOutcomes> read_outcomes(JsonReader& json) {
  std::string probe = json.text("probe");
  core::ProbeOutcomes outcomes;
  outcomes.environment = json.text("environment");
  const auto numbers = json.integers<std::uint64_t>("outcomes");
  const auto escalated = json.integers<std::uint64_t>("escalated");
  for (const auto seq : numbers) {
    const bool is_one = std::find(escalated.begin(), escalated.end(), seq) != escalated.end();
    outcomes.newest.push_back({seq, is_one});
  }
  outcomes.covered_seq = json.integer<std::uint64_t>("covered_seq");
  return {std::move(probe), std::move(outcomes)};
}

}  // namespace

core::PacketLine read_packet_fields(JsonReader& json) {
  core::PacketLine line;
  line.event = json.choice<core::PacketEvent>("event");
  line.packet = json.optional_integer<std::uint64_t>("packet_seq");
  line.opener = json.choice<core::PacketOpener>("opener");
  line.environment = json.text("environment");
  line.probe = json.text("probe");
  line.cited_seq = json.optional_integer<std::uint64_t>("cited_seq");
  line.alert = json.optional_object("alert", read_alert);
  line.initials = json.text("operator_initials");
  line.caller_uid = json.integer_if_there<std::uint32_t>("caller_uid");
  line.note = json.text("operator_notes");
  line.follow_up_owner = json.text("follow_up_owner");
  line.question_about = json.choice_unless_empty<core::QuestionAbout>("question_about");
  line.result = json.text("result");
  line.changed = json.text("changed");
  line.remaining_uncertainty = json.text("remaining_uncertainty");
  line.to = json.choice_unless_empty<core::HandedTo>("handed_to");
  line.attempts = json.integer<std::uint32_t>("hand_over_attempts");
  return line;
}

core::CarryPacketLine read_live_packet_fields(JsonReader& json) {
  core::CarryPacketLine line;
  core::LivePacket& packet = line.live;
  line.packet = json.integer<std::uint64_t>("packet_seq");
  packet.opener = json.choice<core::PacketOpener>("opener");
  packet.opened_at = json.utc("opened_at");
  packet.environment = json.text("environment");
  packet.probe = json.text("probe");
  packet.group_key = json.text("group_key");
  packet.alertname = json.text("alertname");
  packet.last_line_at = json.utc("last_line_at");
  packet.repeats = json.integer<std::uint32_t>("repeats");
  packet.resolutions = json.integer<std::uint32_t>("resolutions");
  packet.first_cited_seq = json.optional_integer<std::uint64_t>("first_cited_seq");
  packet.last_cited_seq = json.optional_integer<std::uint64_t>("last_cited_seq");
  packet.escalated_seq = json.optional_integer<std::uint64_t>("escalated_seq");
  packet.over_seq = json.optional_integer<std::uint64_t>("over_seq");
  packet.acknowledged_at = json.optional_utc("acknowledged_at");
  packet.acknowledged_by = json.text("operator_initials");
  packet.follow_up_owner = json.text("follow_up_owner");
  packet.question_about = json.choice_unless_empty<core::QuestionAbout>("question_about");
  read_handed(json, "handed_over_to", true, packet);
  read_handed(json, "not_handed_over_to", false, packet);
  for (auto& alert : json.objects("alerts", read_known_alert)) packet.alerts.insert(alert);
  packet.more_alerts = json.boolean("more_alerts");
  return line;
}

core::CarryPacketsLine read_packets_fields(JsonReader& json) {
  core::CarryPacketsLine line;
  line.closed = json.objects("closed", read_identity);
  for (auto& probe : json.objects("probes", read_outcomes)) line.probes.insert(std::move(probe));
  return line;
}

}  // namespace smokeledger::exporters::ledger
