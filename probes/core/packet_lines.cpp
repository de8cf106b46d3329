#include "probes/core/packet_lines.h"

#include <algorithm>
#include <utility>

namespace smokeledger::probes::core {
namespace {

// Of a line of at most 16 KiB.
constexpr std::size_t alerts_in_a_line = 50;
constexpr std::size_t closed_in_a_line = 80;
constexpr std::size_t probes_in_a_line = 15;

// Usable outcomes before the first escalation say nothing that the newest does not.
void shorten(std::vector<ProbeOutcomes::One>& newest) {
  if (newest.size() > max_policy_outcomes) newest.erase(newest.begin());
  const auto escalation =
      std::find_if(newest.begin(), newest.end(), [](const auto& one) { return one.escalated; });
  const bool none = escalation == newest.end();
  newest.erase(newest.begin(), none ? std::prev(newest.end()) : escalation);
}

void note_outcome(PacketBook& book, std::uint64_t seq, const Outcome& outcome) {
  if (outcome.decision == Decision::paused) return;
  ProbeOutcomes& known = book.probes[outcome.probe];
  if (known.environment != outcome.environment) known.newest.clear();
  known.environment = outcome.environment;
  known.newest.push_back({seq, escalated(outcome)});
  shorten(known.newest);
}

void note_alert(PacketBook& book,
                std::uint64_t number,
                LivePacket& packet,
                const AlertIdentity& alert,
                AlertStatus status) {
  const auto known = packet.alerts.find(alert);
  if (known == packet.alerts.end() && packet.alerts.size() >= max_alerts_of_a_packet) {
    packet.more_alerts = true;
    return;
  }
  // An alert that ended does not begin again: the next one has another time.
  if (known != packet.alerts.end() && known->second == AlertStatus::resolved) return;
  packet.alerts.insert_or_assign(alert, status);
  book.by_alert.try_emplace(alert, number);
}

void index(PacketBook& book, std::uint64_t number, const LivePacket& packet) {
  if (!packet.probe.empty()) book.by_probe.try_emplace({packet.environment, packet.probe}, number);
  const bool of_a_group = packet.probe.empty() && !packet.group_key.empty();
  if (of_a_group) book.by_group.try_emplace(packet.group_key, number);
  for (const auto& [alert, status] : packet.alerts) book.by_alert.try_emplace(alert, number);
}

ProbeOutcomes* outcomes_of(PacketBook& book, const LivePacket& packet) {
  const auto found = book.probes.find(packet.probe);
  const bool known = found != book.probes.end() && found->second.environment == packet.environment;
  return known ? &found->second : nullptr;
}

// It accounts for every escalation so far where it cites one of them.
void note_escalations(PacketBook& book, std::uint64_t number, LivePacket& packet) {
  ProbeOutcomes* const outcomes = outcomes_of(book, packet);
  if (outcomes == nullptr) return;
  bool cites_one = false;
  for (const auto& one : outcomes->newest) {
    cites_one = cites_one || (one.escalated && one.seq == packet.first_cited_seq);
    if (cites_one && one.escalated) packet.escalated_seq = one.seq;
  }
  outcomes->covered_seq = std::max(outcomes->covered_seq, number);
}

void open_packet(PacketBook& book, const PacketLine& line, std::uint64_t seq, WallTime at) {
  LivePacket packet;
  packet.opener = line.opener;
  packet.opened_at = at;
  packet.environment = line.environment;
  packet.probe = line.probe;
  packet.first_cited_seq = line.cited_seq;
  packet.last_cited_seq = line.cited_seq;
  if (line.alert) {
    packet.group_key = line.alert->group_key;
    packet.alertname = line.alert->label(AlertLabel::alertname);
    packet.resolutions = line.alert->status == AlertStatus::resolved ? 1 : 0;
    note_alert(book, seq, packet, line.alert->identity, line.alert->status);
  }
  note_escalations(book, seq, packet);
  index(book, seq, packet);
  book.live.insert_or_assign(seq, std::move(packet));
}

void repeat(PacketBook& book, std::uint64_t number, LivePacket& packet, const PacketLine& line) {
  ++packet.repeats;
  if (line.alert) note_alert(book, number, packet, line.alert->identity, AlertStatus::firing);
  if (!line.cited_seq) return;
  packet.escalated_seq = line.cited_seq;
  packet.over_seq.reset();
  if (auto* const outcomes = outcomes_of(book, packet)) {
    outcomes->covered_seq = std::max(outcomes->covered_seq, *line.cited_seq);
  }
}

void resolve(PacketBook& book, std::uint64_t number, LivePacket& packet, const PacketLine& line) {
  ++packet.resolutions;
  if (line.alert) note_alert(book, number, packet, line.alert->identity, AlertStatus::resolved);
  if (line.cited_seq) packet.over_seq = line.cited_seq;
}

template <class Key>
void forget(std::map<Key, std::uint64_t>& index, std::uint64_t number) {
  std::erase_if(index, [number](const auto& entry) { return entry.second == number; });
}

// Where a person opened a second packet of the same, that one is found from here on.
void close_packet(PacketBook& book, std::uint64_t number) {
  const LivePacket closed = book.live.at(number);
  for (const auto& [alert, status] : closed.alerts) book.closed.add(alert);
  forget(book.by_probe, number);
  forget(book.by_group, number);
  forget(book.by_alert, number);
  book.live.erase(number);
  for (const auto& [other, packet] : book.live) {
    if (packet.probe == closed.probe || packet.group_key == closed.group_key) {
      index(book, other, packet);
    }
  }
}

void note_person(LivePacket& packet, const PacketLine& line, WallTime at) {
  if (!line.follow_up_owner.empty()) packet.follow_up_owner = line.follow_up_owner;
  if (line.question_about) packet.question_about = line.question_about;
  if (line.event != PacketEvent::acknowledged) return;
  packet.acknowledged_at = at;
  packet.acknowledged_by = line.initials;
}

void note_hand_over(LivePacket& packet, const PacketLine& line) {
  if (!line.to) return;
  if (line.event == PacketEvent::handed_over) packet.handed.insert_or_assign(*line.to, true);
  if (line.event == PacketEvent::not_handed_over) packet.handed.insert_or_assign(*line.to, false);
}

void fold_packet(PacketBook& book, const PacketLine& line, std::uint64_t seq, WallTime at) {
  const bool opens = line.event == PacketEvent::opened;
  if (opens) open_packet(book, line, seq, at);
  const std::uint64_t number = opens ? seq : line.packet.value_or(seq);
  const auto found = book.live.find(number);
  if (found == book.live.end()) return;
  if (line.event == PacketEvent::closed) return close_packet(book, number);
  LivePacket& packet = found->second;
  if (line.event == PacketEvent::repeated) repeat(book, number, packet, line);
  if (line.event == PacketEvent::resolved) resolve(book, number, packet, line);
  note_person(packet, line, at);
  note_hand_over(packet, line);
  if (line.cited_seq) packet.last_cited_seq = line.cited_seq;
  if (line.cited_seq && !packet.first_cited_seq) packet.first_cited_seq = line.cited_seq;
  packet.last_line_at = at;
}

void fold_carried(PacketBook& book, const CarryPacketLine& line) {
  const auto [found, first] = book.live.try_emplace(line.packet, line.live);
  if (!first) {
    auto alerts = std::exchange(found->second, line.live).alerts;
    found->second.alerts.merge(alerts);
  }
  index(book, line.packet, found->second);
}

void carry_packet(std::vector<Line>& lines, std::uint64_t number, const LivePacket& packet) {
  CarryPacketLine line{number, packet};
  line.live.alerts.clear();
  for (const auto& alert : packet.alerts) {
    if (line.live.alerts.size() == alerts_in_a_line) {
      lines.emplace_back(line);
      line.live.alerts.clear();
    }
    line.live.alerts.insert(alert);
  }
  lines.emplace_back(std::move(line));
}

}  // namespace

bool escalated(const Outcome& outcome) {
  return outcome.decision == Decision::escalate && outcome.check_result != CheckResult::pass;
}

void ClosedAlerts::add(const AlertIdentity& alert) {
  if (!known_.insert(alert).second) return;
  list_.push_back(alert);
  if (list_.size() <= max_closed_alerts) return;
  known_.erase(list_.front());
  list_.pop_front();
}

void fold(PacketBook& book, const Line& line, std::uint64_t seq, WallTime recorded_at) {
  if (const auto* outcome = std::get_if<OutcomeLine>(&line)) {
    note_outcome(book, seq, outcome->outcome);
  } else if (const auto* packet = std::get_if<PacketLine>(&line)) {
    fold_packet(book, *packet, seq, recorded_at);
  } else if (const auto* carried = std::get_if<CarryPacketLine>(&line)) {
    fold_carried(book, *carried);
  } else if (const auto* rest = std::get_if<CarryPacketsLine>(&line)) {
    for (const auto& alert : rest->closed) book.closed.add(alert);
    for (const auto& [probe, outcomes] : rest->probes)
      book.probes.insert_or_assign(probe, outcomes);
  }
}

std::vector<Line> carry_lines(const PacketBook& book) {
  std::vector<Line> lines;
  for (const auto& [number, packet] : book.live) carry_packet(lines, number, packet);
  CarryPacketsLine line;
  const auto next = [&] {
    if (line != CarryPacketsLine{}) lines.emplace_back(std::exchange(line, CarryPacketsLine{}));
  };
  for (const auto& alert : book.closed.list()) {
    line.closed.push_back(alert);
    if (line.closed.size() == closed_in_a_line) next();
  }
  next();
  for (const auto& [probe, outcomes] : book.probes) {
    line.probes.emplace(probe, outcomes);
    if (line.probes.size() == probes_in_a_line) next();
  }
  next();
  return lines;
}

LiveCounts count_live(const PacketBook& book) {
  LiveCounts counts;
  for (const auto& [number, live] : book.live) {
    auto& count = live.state() == PacketState::resolved ? counts.resolved
                  : live.acknowledged_at                ? counts.acknowledged
                                                        : counts.open;
    ++count;
  }
  return counts;
}

std::optional<std::uint64_t> live_packet_of(const PacketBook& book,
                                            const std::string& environment,
                                            const std::string& probe) {
  const auto found = book.by_probe.find({environment, probe});
  return found == book.by_probe.end() ? std::nullopt : std::optional(found->second);
}

PacketLine line_of(const PacketBook& book, std::uint64_t packet, PacketEvent event) {
  const LivePacket& live = book.live.at(packet);
  PacketLine line;
  line.event = event;
  line.packet = packet;
  line.opener = live.opener;
  line.environment = live.environment;
  line.probe = live.probe;
  return line;
}

}  // namespace smokeledger::probes::core
