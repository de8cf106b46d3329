// The parts of a configuration file, each read by one function. Internal to read_config().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/section.h"

namespace smokeledger::daemon::config {

// By name. Null: the name stands in the file, but what it names has errors; references to it are
// not errors of their own.
template <class T>
using Named = std::map<std::string, std::shared_ptr<const T>, std::less<>>;

Named<core::Provider> read_providers(Errors&, const Section& root);
Named<core::Route> read_routes(Errors&,
                               const Section& root,
                               const Named<core::Provider>&,
                               const Contracts&);

// What a provider's keys say of a gateway and of our request id. REQUIRES: its headers are read.
void read_gateway(const Section&, core::Provider&);
// The contract's own headers are not taken by request ids. REQUIRES: provider and contract.
void check_request_id(const Section&, const core::Route&);
// That a probe in gateway mode goes through one. REQUIRES: the routes are complete.
void check_gateway(const Section&, const core::ProbePlan&);
// What replies have to tell; an error where they never can. REQUIRES: the routes are complete.
void read_require_evidence(Errors&, const Section&, core::ProbePlan&);

// What [environment] and [hosted] say, and where they differ.
struct Environment {
  std::string name;
  std::string owner;                                            // empty: none
  std::vector<std::string> mismatches;                          // of every probe
  std::map<std::string, std::string, std::less<>> models;       // hosted, by route name
  std::map<std::string, std::string, std::less<>> credentials;  // hosted, by provider name
};
Environment read_environment(Errors&,
                             const Section& root,
                             const Named<core::Provider>&,
                             const Named<core::Route>&);

Named<core::QuietWindow> read_windows(Errors&, const Section& root);

PacketsConfig read_packets(Errors&, const Section& root);
// What `packets` of a probe says, else the fallback.
core::PacketPolicy read_packet_policy(Errors&, const Section& probe, core::PacketPolicy fallback);

struct ProbeContext {
  const Named<core::Route>& routes;
  const Named<core::QuietWindow>& windows;
  const Environment& environment;
  const StubConfig& stub;
  std::string ledger_name;
  std::string config_sha256;
  core::ReviewPolicy contract_review;
  core::PacketPolicy packets;
};
std::vector<std::shared_ptr<const core::ProbePlan>> read_probes(Errors&,
                                                                const Section& root,
                                                                const ProbeContext&);

// A table of the root by its key; null when absent or wrong.
Section subsection(Errors&, const Section& root, std::string_view key);

// Printable ASCII without blanks at the ends, at most `longest` characters; else an error is added.
std::string plain_text(const Section&, std::string_view key, std::size_t longest);

std::string lowered(std::string_view);  // A to Z alone

// 1 to 40 characters of `[a-z0-9-]`.
bool is_name(std::string_view);
// The same of `[A-Za-z0-9_-]`: names that are TOML keys.
bool is_table_name(std::string_view);
// As systemd's LoadCredential= takes it: a file name of `[A-Za-z0-9_.-]`; also the empty one.
bool is_credential_name(std::string_view);

// An https URL without user info, query and fragment stripped; else nothing.
std::optional<std::string> https_link(std::string_view);

// What is wrong with an extra request header, or nothing: no credentials, nothing of the framing.
std::string_view header_problem(std::string_view name, std::string_view value);

// `key.path` -> value, as Config.values holds it.
std::map<std::string, std::string> flatten(const Node& root);

}  // namespace smokeledger::daemon::config
