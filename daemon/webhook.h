// What is posted to the outgoing webhook: a packet as JSON, signed. Its URL is a secret of its own.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probes/core/time.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

namespace core = probes::core;

// What may be said of a URL: scheme and host. Nothing: it is not https, or http to a loopback host,
// or it has user info or a fragment.
std::optional<std::string> sayable_target(std::string_view url);

// A packet on its way.
struct Posted {
  std::string ledger_id;
  std::string json;
};

// With the headers `x-smokeledger-packet`, the packet's ledger id; `x-smokeledger-timestamp`, now
// in Unix seconds; and `x-smokeledger-signature`, `sha256=` and HMAC-SHA256 in hex, by the key, of
// timestamp, `.` and body.
probes::run::Request webhook_request(const std::string& url,
                                     const probes::run::Secret& key,
                                     const Posted&,
                                     core::WallTime now);

}  // namespace smokeledger::daemon
