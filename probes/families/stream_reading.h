// Reads a streamed reply by its family's contract: each event by the rules for its type, all of
// them by the family's order.
#pragma once

#include <cstddef>
#include <string_view>

#include "probes/core/reading.h"

namespace smokeledger::probes::families {

// Pure and total, like core::check, which reads whatever has another status than 2xx. A stream that
// broke off is read as far as it came. REQUIRES: contract.stream.
core::Reading read_stream(const core::Contract&,
                          int http_status,
                          std::string_view content_type,
                          core::BodyView body,
                          std::size_t byte_cap = core::most_body_bytes);

}  // namespace smokeledger::probes::families
