// When the outcomes of a probe open a packet, and what they add to one. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "probes/core/packet_lines.h"

namespace smokeledger::probes::core {

// The line that is due for a probe, if any. Asked after each outcome that is durable, and for each
// probe at the start: a crash between an outcome and its line loses nothing, for the answer is the
// same until the line is folded. There may be a next one then: ask until there is none.
// A live packet, whoever opened it: `repeated` cites the newest escalation that no packet accounts
// for, `resolved` the first usable outcome after it, once. No live packet: `opened` cites the first
// of the escalations that the policy counts.
std::optional<PacketLine> due(const PacketBook&,
                              const std::string& probe,
                              const PacketPolicy&,
                              const std::string& environment);

}  // namespace smokeledger::probes::core
