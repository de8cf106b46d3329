#include "probes/core/packet_person.h"

#include <utility>

namespace smokeledger::probes::core {
namespace {

// A closing says how it ended, what was changed for it and which line shows that.
std::string missing_in_closing(const PacketLine& said) {
  if (said.result.empty()) return "closing a packet needs its result";
  if (said.changed.empty()) return "closing a packet needs the changed route or files, or none";
  if (!said.cited_seq) return "closing a packet needs the line that shows the result";
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
  if (said.event == PacketEvent::opened) {
    const auto live =
        said.probe.empty() ? std::nullopt : live_packet_of(book, environment, said.probe);
    return live ? "probe " + said.probe + " has an open packet already, line " +
                      std::to_string(*live)
                : std::string{};
  }
  if (said.event != PacketEvent::acknowledged && said.event != PacketEvent::closed) {
    return "a person opens, acknowledges or closes a packet";
  }
  if (!said.packet || !book.live.contains(*said.packet)) return "no such packet is open";
  return said.event == PacketEvent::closed ? missing_in_closing(said) : std::string{};
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
