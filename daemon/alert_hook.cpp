#include "daemon/alert_hook.h"

#include <string_view>
#include <utility>

#include "daemon/config/digest.h"
#include "daemon/config/secrets.h"
#include "daemon/credentials.h"
#include "exporters/packets/alertmanager.h"

namespace smokeledger::daemon {
namespace {

using exporters::web::Reply;
using exporters::web::WebRequest;
using exporters::web::WebResponse;

WebResponse plain(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + '\n'};
}

bool is_token(std::string_view authorization, const probes::run::Secret& token) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return false;
  return config::same_secret(authorization.substr(scheme.size()), token.reveal());
}

WebResponse response_to(const PacketKeeper::Answer& answer) {
  using Kind = PacketKeeper::Answer::Kind;
  switch (answer.kind) {
    case Kind::kept:
      return plain(200, answer.ledger_id.empty() ? "Nothing new." : answer.ledger_id);
    case Kind::full:
      return plain(503,
                   "There are " + std::to_string(core::max_live_packets) +
                       " open packets; close some, and send this again.");
    case Kind::refused:
      return plain(400, answer.why);
    case Kind::not_written:
      break;
  }
  return plain(503, "The ledger did not take it; send this again.");
}

}  // namespace

std::shared_ptr<const probes::run::Secret> read_alerts_token(
    const config::PacketsConfig& packets, const std::string& credentials_directory, Log& log) {
  std::string why;
  auto token = read_secret(packets.alerts_token, credentials_directory, why);
  if (!why.empty()) log.warning("the token of alerts cannot be used", {{"why", why}});
  return token;
}

exporters::web::WebRoute alert_hook(PacketKeeper& keeper, ReadToken read_token) {
  return {"POST",
          "/hooks/alertmanager",
          [&keeper, read_token = std::move(read_token)](const WebRequest& request, Reply reply) {
            const auto token = read_token();
            if (token == nullptr) {
              return reply(plain(404, "No token is configured: [packets] alerts_token_file."));
            }
            if (!is_token(request.authorization, *token)) {
              return reply(plain(401, "The bearer token is missing or another one."));
            }
            const auto secret = [](std::string_view text) {
              return config::looks_like_secret(text);
            };
            auto delivery = exporters::packets::read_delivery(request.body, secret);
            if (!delivery) {
              return reply(plain(400, "This is no webhook of version 4: " + delivery.error()));
            }
            keeper.deliver(std::move(*delivery),
                           [reply = std::move(reply)](const PacketKeeper::Answer& answer) {
                             reply(response_to(answer));
                           });
          }};
}

}  // namespace smokeledger::daemon
