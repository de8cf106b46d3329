// POST /hooks/alertmanager on the loopback listener: alerts become lines of escalation packets.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/config/config.h"
#include "daemon/log.h"
#include "daemon/packet_keeper.h"
#include "exporters/web/server.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

// Null: there is none, or it cannot be read.
using ReadToken = std::function<std::shared_ptr<const probes::run::Secret>()>;

// Of the configuration. One that cannot be used is logged, never its content.
std::shared_ptr<const probes::run::Secret> read_alerts_token(
    const config::PacketsConfig&, const std::string& credentials_directory, Log&);

// Alertmanager's webhook, version 4, with `Authorization: Bearer TOKEN`. The token is read for each
// delivery, so that it can be exchanged while the service runs. Answers, with one line of text: 200
// when everything it said is durable; 400 it cannot be read; 401 another token, or none; 404 no
// token is configured; 503 try again, with why.
exporters::web::WebRoute alert_hook(PacketKeeper&, ReadToken);

}  // namespace smokeledger::daemon
