// The escalation packets that are open, as the overview shows them. On the thread of the pages.
#pragma once

#include <map>
#include <string>

#include "exporters/page/view.h"
#include "probes/core/packet_lines.h"

namespace smokeledger::exporters::page {

// The oldest first. The owner is whom a person named for the packet, else `owner_of` its probe.
void show_packets(Overview&,
                  const core::PacketBook&,
                  const std::map<std::string, std::string>& owner_of);

}  // namespace smokeledger::exporters::page
