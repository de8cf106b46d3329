#include "probes/core/packet_policy.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

using One = ProbeOutcomes::One;

PacketLine citing(PacketLine line, std::uint64_t seq) {
  line.cited_seq = seq;
  return line;
}

std::optional<PacketLine> due_on(const PacketBook& book,
                                 std::uint64_t number,
                                 const ProbeOutcomes& outcomes) {
  const LivePacket& packet = book.live.at(number);
  const auto& newest = outcomes.newest;
  const auto escalation = std::find_if(newest.rbegin(), newest.rend(), [&](const One& one) {
    return one.escalated && one.seq > outcomes.covered_seq;
  });
  if (escalation != newest.rend()) {
    return citing(line_of(book, number, PacketEvent::repeated), escalation->seq);
  }
  if (!packet.escalated_seq || packet.over_seq) return std::nullopt;
  const auto usable = std::find_if(newest.begin(), newest.end(), [&](const One& one) {
    return !one.escalated && one.seq > *packet.escalated_seq;
  });
  if (usable == newest.end()) return std::nullopt;
  return citing(line_of(book, number, PacketEvent::resolved), usable->seq);
}

}  // namespace

std::optional<PacketLine> due(const PacketBook& book,
                              const std::string& probe,
                              const PacketPolicy& policy,
                              const std::string& environment) {
  const auto known = book.probes.find(probe);
  if (known == book.probes.end() || known->second.environment != environment) return std::nullopt;
  const ProbeOutcomes& outcomes = known->second;
  if (const auto live = live_packet_of(book, environment, probe)) {
    return due_on(book, *live, outcomes);
  }
  std::uint32_t escalations = 0;
  std::uint64_t first = 0;
  const auto& newest = outcomes.newest;
  for (std::size_t i = newest.size() - std::min<std::size_t>(newest.size(), policy.of_last);
       i < newest.size();
       ++i) {
    if (!newest[i].escalated || newest[i].seq <= outcomes.covered_seq) continue;
    if (++escalations == 1) first = newest[i].seq;
  }
  if (policy.after == 0 || escalations < policy.after) return std::nullopt;
  PacketLine line;
  line.event = PacketEvent::opened;
  line.opener = PacketOpener::policy;
  line.environment = environment;
  line.probe = probe;
  line.cited_seq = first;
  return line;
}

}  // namespace smokeledger::probes::core
