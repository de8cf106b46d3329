#include "daemon/config/config.h"

#include <filesystem>
#include <iterator>

#include "daemon/config/address.h"
#include "daemon/config/contracts.h"
#include "daemon/config/digest.h"
#include "daemon/config/drills.h"
#include "daemon/config/file_bytes.h"
#include "daemon/config/readers.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t longest_socket_path = 107;  // sockaddr_un, unix(7)

void read_checkpoint_key(const Section& in, LedgerConfig& ledger) {
  ledger.checkpoint_key_credential = in.text("checkpoint_key_credential");
  if (!is_credential_name(ledger.checkpoint_key_credential)) {
    in.error("checkpoint_key_credential",
             "ledger.checkpoint_key_credential is not a systemd credential name",
             "write a name of [A-Za-z0-9_.-], as in LoadCredential=");
  }
  ledger.checkpoint_key_file = in.text("checkpoint_key_file");
  if (in.get("checkpoint_key_file") != nullptr && !ledger.checkpoint_key_file.starts_with('/')) {
    in.error("checkpoint_key_file",
             "ledger.checkpoint_key_file is not an absolute path",
             "write a path that begins with /");
  }
  if (in.given("checkpoint_key_credential") && in.given("checkpoint_key_file")) {
    in.error("checkpoint_key_file",
             "ledger names two checkpoint keys",
             "write either checkpoint_key_credential or checkpoint_key_file");
  }
}

LedgerConfig read_ledger(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "ledger");
  LedgerConfig ledger;
  ledger.name = in.text("name");
  if (in.get("name") != nullptr && !is_name(ledger.name)) {
    in.error("name", "ledger.name is not a name", "write 1 to 40 of [a-z0-9-]");
  }
  ledger.dir = in.text("dir");
  if (in.get("dir") != nullptr && !ledger.dir.starts_with('/')) {
    in.error("dir", "ledger.dir is not an absolute path", "write a path that begins with /");
  }
  ledger.segment_bytes = in.size("segment_size", ledger.segment_bytes);
  ledger.segment_age = in.duration("segment_age", ledger.segment_age);
  ledger.retention = in.duration("retention", ledger.retention);
  read_checkpoint_key(in, ledger);
  return ledger;
}

WebConfig read_web(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "web");
  WebConfig web;
  web.listen_address = in.text("listen_address", web.listen_address);
  const auto address = parse_listen_address(web.listen_address);
  if (!address) {
    in.error("listen_address",
             "web.listen_address is not HOST:PORT",
             "write it like \"127.0.0.1:9464\"");
  } else if (!is_loopback_host(address->host)) {
    in.error("listen_address",
             "web.listen_address is not a loopback address",
             "write \"127.0.0.1:PORT\"; metrics_listen_address may be bound elsewhere");
  }
  web.metrics_listen_address = in.text("metrics_listen_address");
  if (!web.metrics_listen_address.empty() && !parse_listen_address(web.metrics_listen_address)) {
    in.error("metrics_listen_address",
             "web.metrics_listen_address is not HOST:PORT",
             "write it like \":9465\" or \"192.0.2.7:9465\"");
  }
  return web;
}

ControlConfig read_control(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "control");
  ControlConfig control;
  control.socket = in.text("socket", control.socket);
  if (!control.socket.starts_with('/') || control.socket.size() > longest_socket_path) {
    in.error("socket",
             "control.socket is not an absolute path of at most 107 bytes",
             "write it like \"/run/smokeledger/control.sock\"");
  }
  return control;
}

core::ReviewPolicy read_contract_review(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "contract_review");
  core::ReviewPolicy policy;
  policy.max_age = in.duration("max_age", policy.max_age);
  policy.pause = in.boolean("pause", policy.pause);
  return policy;
}

template <class T>
std::vector<std::shared_ptr<const T>> values_of(const Named<T>& named) {
  std::vector<std::shared_ptr<const T>> list;
  for (const auto& [name, value] : named) {
    if (value) list.push_back(value);
  }
  return list;
}

// What is read from the document that load_config() has parsed already.
ReadResult read_parsed(const std::string& file,
                       std::string_view bytes,
                       const Node& document,
                       const Contracts& contracts) {
  Errors errors(file);
  refuse_secrets(errors, document);
  refuse_claims(errors, document, ClaimsIn::config);
  const Section root(errors, section_keys(config_keys(), ""), &document, "");
  Config config;
  config.file = file;
  config.sha256 = sha256_hex(bytes);
  config.ledger = read_ledger(errors, root);
  config.web = read_web(errors, root);
  config.control = read_control(errors, root);
  config.stub = read_stub(errors, root);
  config.limits.max_in_flight =
      subsection(errors, root, "limits").integer("max_in_flight", config.limits.max_in_flight);
  config.contract_review = read_contract_review(errors, root);
  config.packets = read_packets(errors, root);
  const auto providers = read_providers(errors, root);
  const auto routes = read_routes(errors, root, providers, contracts);
  const Environment environment = read_environment(errors, root, providers, routes);
  const auto windows = read_windows(errors, root);
  config.environment = environment.name;
  config.probes = read_probes(errors,
                              root,
                              {routes,
                               windows,
                               environment,
                               config.stub,
                               config.ledger.name,
                               config.sha256,
                               config.contract_review,
                               config.packets.policy});
  if (!errors.empty()) return {std::nullopt, errors.take()};
  config.providers = values_of(providers);
  config.routes = values_of(routes);
  config.contracts = contracts;
  config.values = flatten(document);
  return {std::move(config), {}};
}

// contracts_dir as it will be read from here: relative to the configuration file.
std::string contracts_dir(const std::string& file, const Node& document) {
  const Node* dir = document.find("contracts_dir");
  if (dir == nullptr || dir->type != Node::Type::text || dir->text.empty()) return {};
  return (std::filesystem::path(file).parent_path() / dir->text).lexically_normal().string();
}

}  // namespace

ReadResult read_config(const std::string& file,
                       std::string_view bytes,
                       const Contracts& contracts) {
  const auto document = parse_document(file, bytes);
  if (!document) return {std::nullopt, {document.error()}};
  return read_parsed(file, bytes, *document, contracts);
}

ReadResult load_config(const std::string& file) {
  const auto bytes = file_bytes(file);
  if (!bytes) return {std::nullopt, {bytes.error()}};
  const auto document = parse_document(file, *bytes);
  if (!document) return {std::nullopt, {document.error()}};
  ContractsResult loaded = load_contracts(contracts_dir(file, *document));
  if (loaded.errors.empty()) return read_parsed(file, *bytes, *document, loaded.contracts);
  // The built-in contracts stand in, so that the errors of the configuration show as well.
  ReadResult result = read_parsed(file, *bytes, *document, load_contracts("").contracts);
  loaded.errors.insert(loaded.errors.end(),
                       std::make_move_iterator(result.errors.begin()),
                       std::make_move_iterator(result.errors.end()));
  return {std::nullopt, std::move(loaded.errors)};
}

}  // namespace smokeledger::daemon::config
