#include "daemon/config/readers.h"

namespace smokeledger::daemon::config {
namespace {

core::PacketPolicy read_policy(const Section& in, core::PacketPolicy fallback) {
  core::PacketPolicy policy;
  policy.after = in.integer("after", fallback.after);
  policy.of_last = in.integer("of_last", fallback.of_last);
  if (policy.of_last < policy.after) {
    const bool by_count = in.given("after");
    in.error(
        by_count ? "after" : "of_last",
        join_path(in.path(), "after") + " is more than of_last: no packet would ever be opened",
        "write of_last = " + std::to_string(policy.after) + " or more; after = 0 opens none");
  }
  return policy;
}

SecretPlace read_place(const Section& in, const std::string& name) {
  const std::string by_name = name + "_credential";
  const std::string by_file = name + "_file";
  SecretPlace place{in.text(by_name), in.text(by_file)};
  if (!is_credential_name(place.credential)) {
    in.error(by_name,
             join_path(in.path(), by_name) + " is not a systemd credential name",
             "write a name of [A-Za-z0-9_.-], as in LoadCredential=");
  }
  if (in.get(by_file) != nullptr && !place.file.starts_with('/')) {
    in.error(by_file,
             join_path(in.path(), by_file) + " is not an absolute path",
             "write a path that begins with /");
  }
  if (in.given(by_name) && in.given(by_file)) {
    in.error(by_file,
             in.path() + " names two places for one secret",
             "write either " + by_name + " or " + by_file);
  }
  return place;
}

void read_targets(const Section& in, PacketsConfig& packets) {
  packets.outbox = in.text("outbox");
  if (in.given("outbox") && !packets.outbox.starts_with('/')) {
    in.error("outbox",
             join_path(in.path(), "outbox") + " is not an absolute path",
             "write a path that begins with /");
  }
  packets.webhook_url = read_place(in, "webhook_url");
  packets.webhook_key = read_place(in, "webhook_key");
  packets.webhook.attempts = in.integer("webhook_attempts", packets.webhook.attempts);
  if (!packets.webhook_url.empty() && packets.webhook_key.empty()) {
    in.error(in.given("webhook_url_file") ? "webhook_url_file" : "webhook_url_credential",
             in.path() + " names a URL for packets and no key that signs them",
             "write webhook_key_credential or webhook_key_file");
  }
}

}  // namespace

PacketsConfig read_packets(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "packets");
  PacketsConfig packets;
  packets.policy = read_policy(in, packets.policy);
  if (in.given("ignore_alerts_about")) {
    const auto words = in.texts("ignore_alerts_about");
    packets.ignored_about = {words.begin(), words.end()};
  }
  packets.alerts_token = read_place(in, "alerts_token");
  read_targets(in, packets);
  return packets;
}

core::PacketPolicy read_packet_policy(Errors& errors,
                                      const Section& probe,
                                      core::PacketPolicy fallback) {
  const Section in(errors,
                   section_keys(config_keys(), "probes.packets"),
                   probe.get("packets"),
                   join_path(probe.path(), "packets"));
  return read_policy(in, fallback);
}

}  // namespace smokeledger::daemon::config
