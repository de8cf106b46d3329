#include "probes/core/gateway.h"

#include <algorithm>
#include <charconv>

#include "probes/core/attempt.h"

namespace smokeledger::probes::core {
namespace {

// To add a gateway: its word in gateway.h, its row here, its section in docs/gateways.md.
constexpr std::array<GatewayProfile, 7> table{{
    {.gateway = Gateway::litellm,
     .retries_header = "x-litellm-attempted-retries",
     .retries = Tells::count,
     .fallbacks_header = "x-litellm-attempted-fallbacks",
     .fallbacks = Tells::count,
     .model_header = "x-litellm-model-group",
     .body_names_model = false,
     .source = "https://docs.litellm.ai/docs/proxy/response_headers"},
    {.gateway = Gateway::portkey,
     .retries_header = "x-portkey-retry-attempt-count",
     .retries = Tells::count_or_spent,
     .fallbacks_header = "x-portkey-last-used-option-index",
     .fallbacks = Tells::target_path,
     .prefix_end = '/',
     .source = "https://portkey.ai/docs/api-reference/inference-api/response-schema"},
    {.gateway = Gateway::envoy,
     .retries_header = "x-envoy-attempt-count",
     .retries = Tells::attempts,
     .fallbacks_header = "x-envoy-attempt-count",
     .fallbacks = Tells::first_attempt,
     .counts_whole_call = true,
     .source = "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/"
               "router_filter"},
    {.gateway = Gateway::ngrok,
     .retries_header = "ngrok-aig-attempts",
     .retries = Tells::attempts,
     .fallbacks_header = "ngrok-aig-attempts",
     .fallbacks = Tells::first_attempt,
     .model_header = "ngrok-aig-model",
     .body_names_model = false,
     .counts_whole_call = true,
     .prefix_end = ':',
     .source = "https://ngrok.com/docs/ai-gateway/guides/why-a-request-failed-over"},
    {.gateway = Gateway::cloudflare,
     .fallbacks_header = "cf-aig-step",
     .fallbacks = Tells::count,
     .prefix_end = '/',
     .source = "https://developers.cloudflare.com/ai-gateway/configuration/fallbacks/"},
    {.gateway = Gateway::openrouter,
     .source = "https://openrouter.ai/docs/guides/routing/model-fallbacks"},
    {.gateway = Gateway::azure,
     .fallbacks_header = "x-ms-is-spilled-over",
     .fallbacks = Tells::flag,
     .model_header = "x-ms-deployment-name",
     .source = "https://learn.microsoft.com/azure/ai-services/openai/how-to/"
               "spillover-traffic-management"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].gateway) != i + 1) return false;
  }
  return table.size() + 1 == every<Gateway>().size();
}
static_assert(in_order(), "one row per Gateway but none, in the enumeration's order");

constexpr GatewayProfile no_gateway{};

const GatewayProfile& profile_of(Gateway gateway) {
  return gateway == Gateway::none ? no_gateway : table[static_cast<std::size_t>(gateway) - 1];
}

// What a header says: whether in a documented form, and the count where that holds one.
struct Told {
  bool documented = false;
  std::optional<std::uint32_t> count = {};
};

Told a_count(std::uint32_t count) {
  return {true, count};
}

std::optional<std::uint32_t> number(std::string_view text) {
  const bool digits =
      !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint32_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || value > most_counted) return std::nullopt;
  return value;
}

// The indices of `config.targets[1].targets[0]`, added up: of a group inside a list, those before
// it in both. `config` alone: there is no list to go along.
Told targets_before(std::string_view path) {
  constexpr std::string_view root = "config";
  constexpr std::string_view step = ".targets[";
  if (!path.starts_with(root)) return {};
  path.remove_prefix(root.size());
  std::uint32_t sum = 0;
  while (!path.empty()) {
    const std::size_t end = path.find(']');
    if (!path.starts_with(step) || end == std::string_view::npos) return {};
    const auto index = number(path.substr(step.size(), end - step.size()));
    if (!index || sum + *index > most_counted) return {};
    sum += *index;
    path.remove_prefix(end + 1);
  }
  return a_count(sum);
}

