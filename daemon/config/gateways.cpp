// What configuration says of gateways: the profile of a provider, the header by which a run is
// found in the logs of what it passes, and the evidence that a probe requires.
#include <algorithm>

#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"
#include "daemon/config/words.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::string_view id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

void read_request_id_header(const Section& in, core::Provider& provider) {
  constexpr std::string_view usual = "x-request-id";
  const std::string header = in.text("request_id_header", usual);
  provider.request_id_header = lowered(header);
  const bool sent_already =
      std::any_of(provider.headers.begin(), provider.headers.end(), [&](const auto& own) {
        return own.first == provider.request_id_header;
      });
  if (provider.request_id_header != usual && !header_problem(header, "").empty()) {
    in.error("request_id_header",
             join_path(in.path(), "request_id_header") + " is " + shown(header) + ", which " +
                 std::string(header_problem(header, "")),
             "write the name of a header that carries no credential, such as \"x-request-id\"");
  } else if (sent_already) {
    in.error("request_id_header",
             join_path(in.path(), "request_id_header") + " is also one of the headers",
             "remove it from headers");
  }
}

void read_request_id_suffix(const Section& in, core::Provider& provider) {
  provider.request_id_suffix = in.text("request_id_suffix", provider.request_id_suffix);
  std::string plain = provider.request_id_suffix;
  constexpr std::string_view place = "{n}";
  if (const auto at = plain.find(place); at != std::string::npos) plain.erase(at, place.size());
  if (plain.find_first_not_of(id_characters) != std::string::npos) {
    in.error("request_id_suffix",
             join_path(in.path(), "request_id_suffix") +
                 " is not of [A-Za-z0-9._:-] with at most one {n}",
             "write it like \".{n}\", or \"\" for one id for all attempts of a run");
  }
}

core::Gateway gateway_of(const core::Route& route) {
  return route.provider->gateway;
}

// What no reply by these routes can tell; empty: all of them can.
std::string never_told_by(const core::ProbePlan& plan, core::Evidence fact) {
  for (const auto& route : plan.routes) {
    const core::Gateway gateway = gateway_of(*route);
    if (gateway == core::Gateway::none || core::can_tell(gateway, fact)) continue;
    return std::string(core::word(gateway));
  }
  return {};
}

void read_required_fact(Errors& errors, const Node& item, core::ProbePlan& plan) {
  const auto fact = core::from_word<core::Evidence>(item.text);
  if (!fact) {
    errors.add(item.at,
               shown(item.text) + " is not evidence that a gateway gives",
               "write retries, fallbacks or served_model");
    return;
  }
  if (const std::string gateway = never_told_by(plan, *fact); !gateway.empty()) {
    errors.add(item.at,
               "replies through " + gateway + " never tell " + item.text,
               "remove it; docs/gateways.md says what each gateway tells");
  }
  plan.require_evidence.push_back(*fact);
}

}  // namespace

void read_gateway(const Section& in, core::Provider& provider) {
  provider.gateway = read_word(in, "gateway", core::Gateway::none);
  read_request_id_header(in, provider);
  read_request_id_suffix(in, provider);
}

void check_request_id(const Section& in, const core::Route& route) {
  const auto& asked_for = route.contract->request_headers;
  const std::string& header = route.provider->request_id_header;
  const bool taken = std::any_of(
      asked_for.begin(), asked_for.end(), [&](const auto& of) { return of.first == header; });
  if (!taken) return;
  in.error("provider",
           in.path() + " has a contract that asks for the header " + header +
               ", which its provider's request ids take",
           "write another request_id_header for the provider");
}

void check_gateway(const Section& in, const core::ProbePlan& plan) {
  const core::Route& primary = *plan.routes.front();
  if (plan.mode != core::Mode::gateway || gateway_of(primary) != core::Gateway::none) return;
  in.error("mode",
           "gateway probe " + shown(plan.name) + " goes through provider " +
               shown(primary.provider->name) + ", which names no gateway",
           "write gateway = \"litellm\", or another profile of docs/gateways.md, in " +
               join_path("providers", primary.provider->name) + ", or mode = \"direct\"");
}

void read_require_evidence(Errors& errors, const Section& in, core::ProbePlan& plan) {
  const Node* list = in.get("require_evidence");
  if (list == nullptr || list->items.empty()) return;
  const core::Provider& provider = *plan.routes.front()->provider;
  if (provider.gateway == core::Gateway::none) {
    in.error("require_evidence",
             join_path(in.path(), "require_evidence") + " is given, but provider " +
                 shown(provider.name) + " of the primary route names no gateway",
             "remove it, or write gateway in " + join_path("providers", provider.name));
    return;
  }
  for (const Node& item : list->items) read_required_fact(errors, item, plan);
}

}  // namespace smokeledger::daemon::config
