// Packets: what was said of them, and what is carried into a new segment.
#include "exporters/ledger/encode.h"

namespace smokeledger::exporters::ledger {
namespace {

using core::JsonWriter;
using core::word;

void write_number(JsonWriter& json, const std::optional<std::uint64_t>& number) {
  number ? json.integer(*number) : json.null();
}

template <core::Worded E>
void write_word(JsonWriter& json, const std::optional<E>& value) {
  json.string(value ? word(*value) : std::string_view{});
}

void write_alert(JsonWriter& json, const std::optional<core::ReceivedAlert>& alert) {
  if (!alert) {
    json.null();
    return;
  }
  json.begin_object().key("status").string(word(alert->status));
  json.key("group_key").string(alert->group_key);
  json.key("fingerprint").string(alert->identity.fingerprint);
  json.key("starts_at").string(alert->identity.starts_at);
  json.key("labels").begin_object();
  for (const auto& [name, value] : alert->labels) json.key(word(name)).string(value);
  json.end_object().key("summary").string(alert->summary).end_object();
}

void write_identity(JsonWriter& json, const core::AlertIdentity& alert) {
  json.key("fingerprint").string(alert.fingerprint).key("starts_at").string(alert.starts_at);
}

void write_handed(JsonWriter& json, const core::LivePacket& packet, bool went) {
  json.begin_array();
  for (const auto& [to, handed] : packet.handed) {
    if (handed == went) json.string(word(to));
  }
  json.end_array();
}

void write_outcomes(JsonWriter& json, const core::ProbeOutcomes& outcomes) {
  json.key("environment").string(outcomes.environment);
  json.key("outcomes").begin_array();
  for (const auto& one : outcomes.newest) json.integer(one.seq);
  json.end_array().key("escalated").begin_array();
  for (const auto& one : outcomes.newest) {
    if (one.escalated) json.integer(one.seq);
  }
  json.end_array().key("covered_seq").integer(outcomes.covered_seq);
}

}  // namespace

void write_packet_fields(JsonWriter& json, const core::PacketLine& line) {
  json.key("event").string(word(line.event));
  json.key("packet_seq");
  write_number(json, line.packet);
  json.key("opener").string(word(line.opener));
  json.key("environment").string(line.environment);
  json.key("probe").string(line.probe);
  json.key("cited_seq");
  write_number(json, line.cited_seq);
  json.key("alert");
  write_alert(json, line.alert);
  json.key("operator_initials").string(line.initials);
  if (line.caller_uid) json.key("caller_uid").integer(*line.caller_uid);
  json.key("operator_notes").string(line.note);
  json.key("follow_up_owner").string(line.follow_up_owner);
  json.key("question_about");
  write_word(json, line.question_about);
  json.key("result").string(line.result);
  json.key("changed").string(line.changed);
  json.key("remaining_uncertainty").string(line.remaining_uncertainty);
  json.key("handed_to");
  write_word(json, line.to);
  json.key("hand_over_attempts").integer(line.attempts);
}

void write_live_packet_fields(JsonWriter& json, const core::CarryPacketLine& line) {
  const core::LivePacket& packet = line.live;
  json.key("packet_seq").integer(line.packet);
  json.key("opener").string(word(packet.opener));
  json.key("opened_at").string(core::format_utc(packet.opened_at));
  json.key("environment").string(packet.environment);
  json.key("probe").string(packet.probe);
  json.key("group_key").string(packet.group_key);
  json.key("alertname").string(packet.alertname);
  json.key("last_line_at").string(core::format_utc(packet.last_line_at));
  json.key("repeats").integer(packet.repeats);
  json.key("resolutions").integer(packet.resolutions);
  json.key("first_cited_seq");
  write_number(json, packet.first_cited_seq);
  json.key("last_cited_seq");
  write_number(json, packet.last_cited_seq);
  json.key("escalated_seq");
  write_number(json, packet.escalated_seq);
  json.key("over_seq");
  write_number(json, packet.over_seq);
  json.key("acknowledged_at");
  packet.acknowledged_at ? json.string(core::format_utc(*packet.acknowledged_at)) : json.null();
  json.key("operator_initials").string(packet.acknowledged_by);
  json.key("follow_up_owner").string(packet.follow_up_owner);
  json.key("question_about");
  write_word(json, packet.question_about);
  json.key("handed_over_to");
  write_handed(json, packet, true);
  json.key("not_handed_over_to");
  write_handed(json, packet, false);
  json.key("alerts").begin_array();
  for (const auto& [alert, status] : packet.alerts) {
    json.begin_object();
    write_identity(json, alert);
    json.key("status").string(word(status)).end_object();
  }
  json.end_array().key("more_alerts").boolean(packet.more_alerts);
}

void write_packets_fields(JsonWriter& json, const core::CarryPacketsLine& line) {
  json.key("closed").begin_array();
  for (const auto& alert : line.closed) {
    json.begin_object();
    write_identity(json, alert);
    json.end_object();
  }
  json.end_array().key("probes").begin_array();
  for (const auto& [probe, outcomes] : line.probes) {
    json.begin_object().key("probe").string(probe);
    write_outcomes(json, outcomes);
    json.end_object();
  }
  json.end_array();
}

}  // namespace smokeledger::exporters::ledger
