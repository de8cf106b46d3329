// Payload members of each kind, in the order they stand in a line.
#pragma once

#include "probes/core/json_writer.h"
#include "probes/core/line.h"

namespace smokeledger::exporters::ledger {

namespace core = probes::core;

void write_attempt(core::JsonWriter&, const core::Attempt&);  // a whole object
void write_attempt_fields(core::JsonWriter&, const core::AttemptLine&);
void write_outcome_fields(core::JsonWriter&, const core::Outcome&);
void write_state_fields(core::JsonWriter&, const core::ProbeState&);
void write_review_fields(core::JsonWriter&, const core::Review&);
void write_decision_fields(core::JsonWriter&, const core::HumanDecision&);
void write_waiting_fields(core::JsonWriter&, const core::CarryReviewsLine&);
void write_packet_fields(core::JsonWriter&, const core::PacketLine&);
void write_live_packet_fields(core::JsonWriter&, const core::CarryPacketLine&);
void write_packets_fields(core::JsonWriter&, const core::CarryPacketsLine&);

}  // namespace smokeledger::exporters::ledger
