#include <algorithm>
#include <array>

#include "daemon/config/address.h"
#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::string_view header_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::size_t longest_header_value = 200;
constexpr std::size_t most_headers = 16;

// Headers that carry credentials, or that only the HTTP client may write.
constexpr std::array<std::string_view, 23> refused_headers{"accept",
                                                           "user-agent",
                                                           "x-request-id",
                                                           "authorization",
                                                           "proxy-authorization",
                                                           "x-api-key",
                                                           "api-key",
                                                           "x-goog-api-key",
                                                           "cookie",
                                                           "set-cookie",
                                                           "host",
                                                           "content-length",
                                                           "content-type",
                                                           "content-encoding",
                                                           "transfer-encoding",
                                                           "connection",
                                                           "keep-alive",
                                                           "te",
                                                           "trailer",
                                                           "upgrade",
                                                           "expect",
                                                           "accept-encoding",
                                                           "x-auth-token"};

std::string base_url(const Section& in, bool& loopback) {
  const std::string text = in.text("base_url");
  if (text.empty()) return {};
  const std::string name = join_path(in.path(), "base_url");
  const auto url = parse_url(text);
  if (!url) {
    in.error("base_url", name + " is not an http or https URL", "write https://HOST[:PORT][/PATH]");
    return {};
  }
  loopback = is_loopback_host(url->host);
  if (url->user_info) {
    in.error("base_url", name + " carries user info", "remove what stands before the @");
  } else if (url->query_or_fragment) {
    in.error("base_url", name + " has a query or fragment", "end it before the ? or #");
  } else if (url->scheme == "http" && !loopback) {
    in.error("base_url", name + " is http to a host that is not loopback", "write https://");
  }
  std::string plain = url->plain;
  while (plain.ends_with('/')) plain.pop_back();
  return plain;
}

void read_credential(const Section& in, core::Provider& provider) {
  const std::string auth = in.text("auth");
  const auto scheme = core::from_word<core::AuthScheme>(auth);
  if (!scheme) {
    if (!auth.empty()) {
      in.error("auth",
               join_path(in.path(), "auth") + " is " + shown(auth) + ", not a known scheme",
               "write bearer, x-api-key, x-goog-api-key or none");
    }
    return;
  }
  provider.auth = *scheme;
  const bool by_name = in.given("credential");
  const bool by_file = in.given("credential_file");
  if (*scheme == core::AuthScheme::none) {
    if (!by_name && !by_file) return;
    in.error(by_name ? "credential" : "credential_file",
             in.path() + " has a credential, but auth is none",
             "remove it, or write auth = \"bearer\"");
  } else if (by_name == by_file) {
    in.error(by_file ? "credential_file" : "auth",
             in.path() + (by_name ? " names two credentials" : " names no credential"),
             "write either credential or credential_file; credential = \"<API_KEY_PLACEHOLDER>\" "
             "pauses its probes");
  }
  provider.credential = in.text("credential");
  if (provider.credential != credential_placeholder && !is_credential_name(provider.credential)) {
    in.error("credential",
             join_path(in.path(), "credential") + " is not a systemd credential name",
             "write a name of [A-Za-z0-9_.-], as in LoadCredential=");
  }
  provider.credential_file = in.text("credential_file");
  if (in.get("credential_file") != nullptr && !provider.credential_file.starts_with('/')) {
    in.error("credential_file",
             join_path(in.path(), "credential_file") + " is not an absolute path",
             "write a path that begins with /");
  }
}

void read_headers(Errors& errors, const Section& in, core::Provider& provider) {
  const Node* table = in.get("headers");
  if (table == nullptr) return;
  const std::string path = join_path(in.path(), "headers");
  if (table->members.size() > most_headers) {
    in.error("headers", path + " has more than 16 headers", "remove some");
  }
  for (const auto& [name, value] : table->members) {
    const std::string_view problem = header_problem(name, value.text);
    if (problem.empty()) {
      provider.headers.emplace_back(lowered(name), value.text);
    } else {
      errors.add(value.key_at,
                 join_path(path, name) + " " + std::string(problem),
                 "remove it; credentials are sent by auth, framing by the HTTP client");
    }
  }
}

