// The packets of a ledger, as a fold over its lines. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/packet.h"

namespace smokeledger::probes::core {

inline constexpr std::size_t max_closed_alerts = 500;

// Alerts of closed packets, the newest max_closed_alerts: delivered once more they open nothing.
class ClosedAlerts {
 public:
  void add(const AlertIdentity&);
  bool contains(const AlertIdentity& alert) const { return known_.contains(alert); }
  const std::deque<AlertIdentity>& list() const { return list_; }  // the oldest first

  bool operator==(const ClosedAlerts&) const = default;

 private:
  std::deque<AlertIdentity> list_;
  std::set<AlertIdentity> known_;
};

struct PacketBook {
  std::map<std::uint64_t, LivePacket> live;  // by the number of the line that opened it
  std::map<std::string, ProbeOutcomes, std::less<>> probes;
  ClosedAlerts closed;
  // Which live packet: of an environment and probe, of a group of alerts without a probe, and of an
  // alert. They follow from `live`.
  std::map<std::pair<std::string, std::string>, std::uint64_t> by_probe;
  std::map<std::string, std::uint64_t> by_group;
  std::map<AlertIdentity, std::uint64_t> by_alert;

  bool operator==(const PacketBook&) const = default;
};

// What one line does to the book. Total: a line of a packet that is not live changes nothing, and
// carried lines that repeat what is known change nothing.
void fold(PacketBook&, const Line&, std::uint64_t seq, WallTime recorded_at);

// The lines that let a new segment go on from it; none: no probe ever ran and nothing is live.
std::vector<Line> carry_lines(const PacketBook&);

// Live packets, each in one of these.
struct LiveCounts {
  std::uint64_t open = 0;          // nobody has it
  std::uint64_t acknowledged = 0;  // somebody has it
  std::uint64_t resolved = 0;      // it ended by itself; somebody has to close it

  bool operator==(const LiveCounts&) const = default;
};
LiveCounts count_live(const PacketBook&);

// Number of the packet that is live for the probe.
std::optional<std::uint64_t> live_packet_of(const PacketBook&,
                                            const std::string& environment,
                                            const std::string& probe);

// An escalation that nobody expected.
bool escalated(const Outcome&);

// The next line of a live packet. REQUIRES: book.live holds it.
PacketLine line_of(const PacketBook&, std::uint64_t packet, PacketEvent);

}  // namespace smokeledger::probes::core
