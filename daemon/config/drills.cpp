#include "daemon/config/drills.h"

#include <algorithm>
#include <utility>

#include "daemon/config/address.h"
#include "daemon/config/words.h"
#include "probes/core/forecast.h"
#include "probes/stub/request.h"

namespace smokeledger::daemon::config {
namespace {

using core::DrillOf;
using core::LiveDrill;

constexpr core::Milliseconds least_live_interval = std::chrono::hours(24);

bool has_a_port(std::string_view address) {
  const std::string_view port = address.substr(address.rfind(':') + 1);
  return port.find_first_not_of('0') != std::string_view::npos;
}

void want_one_route(const Section& probe, const std::string& who) {
  const Node* list = probe.get("routes");
  if (list == nullptr || list->items.size() == 1) return;
  probe.error(
      "routes", who + " has " + std::to_string(list->items.size()) + " routes", "name exactly one");
}

// What the client received is compared with what is expected only where its exit code says it.
void check_client(const Section& probe, core::ProbePlan& plan) {
  const bool says = !plan.drill->terms.exit_codes.empty();
  if (!says && probe.given("expect")) {
    probe.error("expect",
                "probes.expect stands in a client drill without exit_codes",
                "write exit_codes = { 0 = \"usable_response\" }, or remove expect");
  } else if (says && plan.expect != core::Expectation::usable_response &&
             plan.expect != core::Expectation::controlled_failure) {
    probe.error("expect",
                "probes.expect of a client drill is " + std::string(core::word(plan.expect)),
                "write usable_response or controlled_failure");
  }
}

// The routes as they lead to the stub: the same families and models, no credential.
void lead_to_stub(const StubConfig& stub, core::ProbePlan& plan) {
  const auto& scripts = plan.drill->scripts;
  for (std::size_t i = 0; i < plan.routes.size(); ++i) {
    auto provider = std::make_shared<core::Provider>();
    provider->name = "stub";
    provider->base_url = stub_url(stub, scripts[std::min(i, scripts.size() - 1)]);
    provider->auth = core::AuthScheme::none;
    provider->loopback = true;
    provider->retry_tokens.reset();  // nobody's retries are to be spared here
    provider->request_id_header = stub.request_header;
    auto route = std::make_shared<core::Route>(*plan.routes[i]);
    route->provider = std::move(provider);
    plan.routes[i] = std::move(route);
  }
}

void read_counted(Errors& errors,
                  const Section& probe,
                  const Section& in,
                  const StubConfig& stub,
                  core::ProbePlan& plan) {
  core::DrillPlan& drill = *plan.drill;
  if (stub.listen_address.empty()) {
    probe.error("drill",
                "probe " + shown(plan.name) + " is a drill, but the stub listens nowhere",
                "write [stub] with listen_address = \"127.0.0.1:9466\"");
  }
  read_terms(errors, in, drill);
  drill.scripts = read_scripts(errors, in);
  const bool one_for_each = drill.of == DrillOf::walk && drill.scripts.size() == plan.routes.size();
  if (drill.scripts.size() > 1 && !one_for_each && !plan.routes.empty()) {
    in.error("scripts",
             kind_of(drill) + " has " + std::to_string(drill.scripts.size()) + " scripts",
             drill.of == DrillOf::walk ? "write one for all routes, or one for each"
                                       : "write exactly one");
  }
  if (drill.of == DrillOf::gateway) {
    want_one_route(probe, "a gateway drill");
    if (!plan.routes.empty() && !plan.routes.front()->provider->loopback) {
      probe.error("routes",
                  "the gateway of a drill is not on a loopback address, and the stub cannot be "
                  "its upstream elsewhere",
                  "name a route whose provider's base_url is http://127.0.0.1:PORT");
    }
    return;
  }
  if (drill.of == DrillOf::client) {
    want_one_route(probe, "a client drill");
    check_client(probe, plan);
  }
  if (drill.scripts.empty()) return;
  if (drill.of == DrillOf::client) drill.stub_url = stub_url(stub, drill.scripts.front());
  lead_to_stub(stub, plan);
}

void read_live(const Section& probe, const Section& in, core::ProbePlan& plan) {
  const core::DrillPlan& drill = *plan.drill;
  if (drill.of != DrillOf::walk) {
    in.error("live",
             join_path(in.path(), "live") + " stands in " + kind_of(drill),
             "write of = \"walk\", or remove live");
  }
  refuse_given(in,
               {"scripts", "asked", "budget", "arrivals", "exit_codes", "settle"},
               "in a live drill, which calls the provider itself");
  want_one_route(probe, "a live drill");
  if (!plan.routes.empty() && plan.routes.front()->provider->auth == core::AuthScheme::none) {
    probe.error("routes",
                "the provider of a live drill takes no credential, so no key can be invalid",
                "name a route whose provider has another auth than none");
  }
  if (!probe.given("expect")) {
    plan.expect = core::Expectation::controlled_failure;
  } else if (plan.expect != core::Expectation::controlled_failure) {
    probe.error("expect",
                "probes.expect of a live drill is " + std::string(core::word(plan.expect)),
                "write controlled_failure, or remove it");
  }
}

}  // namespace

StubConfig read_stub(Errors& errors, const Section& root) {
  const Section in = subsection(errors, root, "stub");
  StubConfig stub;
  stub.listen_address = in.text("listen_address");
  if (!stub.listen_address.empty()) {
    const auto address = parse_listen_address(stub.listen_address);
    if (!address || !has_a_port(stub.listen_address)) {
      in.error("listen_address",
               "stub.listen_address is not HOST:PORT with a port of its own",
               "write it like \"127.0.0.1:9466\"");
    } else if (!is_loopback_host(address->host)) {
      in.error("listen_address",
               "stub.listen_address is not a loopback address",
               "write \"127.0.0.1:PORT\"; the stub answers this host only");
    }
  }
  const std::string header = in.text("request_header", stub.request_header);
  if (const auto name = probes::stub::header_name(header)) {
    stub.request_header = *name;
  } else {
    in.error("request_header",
             "stub.request_header is " + shown(header) + ", not the name of a header",
             "write it like \"x-request-id\"");
  }
  return stub;
}

std::string stub_url(const StubConfig& stub, std::string_view script) {
  return "http://" + stub.listen_address + "/s/" + std::string(script);
}

void read_drill(Errors& errors,
                const Section& probe,
                const StubConfig& stub,
                core::ProbePlan& plan) {
  if (plan.mode != core::Mode::drill) {
    if (!probe.given("drill")) return;
    probe.error(
        "drill",
        "probes.drill stands in a probe whose mode is " + std::string(core::word(plan.mode)),
        "remove it, or write mode = \"drill\"");
    return;
  }
  if (!probe.given("drill")) {
    probe.error("drill",
                "probe " + shown(plan.name) + " has mode drill, but no drill table",
                "write drill = { of = \"walk\", scripts = [\"throttled\"] }");
    return;
  }
  const Node* table = probe.get("drill");
  if (table == nullptr) return;
  const Section in(
      errors, section_keys(config_keys(), "probes.drill"), table, join_path(probe.path(), "drill"));
  plan.drill.emplace();
  plan.drill->of = read_word(in, "of", DrillOf::walk);
  plan.drill->live = read_word(in, "live", LiveDrill::none);
  if (plan.drill->live != LiveDrill::none) {
    read_live(probe, in, plan);
  } else {
    read_counted(errors, probe, in, stub, plan);
  }
}

void finish_drill(Errors& errors, Position probe, const Section& schedule, core::ProbePlan& plan) {
  if (!plan.drill) return;
  if (plan.drill->live == LiveDrill::none) {
    auto& budget = plan.drill->terms.budget;
    if (budget == 0) budget = core::attempts_at_most(plan);
    return;
  }
  if (plan.schedule.interval < least_live_interval) {
    errors.add(schedule.given("interval") ? schedule.at("interval") : probe,
               "interval " + core::format_duration(plan.schedule.interval) +
                   " is below 24h for a drill that calls a live provider",
               "write schedule = { interval = \"24h\" }, or more");
    return;
  }
  plan.schedule.minimum_interval = std::max(plan.schedule.minimum_interval, least_live_interval);
}

}  // namespace smokeledger::daemon::config