std::shared_ptr<const core::Provider> read_provider(Errors& errors,
                                                    const std::string& name,
                                                    const Node& node) {
  const Section in(
      errors, section_keys(config_keys(), "providers.NAME"), &node, join_path("providers", name));
  auto provider = std::make_shared<core::Provider>();
  provider->name = name;
  if (!is_table_name(name)) {
    errors.add(node.key_at, in.path() + " is not a name", "write 1 to 40 of [A-Za-z0-9_-]");
  }
  provider->base_url = base_url(in, provider->loopback);
  read_credential(in, *provider);
  if (in.get("non_production") != nullptr && !in.boolean("non_production", false)) {
    in.error("non_production",
             in.path() + " is a production provider",
             "use a non-production credential and route, then write non_production = true");
  }
  provider->max_in_flight = in.integer("max_in_flight", 1);
  provider->retry_tokens = in.integer("retry_tokens", *provider->retry_tokens);
  read_headers(errors, in, *provider);
  read_gateway(in, *provider);
  return provider;
}

std::string model_link(const Section& in) {
  const std::string text = in.text("model_link");
  if (text.empty()) return {};
  if (auto link = https_link(text)) return *link;
  in.error("model_link",
           join_path(in.path(), "model_link") + " is not an https URL",
           "write https://HOST/PATH without user info");
  return {};
}

std::shared_ptr<const core::Contract> contract_of(const Section& in, const Contracts& contracts) {
  const std::string text = in.text("family");
  if (text.empty()) return nullptr;
  const auto family = core::family_from(text);
  for (const auto& contract : contracts) {
    if (family && contract->family == *family) return contract;
  }
  std::string list;
  for (const auto& contract : contracts) {
    list.append(list.empty() ? "" : ", ").append(core::word(contract->family));
  }
  in.error("family",
           join_path(in.path(), "family") + " is " + shown(text) + ", which has no contract",
           "write one of: " + list);
  return nullptr;
}

// A model's name as a request carries it: printable ASCII that needs no JSON escape.
std::string model_name(const Section& in) {
  std::string model = plain_text(in, "model", 120);
  if (model.find_first_of("\"\\ {}") == std::string::npos) return model;
  in.error("model",
           join_path(in.path(), "model") + " has a blank, quote, brace or backslash",
           "write the model as the provider's documentation spells it");
  return {};
}

std::shared_ptr<const core::Route> read_route(Errors& errors,
                                              const std::string& name,
                                              const Node& node,
                                              const Named<core::Provider>& providers,
                                              const Contracts& contracts) {
  const Section in(
      errors, section_keys(config_keys(), "routes.NAME"), &node, join_path("routes", name));
  auto route = std::make_shared<core::Route>();
  route->name = name;
  if (!is_table_name(name)) {
    errors.add(node.key_at, in.path() + " is not a name", "write 1 to 40 of [A-Za-z0-9_-]");
  }
  const std::string provider = in.text("provider");
  if (const auto found = providers.find(provider); found != providers.end()) {
    route->provider = found->second;
  } else if (!provider.empty()) {
    in.error("provider",
             join_path(in.path(), "provider") + " is " + shown(provider) +
                 ", which is not a provider of this file",
             "write the NAME of a [providers.NAME] table");
  }
  route->contract = contract_of(in, contracts);
  route->model = model_name(in);
  route->model_verified_on = in.text("model_verified_on");
  route->model_link = model_link(in);
  if (route->provider && route->contract) check_request_id(in, *route);
  if (!route->provider || !route->contract) return nullptr;
  return route;
}

}  // namespace

std::string_view header_problem(std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_not_of(header_characters) != std::string_view::npos) {
    return "is not a header name";
  }
  const std::string low = lowered(name);
  if (std::find(refused_headers.begin(), refused_headers.end(), low) != refused_headers.end()) {
    return "may not be set here";
  }
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  if (!printable || value.size() > longest_header_value) {
    return "is not printable ASCII of at most 200 characters";
  }
  return {};
}

Named<core::Provider> read_providers(Errors& errors, const Section& root) {
  Named<core::Provider> providers;
  if (const Node* tables = root.get("providers")) {
    for (const auto& [name, node] : tables->members) {
      providers.emplace(name, read_provider(errors, name, node));
    }
  }
  return providers;
}

Named<core::Route> read_routes(Errors& errors,
                               const Section& root,
                               const Named<core::Provider>& providers,
                               const Contracts& contracts) {
  Named<core::Route> routes;
  if (const Node* tables = root.get("routes")) {
    for (const auto& [name, node] : tables->members) {
      routes.emplace(name, read_route(errors, name, node, providers, contracts));
    }
  }
  return routes;
}

}  // namespace smokeledger::daemon::config