bool same_letters(std::string_view text, std::string_view lower_case) {
  return std::equal(
      text.begin(), text.end(), lower_case.begin(), lower_case.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
      });
}

Told read_value(Tells tells, std::string_view text) {
  const auto read = number(text);
  switch (tells) {
    case Tells::nothing:
      break;
    case Tells::count_or_spent:
      if (text == "-1") return {true, std::nullopt};
      [[fallthrough]];
    case Tells::count:
      if (read) return a_count(*read);
      break;
    case Tells::attempts:
      if (read && *read > 0) return a_count(*read - 1);
      break;
    case Tells::first_attempt:
      if (read && *read == 1) return a_count(0);
      if (read && *read > 1) return {true, std::nullopt};
      break;
    case Tells::target_path:
      return targets_before(text);
    case Tells::flag:
      if (same_letters(text, "true")) return a_count(1);
      if (same_letters(text, "false")) return a_count(0);
      break;
  }
  return {};
}

// Empty as well when it comes twice: which of the two is meant cannot be told.
std::string_view only_value(const Reply& reply, std::string_view name) {
  const auto named = [&](const Header& header) { return header.name == name; };
  if (name.empty() || std::count_if(reply.headers.begin(), reply.headers.end(), named) != 1) {
    return {};
  }
  return reply.header(name);
}

}  // namespace

std::span<const GatewayProfile> gateway_profiles() {
  return table;
}

bool can_tell(Gateway gateway, Evidence fact) {
  const GatewayProfile& profile = profile_of(gateway);
  if (gateway == Gateway::none) return false;
  switch (fact) {
    case Evidence::retries:
      return profile.retries != Tells::nothing;
    case Evidence::fallbacks:
      return profile.fallbacks != Tells::nothing;
    case Evidence::served_model:
      break;
  }
  return profile.body_names_model || !profile.model_header.empty();
}

GatewayEvidence read_evidence(Gateway gateway, const Reply& reply, std::string_view model_in_body) {
  if (gateway == Gateway::none) return {};
  const GatewayProfile& profile = profile_of(gateway);
  const Told retries = read_value(profile.retries, only_value(reply, profile.retries_header));
  const Told fallbacks = read_value(profile.fallbacks, only_value(reply, profile.fallbacks_header));
  GatewayEvidence evidence;
  evidence.fallbacks = fallbacks.count;
  // What was retried on a target that was given up is in no header.
  if (profile.counts_whole_call || fallbacks.count == 0U) evidence.retries = retries.count;
  evidence.served_model = only_value(reply, profile.model_header);
  if (evidence.served_model.empty() && profile.body_names_model) {
    evidence.served_model = model_in_body;
  }
  evidence.told = {retries.documented, fallbacks.documented, !evidence.served_model.empty()};
  return evidence;
}

UpstreamCalls upstream_calls(Gateway gateway,
                             std::optional<std::uint32_t> retries,
                             std::optional<std::uint32_t> fallbacks) {
  if (gateway == Gateway::none) return {1, true};
  const std::uint64_t again = retries.value_or(0);
  const std::uint64_t elsewhere = fallbacks.value_or(0);
  if (profile_of(gateway).counts_whole_call && retries) return {1 + again, true};
  return {1 + again + elsewhere, retries && fallbacks};
}

std::string_view model_behind_prefix(Gateway gateway, std::string_view asked) {
  const char end = profile_of(gateway).prefix_end;
  const std::size_t at = end == '\0' ? std::string_view::npos : asked.find(end);
  return at == std::string_view::npos ? std::string_view{} : asked.substr(at + 1);
}

}  // namespace smokeledger::probes::core
