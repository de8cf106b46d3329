// What a person says of packets: opened by hand, acknowledged, closed. Pure.
#pragma once

#include <cstdint>
#include <string>

#include <boost/system/result.hpp>

#include "probes/core/packet_lines.h"

namespace smokeledger::probes::core {

// The line that records it: what was said, with the packet's own members from the book.
// `newest_seq` is the ledger's newest line. The error is a sentence that names what does not fit:
// no such packet, a probe that has one already, a line that nobody wrote yet, an opening on an
// outcome whose probe it does not name, a closing that lacks what it needs or is shown by a line
// that is not newer than the packet.
boost::system::result<PacketLine, std::string> line_of_person(const PacketBook&,
                                                              PacketLine said,
                                                              const std::string& environment,
                                                              std::uint64_t newest_seq);

}  // namespace smokeledger::probes::core
