#include "probes/core/packet_person.h"

#include <utility>

namespace smokeledger::probes::core {
namespace {

// What an opening says of an outcome is kept with that outcome's probe: without it there would be a
// second packet of the same incident.
std::string objection_to_opening(const PacketBook& book,
                                 const PacketLine& said,
                                 const std::string& environment) {
  if (said.probe.empty()) {
    return said.cited_seq ? "opening a packet on a line needs the probe of that outcome"
                          : std::string{};
  }
  const auto live = live_packet_of(book, environment, said.probe);
  if (!live) return {};
  return "probe " + said.probe + " has an open packet already, line " + std::to_string(*live);
}

// A closing says how it ended, what was changed for it and which line shows that.
std::string objection_to_closing(const PacketLine& said) {
  if (said.result.empty()) return "closing a packet needs its result";
  if (said.changed.empty()) return "closing a packet needs the changed route or files, or none";
  if (!said.cited_seq) return "closing a packet needs the line that shows the result";
  if (*said.cited_seq <= *said.packet) {
    return "line " + std::to_string(*said.cited_seq) + " is not newer than the packet, line " +
           std::to_string(*said.packet) +
           ", so it cannot show how it ended; name a line that was written after it was opened";
  }
  if (said.remaining_uncertainty.empty()) {
    return "closing a packet needs the remaining uncertainty, or none";
  }
  return {};
}

std::string objection_to(const PacketBook& book,
                         const PacketLine& said,
                         const std::string& environment,
                         std::uint64_t newest_seq) {
  if (said.cited_seq && *said.cited_seq > newest_seq) {
    return "the ledger ends with line " + std::to_string(newest_seq) + "; nobody saw more";
  }
  if (said.event == PacketEvent::opened) return objection_to_opening(book, said, environment);
  if (said.event != PacketEvent::acknowledged && said.event != PacketEvent::closed) {
    return "a person opens, acknowledges or closes a packet";
  }
  if (!said.packet || !book.live.contains(*said.packet)) return "no such packet is open";
  return said.event == PacketEvent::closed ? objection_to_closing(said) : std::string{};
}

}  // namespace

boost::system::result<PacketLine, std::string> line_of_person(const PacketBook& book,
                                                              PacketLine said,
                                                              const std::string& environment,
                                                              std::uint64_t newest_seq) {
  if (auto objection = objection_to(book, said, environment, newest_seq); !objection.empty()) {
    return objection;
  }
  said.alert.reset();
  said.to.reset();
  said.attempts = 0;
  if (said.event == PacketEvent::opened) {
    said.packet.reset();
    said.opener = PacketOpener::person;
    said.environment = environment;
    return said;
  }
  const LivePacket& live = book.live.at(*said.packet);
  said.opener = live.opener;
  said.environment = live.environment;
  said.probe = live.probe;
  return said;
}

}  // namespace smokeledger::probes::core
