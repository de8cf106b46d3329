// What a `packet` line says, for its page.
#pragma once

#include "exporters/page/markup.h"
#include "exporters/page/view.h"
#include "probes/core/packet.h"

namespace smokeledger::exporters::page {

Markup packet_section(const core::PacketLine&, const LineView&);

}  // namespace smokeledger::exporters::page
