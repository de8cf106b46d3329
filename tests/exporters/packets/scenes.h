// Incidents as a ledger holds them, for tests of packets.
#pragma once

#include <functional>
#include <string>

#include "exporters/packets/compose.h"

namespace smokeledger::tests {

namespace core = probes::core;
namespace ledger = exporters::ledger;
namespace packets = exporters::packets;

// Changes a text that others wrote, wherever it stands in a scene; empty: none is changed.
using Change = std::function<void(std::string&)>;

// The line as if read back: number `seq` of staging-0a1b2c3d.
ledger::LedgerRecord record_of(std::uint64_t seq, std::string_view at, const core::Line&);

// A policy opened it after a walk that was throttled and then refused; acknowledged, repeated,
// resolved and closed, with the slice that proves it.
packets::PacketEvidence policy_scene(const Change& = {});
// An alert of another environment opened it, a second joined; no run is known, no checkpoint yet.
packets::PacketEvidence alert_scene(const Change& = {});
// A person opened it for one outcome through a gateway that does not tell what it did.
packets::PacketEvidence by_hand_scene(const Change& = {});

}  // namespace smokeledger::tests
