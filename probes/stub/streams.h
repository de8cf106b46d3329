// The event streams of the families, down to the bytes of their chunked transfer. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub {

// Asked for, by a family that has streams.
bool streams(const Asked&);

// The events as the family numbers them.
Events numbered(const Dialect&, Events);

// One event with its empty line.
std::string event_text(const Dialect&, const Event&);
// Numbered, then each as its text.
std::vector<std::string> event_texts(const Dialect&, Events);

// One chunk of a chunked body. REQUIRES: not empty, which would end the body.
std::string chunk(std::string_view);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";
// Every text as a chunk of its own; the body stays open.
std::string chunks(const std::vector<std::string>& texts);

}  // namespace smokeledger::probes::stub
