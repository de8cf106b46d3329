// The whole configuration as typed values: what the daemon runs on. Made by read_config() from one
// TOML file; every key is documented in docs/configuration.md and held to it by a test.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/core/packet_alerts.h"
#include "probes/core/packet_hand_over.h"
#include "probes/core/plan.h"

namespace smokeledger::daemon::config {

namespace core = probes::core;

struct LedgerConfig {
  std::string name;
  std::string dir;
  std::uint64_t segment_bytes = 64ULL << 20;
  core::Milliseconds segment_age = std::chrono::days{7};  // 0: no segment is too old
  core::Milliseconds retention{0};                        // 0: everything is kept
  // Where the key that signs checkpoints is; both empty: in `dir`, made there when it is missing.
  std::string checkpoint_key_credential;  // name of a systemd credential
  std::string checkpoint_key_file;
};

struct WebConfig {
  std::string listen_address = "127.0.0.1:9464";  // loopback only
  std::string metrics_listen_address;             // empty: no second, metrics-only listener
};

struct StubConfig {
  std::string listen_address;                   // loopback only; empty: the stub is not started
  std::string request_header = "x-request-id";  // in lower case
};
// What the stub is called to play a script.
std::string stub_url(const StubConfig&, std::string_view script);

struct ControlConfig {
  std::string socket = "/run/smokeledger/control.sock";
};

// Where a secret is: a systemd credential by its name, or a file. Both empty: nowhere.
struct SecretPlace {
  std::string credential;
  std::string file;

  bool empty() const { return credential.empty() && file.empty(); }
};

struct PacketsConfig {
  core::PacketPolicy policy;  // of probes that say nothing else
  // Labels `about` of alerts that open no packet.
  std::set<std::string, std::less<>> ignored_about = core::AlertScope{}.ignored_about;
  SecretPlace alerts_token;  // empty: no alerts are taken
  std::string outbox;        // absolute; empty: none
  SecretPlace webhook_url;   // empty: none
  SecretPlace webhook_key;   // of its signature; not empty where there is a URL
  core::HandOverPolicy webhook;
};

struct LimitsConfig {
  std::uint32_t max_in_flight = 2;  // requests in all
};

// The contracts in force, one per family.
using Contracts = std::vector<std::shared_ptr<const core::Contract>>;

struct Config {
  std::string file;
  std::string sha256;  // of the file's bytes
  LedgerConfig ledger;
  WebConfig web;
  ControlConfig control;
  StubConfig stub;
  LimitsConfig limits;
  PacketsConfig packets;
  core::ReviewPolicy contract_review;  // of every probe
  std::string environment;
  std::vector<std::shared_ptr<const core::ProbePlan>> probes;
  std::vector<std::shared_ptr<const core::Provider>> providers;
  std::vector<std::shared_ptr<const core::Route>> routes;  // also those that no probe names
  Contracts contracts;
  // Flattened, normalised `key.path` -> value text, to name what a reload changed.
  std::map<std::string, std::string> values;
};

// `file:line:column: problem; fix`. Positions count from 1; 0 means the file as a whole.
struct ConfigError {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string problem;
  std::string fix;

  std::string text() const;
};

struct ReadResult {
  std::optional<Config> config;     // absent when there are errors
  std::vector<ConfigError> errors;  // every one, in file order
};

// Pure: bytes in, values or errors out. `contracts_dir` of the file is not looked at.
ReadResult read_config(const std::string& file, std::string_view bytes, const Contracts&);

// Reads the file and the contracts it asks for, then as above; errors of contract files come first.
// An unreadable file is an error at 0:0.
ReadResult load_config(const std::string& file);

// Key paths whose values differ, are new or are gone, in order; then `contracts.<family>` for each
// contract of another version.
std::vector<std::string> changed_keys(const Config& before, const Config& after);

}  // namespace smokeledger::daemon::config
