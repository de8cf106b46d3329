#include "daemon/config/worst_line.h"

#include <algorithm>

#include "probes/core/attempt.h"
#include "probes/core/forecast.h"
#include "probes/core/outcome.h"
#include "probes/core/review.h"

namespace smokeledger::daemon::config {
namespace {

namespace core = probes::core;

constexpr std::size_t line_bytes = 2'200;
constexpr std::size_t attempt_bytes = 900;
constexpr std::size_t finding_bytes = 44;
constexpr std::size_t index_bytes = 6;
// What the stub counted: gaps of up to a day, and its findings.
constexpr std::size_t drill_bytes = core::max_arrival_gaps * 9 + 400;
constexpr std::size_t item_bytes = 3;  // quotes and comma
constexpr std::size_t overdue_bytes =
    std::string_view("contract_review_overdue:").size() + item_bytes;

constexpr std::size_t policy_bytes = core::policy_changed_since_review.size() + item_bytes;

constexpr std::size_t gateway_bytes = std::string_view("gateway_retries_unknown").size() +
                                      std::string_view("gateway_fallbacks_unknown").size() +
                                      2 * item_bytes;

// `[]` becomes an index; what stands as `[0]` is allowed the same room.
std::size_t path_bytes(const std::string& path) {
  const auto indices = std::count(path.begin(), path.end(), '[');
  return path.size() + static_cast<std::size_t>(indices) * index_bytes;
}

std::size_t longest_path(const core::Rules& rules) {
  std::size_t longest = 0;
  for (const auto& rule : rules) longest = std::max(longest, path_bytes(rule.path));
  return longest;
}

std::size_t longest_path(const core::Route& route) {
  const core::Contract& contract = *route.contract;
  const std::size_t reply =
      std::max(longest_path(contract.rules), longest_path(contract.error_rules));
  if (!route.stream) return reply;
  // Whole replies stand inside events, too.
  constexpr std::size_t place_bytes = std::string_view("event[65536].response.").size();
  std::size_t longest = reply;
  for (const auto& of : contract.stream->events)
    longest = std::max(longest, longest_path(of.rules));
  return longest + place_bytes;
}

}  // namespace

std::size_t worst_line_bytes(const core::ProbePlan& plan, std::string_view ledger_name) {
  std::size_t route_name = 0;
  std::size_t provider_name = 0;
  std::size_t path = 0;
  std::size_t overdue = 0;
  std::size_t id_suffix = 0;
  std::size_t gateway = 0;
  for (const auto& route : plan.routes) {
    route_name = std::max(route_name, route->name.size());
    provider_name = std::max(provider_name, route->provider->name.size());
    path = std::max(path, longest_path(*route));
    id_suffix = std::max(id_suffix, route->provider->request_id_suffix.size());
    if (route->provider->gateway != core::Gateway::none) gateway = gateway_bytes;
    overdue += overdue_bytes + core::word(route->contract->family).size();
  }
  std::size_t bytes = line_bytes + ledger_name.size() + 3 * plan.name.size() +
                      plan.environment.size() + plan.owner.size() + route_name + overdue + gateway +
                      policy_bytes;
  if (plan.drill) bytes += drill_bytes;
  for (const auto& link : plan.evidence_links) bytes += link.size() + item_bytes;
  for (const auto& fact : plan.unresolved) bytes += fact.size() + item_bytes;
  const std::size_t attempt = attempt_bytes + plan.name.size() + id_suffix + route_name +
                              provider_name + core::max_findings * (finding_bytes + path);
  return bytes + core::attempts_at_most(plan) * attempt;
}

}  // namespace smokeledger::daemon::config
