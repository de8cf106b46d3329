// Payload members of each kind, read back. Only decode*.cpp include this.
#pragma once

#include "exporters/ledger/json_reader.h"
#include "probes/core/line.h"

namespace smokeledger::exporters::ledger {

core::Attempt read_attempt(JsonReader&);
core::AttemptLine read_attempt_fields(JsonReader&);
core::Outcome read_outcome_fields(JsonReader&);
core::ProbeState read_state_fields(JsonReader&);
core::Review read_review_fields(JsonReader&);
core::HumanDecision read_decision_fields(JsonReader&);
core::CarryReviewsLine read_waiting_fields(JsonReader&);
core::PacketLine read_packet_fields(JsonReader&);
core::CarryPacketLine read_live_packet_fields(JsonReader&);
core::CarryPacketsLine read_packets_fields(JsonReader&);

}  // namespace smokeledger::exporters::ledger
