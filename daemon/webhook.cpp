#include "daemon/webhook.h"

#include <chrono>

#include "daemon/config/address.h"
#include "daemon/config/digest.h"
#include "daemon/credentials.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon {
namespace {

// How a message calls a secret: its key and where it is.
std::string place(const std::string& key, const config::SecretPlace& where) {
  if (!where.file.empty()) return "packets." + key + "_file, " + where.file;
  return "packets." + key + "_credential, the systemd credential '" + where.credential + "'";
}

}  // namespace

std::optional<std::string> sayable_target(std::string_view url) {
  // A query, however long, is what some webhooks know their senders by.
  const auto parsed = config::parse_url(url.substr(0, url.find('?')));
  if (!parsed || parsed->user_info || url.find('#') != std::string_view::npos) return std::nullopt;
  if (parsed->scheme == "http" && !config::is_loopback_host(parsed->host)) return std::nullopt;
  return parsed->scheme + "://" + parsed->host;
}

std::optional<Webhook> open_webhook(const config::PacketsConfig& config,
                                    const std::string& credentials_directory,
                                    std::string& why) {
  const auto read = [&](const std::string& key, const config::SecretPlace& where) {
    auto secret = read_secret(where, credentials_directory, why);
    if (!secret) why = place(key, where) + ": " + (why.empty() ? "there is none" : why);
    return secret;
  };
  Webhook webhook;
  webhook.url = read("webhook_url", config.webhook_url);
  if (!webhook.url) return std::nullopt;
  webhook.key = read("webhook_key", config.webhook_key);
  if (!webhook.key) return std::nullopt;
  const auto sayable = sayable_target(webhook.url->reveal());
  if (!sayable) {
    why = place("webhook_url", config.webhook_url) +
          ": it holds no URL that is posted to; write https://HOST/PATH, or http:// for a loopback "
          "host, without user info or fragment, at most 200 characters before the query";
    return std::nullopt;
  }
  webhook.sayable = *sayable;
  return webhook;
}

std::string webhook_body(const exporters::packets::PacketFiles& files) {
  const auto packet = std::string_view(files.json).substr(0, files.json.find_last_not_of('\n') + 1);
  core::JsonWriter json;
  json.begin_object().key("packet").raw(packet).key("slice").string(files.slice).end_object();
  return json.take();
}

probes::run::Request webhook_request(const Webhook& webhook,
                                     const Posted& posted,
                                     core::WallTime now) {
  using std::chrono::duration_cast;
  const auto since = duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const std::string timestamp = std::to_string(since.count());
  const std::string signed_text = timestamp + '.' + posted.body;
  probes::run::Request request;
  request.url = webhook.url->reveal();
  request.headers = {{"content-type", "application/json"},
                     {"x-smokeledger-packet", posted.ledger_id},
                     {"x-smokeledger-timestamp", timestamp},
                     {"x-smokeledger-signature",
                      "sha256=" + config::hmac_sha256_hex(webhook.key->reveal(), signed_text)}};
  request.body = posted.body;
  return request;
}

}  // namespace smokeledger::daemon
