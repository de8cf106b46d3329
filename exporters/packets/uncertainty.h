// What a packet leaves open, in sentences: what is unknown, could not be checked, or was another
// one there. Only compose.cpp includes this.
#pragma once

#include <string>
#include <vector>

#include "exporters/packets/compose.h"

namespace smokeledger::exporters::packets {

// Where what was checked differs from the environment, configuration and contracts of today, or an
// alert names another environment.
std::vector<std::string> mismatches(const Packet&, const PacketEvidence&);

// Of a packet that is complete but for these.
std::vector<std::string> uncertainties(const Packet&, const PacketEvidence&);

}  // namespace smokeledger::exporters::packets
