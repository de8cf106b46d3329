#include "daemon/webhook.h"

#include <chrono>

#include "daemon/config/address.h"
#include "daemon/config/digest.h"

namespace smokeledger::daemon {

std::optional<std::string> sayable_target(std::string_view url) {
  // A query, however long, is what some webhooks know their senders by.
  const auto parsed = config::parse_url(url.substr(0, url.find('?')));
  if (!parsed || parsed->user_info || url.find('#') != std::string_view::npos) return std::nullopt;
  if (parsed->scheme == "http" && !config::is_loopback_host(parsed->host)) return std::nullopt;
  return parsed->scheme + "://" + parsed->host;
}

probes::run::Request webhook_request(const std::string& url,
                                     const probes::run::Secret& key,
                                     const Posted& posted,
                                     core::WallTime now) {
  using std::chrono::duration_cast;
  const auto since = duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const std::string timestamp = std::to_string(since.count());
  const std::string signed_text = timestamp + '.' + posted.json;
  probes::run::Request request;
  request.url = url;
  request.headers = {
      {"content-type", "application/json"},
      {"x-smokeledger-packet", posted.ledger_id},
      {"x-smokeledger-timestamp", timestamp},
      {"x-smokeledger-signature", "sha256=" + config::hmac_sha256_hex(key.reveal(), signed_text)}};
  request.body = posted.json;
  return request;
}

}  // namespace smokeledger::daemon
