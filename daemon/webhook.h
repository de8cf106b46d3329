// What is posted to the outgoing webhook: a packet as JSON, signed. Its URL is a secret of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "exporters/packets/packet_files.h"
#include "probes/core/time.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

namespace core = probes::core;

// What may be said of a URL: scheme and host. Nothing: it is not https, or http to a loopback host,
// or it has user info or a fragment.
std::optional<std::string> sayable_target(std::string_view url);

// What is posted to, and with what it is signed.
struct Webhook {
  std::shared_ptr<const probes::run::Secret> url;
  std::shared_ptr<const probes::run::Secret> key;
  std::string sayable;  // of the URL
};
// Reads both secrets. Nothing: `why` names the place and the fix, never the content.
std::optional<Webhook> open_webhook(const config::PacketsConfig&,
                                    const std::string& credentials_directory,
                                    std::string& why);

// A packet on its way. `body`: an object of `packet`, the JSON form, and `slice`, the lines that
// prove it as one string, which is what the packet's slice file holds.
struct Posted {
  std::string ledger_id;
  std::string body;
};
std::string webhook_body(const exporters::packets::PacketFiles&);

// With the headers `x-smokeledger-packet`, the packet's ledger id; `x-smokeledger-timestamp`, now
// in Unix seconds; and `x-smokeledger-signature`, `sha256=` and HMAC-SHA256 in hex, by the key, of
// timestamp, `.` and body.
probes::run::Request webhook_request(const Webhook&, const Posted&, core::WallTime now);

}  // namespace smokeledger::daemon
