// The one fixed sentence in which the product names what it refuses to claim.
#pragma once

#include <string_view>

namespace smokeledger::probes::core {

inline constexpr std::string_view disclaimer =
    "smokeledger records what it sent, what class of answer came, what its own client waited and "
    "what was decided. It does not assert uptime, latency, health, model availability, quota, "
    "rate-limit capacity, price, billing, production readiness or a vendor's retry guarantee.";

}  // namespace smokeledger::probes::core
