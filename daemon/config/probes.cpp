#include <algorithm>
#include <set>

#include "daemon/config/digest.h"
#include "daemon/config/drills.h"
#include "daemon/config/policies.h"
#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"
#include "daemon/config/words.h"
#include "daemon/config/worst_line.h"
#include "probes/core/attempt.h"
#include "probes/core/policy.h"

namespace smokeledger::daemon::config {
namespace {

// The file's [schedule] and [retry], which every probe starts from.
struct Defaults {
  Section schedule;
  Section retry;
  core::Schedule schedule_values;
  core::RetryPolicy retry_values;
};

// A route of the file by its name, or nothing with `complete` cleared.
std::shared_ptr<const core::Route> find_route(Errors& errors,
                                              const ProbeContext& context,
                                              const Node& item,
                                              bool& complete) {
  const auto found = context.routes.find(item.text);
  if (found != context.routes.end() && found->second) return found->second;
  complete = false;
  if (found == context.routes.end()) {
    errors.add(item.at,
               shown(item.text) + " is not a route of this file",
               "write the NAME of a [routes.NAME] table");
  }
  return nullptr;
}

// False when the list cannot be used.
bool read_route_list(Errors& errors,
                     const Section& in,
                     const ProbeContext& context,
                     core::ProbePlan& plan) {
  const Node* list = in.get("routes");
  if (list == nullptr) return false;
  bool complete = true;
  std::set<std::string_view> seen;
  for (const Node& item : list->items) {
    if (!seen.insert(item.text).second) {
      errors.add(item.at,
                 "route " + shown(item.text) + " stands twice in this probe",
                 "name each route once");
      complete = false;
      continue;
    }
    if (auto route = find_route(errors, context, item, complete)) plan.routes.push_back(route);
  }
  const bool one = plan.mode == core::Mode::direct || plan.mode == core::Mode::gateway;
  if (one && list->items.size() > 1) {
    in.error("routes",
             "a " + std::string(core::word(plan.mode)) + " probe has " +
                 std::to_string(list->items.size()) + " routes",
             "name exactly one, or write mode = \"walk\"");
  }
  return complete && !plan.routes.empty();
}

// `stream = true`: the probe's own copies of its routes ask for streams.
void read_stream(const Section& in, core::ProbePlan& plan) {
  if (!in.boolean("stream", false)) return;
  for (auto& route : plan.routes) {
    if (!route->contract->stream) {
      in.error("stream",
               join_path(in.path(), "stream") + " is true, but the family of route " +
                   shown(route->name) + " has no streams",
               "remove it, or name other routes");
      continue;
    }
    auto streamed = std::make_shared<core::Route>(*route);
    streamed->stream = true;
    route = std::move(streamed);
  }
}

// The contracts' own sources: the first of every route, then the second ones, and so on.
std::vector<std::string> contract_links(const core::ProbePlan& plan) {
  std::vector<std::string> links;
  for (std::size_t i = 0; i < core::max_links; ++i) {
    for (const auto& route : plan.routes) {
      const auto& sources = route->contract->sources;
      if (i >= sources.size() || links.size() == core::max_links) continue;
      const auto link = https_link(sources[i].url);
      if (link && std::find(links.begin(), links.end(), *link) == links.end()) {
        links.push_back(*link);
      }
    }
  }
  return links;
}

void read_links(Errors& errors, const Section& in, core::ProbePlan& plan) {
  if (const Node* list = in.get("evidence_links")) {
    for (const Node& item : list->items) {
      if (auto link = https_link(item.text)) {
        plan.evidence_links.push_back(*link);
      } else {
        errors.add(item.at,
                   "an evidence link is not an https URL",
                   "write https://HOST/PATH without user info");
      }
    }
    return;
  }
  plan.evidence_links = contract_links(plan);
}

std::vector<std::string> unresolved_of(const core::ProbePlan& plan,
                                       const Environment& environment) {
  std::vector<std::string> list = environment.mismatches;
  std::set<std::string_view> providers;
  for (const auto& route : plan.routes) {
    const auto model = environment.models.find(route->name);
    if (model != environment.models.end() && model->second != route->model) {
      list.push_back("environment_mismatch:model." + route->name);
    }
  }
  for (const auto& route : plan.routes) {
    const core::Provider& provider = *route->provider;
    const auto credential = environment.credentials.find(provider.name);
    if (credential != environment.credentials.end() && credential->second != provider.credential &&
        providers.insert(provider.name).second) {
      list.push_back("environment_mismatch:credential." + provider.name);
    }
  }
  return list;
}

// One request a run, whatever the defaults say; what the probe itself says must agree.
void restrict_to_one(const Section& own,
                     std::string_view key,
                     const core::ProbePlan& plan,
                     std::uint32_t& allowed) {
  allowed = 1;
  if (own.get(key) == nullptr || own.integer(key, 1) == 1) return;
  const std::string who =
      plan.drill ? kind_of(*plan.drill) : "a " + std::string(core::word(plan.mode)) + " probe";
  own.error(key,
            std::string(key) + " is above 1, but " + who + " sends one request",
            plan.drill ? "remove it" : "remove it, or write mode = \"walk\"");
}

// In gateway mode the budget is the gateway's; in a drill of one it stands in the drill.
void restrict_to_one_request(const Section& own, core::ProbePlan& plan) {
  restrict_to_one(own, "attempts_per_route", plan, plan.retry.attempts_per_route);
  if (plan.mode != core::Mode::gateway) {
    restrict_to_one(own, "attempt_budget", plan, plan.retry.attempt_budget);
  }
}

void check_line(Errors& errors,
                const core::ProbePlan& plan,
                const ProbeContext& context,
                Position at) {
  const std::size_t bytes = worst_line_bytes(plan, context.ledger_name);
  if (bytes <= longest_ledger_line) return;
  errors.add(at,
             "the longest ledger line of probe " + plan.name + " can have " +
                 std::to_string(bytes) + " bytes, more than 16384",
             "lower attempt_budget, or shorten links, names and hosted differences");
}

void check_plan(Errors& errors,
                const Defaults& defaults,
                const Named<core::QuietWindow>& windows,
                const Section& in,
                const Node& node,
                core::ProbePlan& plan) {
  const Section schedule = subsection(errors, in, "schedule");
  const Section retry = subsection(errors, in, "retry");
  plan.schedule = read_schedule(errors, schedule, windows, defaults.schedule_values);
  plan.retry = read_retry(errors, retry, defaults.retry_values);
  if (core::sends_as(plan) != core::Mode::walk) restrict_to_one_request(retry, plan);
  finish_drill(errors, node.at, schedule, plan);
  if (plan.routes.empty()) return;
  const Origin schedule_origin(schedule, defaults.schedule, node.at);
  const Origin retry_origin(retry, defaults.retry, node.at);
  check_schedule(errors, plan, schedule_origin);
  check_retry(errors, plan, retry_origin, schedule_origin);
}

void read_owner(const Section& in, const Environment& environment, core::ProbePlan& plan) {
  plan.owner = in.given("owner") ? plain_text(in, "owner", 80) : environment.owner;
  if (plan.owner.empty() && !in.given("owner")) {
    in.error("owner",
             "probe " + shown(plan.name) + " has no owner",
             "write owner here or in [environment]");
  }
}

std::shared_ptr<const core::ProbePlan> read_probe(Errors& errors,
                                                  const Node& node,
                                                  const Defaults& defaults,
                                                  const ProbeContext& context) {
  const Section in(errors, section_keys(config_keys(), "probes"), &node, "probes");
  auto plan = std::make_shared<core::ProbePlan>();
  plan->name = in.text("name");
  if (in.get("name") != nullptr && !is_name(plan->name)) {
    in.error("name", "probes.name is not a name", "write 1 to 40 of [a-z0-9-]");
  }
  plan->mode = read_word(in, "mode", core::Mode::walk);
  plan->expect = read_word(in, "expect", core::Expectation::usable_response);
  plan->environment = context.environment.name;
  plan->config_sha256 = context.config_sha256;
  plan->contract_review = context.contract_review;
  read_owner(in, context.environment, *plan);
  const bool complete = read_route_list(errors, in, context, *plan);
  if (!complete) plan->routes.clear();
  read_stream(in, *plan);
  read_drill(errors, in, context.stub, *plan);
  plan->packets = read_packet_policy(errors, in, context.packets);
  read_links(errors, in, *plan);
  check_plan(errors, defaults, context.windows, in, node, *plan);
  if (!complete) return plan;
  check_gateway(in, *plan);
  read_require_evidence(errors, in, *plan);
  plan->unresolved = unresolved_of(*plan, context.environment);
  check_line(errors, *plan, context, node.at);
  plan->policy_sha256 = sha256_hex(core::policy_text(*plan));
  return plan;
}

}  // namespace

std::vector<std::shared_ptr<const core::ProbePlan>> read_probes(Errors& errors,
                                                                const Section& root,
                                                                const ProbeContext& context) {
  Defaults defaults{
      subsection(errors, root, "schedule"), subsection(errors, root, "retry"), {}, {}};
  defaults.schedule_values = read_schedule(errors, defaults.schedule, context.windows, {});
  defaults.retry_values = read_retry(errors, defaults.retry, {});
  std::vector<std::shared_ptr<const core::ProbePlan>> plans;
  std::set<std::string> names;
  const Node* list = root.get("probes");
  if (list == nullptr) return plans;
  plans.reserve(list->items.size());
  for (const Node& node : list->items) {
    auto plan = read_probe(errors, node, defaults, context);
    if (!plan->name.empty() && !names.insert(plan->name).second) {
      errors.add(node.find("name")->at,
                 "another probe is already named " + shown(plan->name),
                 "give each probe its own name");
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace smokeledger::daemon::config
