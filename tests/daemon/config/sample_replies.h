// Replies of each family with every member that a shipped rule names: project-written, so that a
// test can take away or spoil one thing at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/core/contract.h"

namespace smokeledger::tests::replies {

// A whole reply that is not streamed.
std::string_view whole(probes::core::EndpointFamily);
// An error in the family's documented envelope.
std::string_view error(probes::core::EndpointFamily);

// One event of a stream: its `event:` line, if any, and its data.
struct Event {
  std::string name;
  std::string data;
};
// A whole stream; empty for a family without streams.
std::vector<Event> events(probes::core::EndpointFamily);
// As it comes over the wire.
std::string text(const std::vector<Event>&);

}  // namespace smokeledger::tests::replies
