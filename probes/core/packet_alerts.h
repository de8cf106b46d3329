// What alerts that were delivered to us add to the packets. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "probes/core/packet_lines.h"

namespace smokeledger::probes::core {

// Alerts open no further packet beyond this number of live ones. Policies and people do.
inline constexpr std::size_t max_live_packets = 1'000;

// A packet tells at most this often that its alerts still fire.
inline constexpr std::chrono::seconds still_firing_every{60};

// One delivery of a group.
struct AlertDelivery {
  std::string group_key;  // as in its alerts
  std::vector<ReceivedAlert> alerts;
  std::uint64_t left_out = 0;  // alerts of the group that the sender did not send
};

// Which alerts are ours, and how.
struct AlertScope {
  std::string environment;                    // ours
  std::set<std::string, std::less<>> probes;  // configured, by name
  std::set<std::string, std::less<>> ignored_about{"families", "packets", "reviews", "ledger"};
};

struct AlertLines {
  std::vector<PacketLine> lines;
  // Some alert needs a packet and there are max_live_packets: the sender has to try again later.
  bool full = false;
};

// The lines that are due for a delivery. Once they are durable and folded, ask again until there
// are none: what belongs to a packet that is not open yet follows then. Only then is the delivery
// answered, and with an error where `full`. Repeating a delivery, whole or in part, adds nothing
// but that its alerts still fire.
// An alert with the name of a configured probe, and our environment or none, belongs to the packet
// of that probe; any other to the packet of its group. One that ended before it was heard of opens
// a packet and resolves it in one line. None of a closed packet, nor about what is ignored, gives a
// line.
AlertLines lines_for(const PacketBook&, const AlertDelivery&, const AlertScope&, WallTime now);

// Why the packet is not of the environment its alert names: that name; empty: it is, or none said.
std::string foreign_environment(const ReceivedAlert&, const std::string& ours);

}  // namespace smokeledger::probes::core
