#include "probes/core/packet_alerts.h"

#include <algorithm>
#include <map>
#include <utility>

namespace smokeledger::probes::core {
namespace {

// What an alert belongs to: a probe, or else a group.
struct Incident {
  std::string probe;
  std::string group_key;

  auto operator<=>(const Incident&) const = default;
};

// One pass over a delivery: what was said in it already waits for the next one.
class Pass {
 public:
  Pass(const PacketBook& book, const AlertDelivery& delivery, const AlertScope& scope, WallTime now)
      : book_(book), delivery_(delivery), scope_(scope), now_(now) {}

  AlertLines take() {
    for (const auto& alert : delivery_.alerts) look_at(alert);
    return std::move(result_);
  }

 private:
  void look_at(const ReceivedAlert& alert);
  void look_at_known(const ReceivedAlert&, std::uint64_t number);
  void join(const ReceivedAlert&, std::uint64_t number);
  void open(const ReceivedAlert&, const Incident&);
  void add(PacketLine, const ReceivedAlert&);
  Incident incident_of(const ReceivedAlert&) const;
  std::optional<std::uint64_t> live(const Incident&) const;
  bool said_lately(std::uint64_t number) const;

  const PacketBook& book_;
  const AlertDelivery& delivery_;
  const AlertScope& scope_;
  WallTime now_;
  AlertLines result_;
  std::set<AlertIdentity> said_;
  std::set<std::uint64_t> continued_;
  std::map<std::uint64_t, std::size_t> joined_;  // how many alerts, by packet
  std::set<Incident> opened_;
};

Incident Pass::incident_of(const ReceivedAlert& alert) const {
  const auto probe = alert.label(AlertLabel::probe);
  const bool ours = foreign_environment(alert, scope_.environment).empty();
  if (ours && scope_.probes.contains(probe)) return {std::string(probe), {}};
  return {{}, alert.group_key};
}

std::optional<std::uint64_t> Pass::live(const Incident& incident) const {
  if (!incident.probe.empty()) return live_packet_of(book_, scope_.environment, incident.probe);
  const auto found = book_.by_group.find(incident.group_key);
  return found == book_.by_group.end() ? std::nullopt : std::optional(found->second);
}

// The clock may have been set back: what was said long after now was not said lately either.
bool Pass::said_lately(std::uint64_t number) const {
  return continued_.contains(number) ||
         std::chrono::abs(now_ - book_.live.at(number).last_line_at) < still_firing_every;
}

void Pass::add(PacketLine line, const ReceivedAlert& alert) {
  line.alert = alert;
  if (delivery_.left_out > 0) {
    line.remaining_uncertainty = "The sender left " + std::to_string(delivery_.left_out) +
                                 " further alerts out of this delivery.";
  }
  said_.insert(alert.identity);
  if (line.packet) continued_.insert(*line.packet);
  result_.lines.push_back(std::move(line));
}

void Pass::look_at(const ReceivedAlert& alert) {
  const bool ignored = scope_.ignored_about.contains(alert.label(AlertLabel::about));
  if (ignored || said_.contains(alert.identity) || book_.closed.contains(alert.identity)) return;
  const auto known = book_.by_alert.find(alert.identity);
  if (known != book_.by_alert.end()) return look_at_known(alert, known->second);
  const Incident incident = incident_of(alert);
  if (const auto number = live(incident)) return join(alert, *number);
  if (!opened_.contains(incident)) open(alert, incident);
  said_.insert(alert.identity);
}

void Pass::look_at_known(const ReceivedAlert& alert, std::uint64_t number) {
  if (book_.live.at(number).alerts.at(alert.identity) == AlertStatus::resolved) return;
  if (alert.status == AlertStatus::resolved) {
    add(line_of(book_, number, PacketEvent::resolved), alert);
  } else if (!said_lately(number)) {
    add(line_of(book_, number, PacketEvent::repeated), alert);
  }
}

// Where no more alerts are told apart, one stands for all of them.
void Pass::join(const ReceivedAlert& alert, std::uint64_t number) {
  const bool resolved = alert.status == AlertStatus::resolved;
  const std::size_t room = max_alerts_of_a_packet -
                           std::min(max_alerts_of_a_packet, book_.live.at(number).alerts.size());
  if (room <= joined_[number] && (resolved || said_lately(number))) return;
  ++joined_[number];
  add(line_of(book_, number, resolved ? PacketEvent::resolved : PacketEvent::repeated), alert);
}

void Pass::open(const ReceivedAlert& alert, const Incident& incident) {
  if (book_.live.size() + opened_.size() >= max_live_packets) {
    result_.full = true;
    return;
  }
  opened_.insert(incident);
  PacketLine line;
  line.event = PacketEvent::opened;
  line.opener = PacketOpener::alert;
  line.environment = scope_.environment;
  line.probe = incident.probe;
  const auto outcomes = book_.probes.find(incident.probe);
  if (outcomes != book_.probes.end() && outcomes->second.environment == scope_.environment &&
      !outcomes->second.newest.empty()) {
    line.cited_seq = outcomes->second.newest.back().seq;
  }
  add(std::move(line), alert);
}

}  // namespace

AlertLines lines_for(const PacketBook& book,
                     const AlertDelivery& delivery,
                     const AlertScope& scope,
                     WallTime now) {
  return Pass(book, delivery, scope, now).take();
}

std::string foreign_environment(const ReceivedAlert& alert, const std::string& ours) {
  const auto said = alert.label(AlertLabel::environment);
  return said == ours ? std::string{} : std::string(said);
}

}  // namespace smokeledger::probes::core
