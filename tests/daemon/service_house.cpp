#include "tests/daemon/service_house.h"

#include <algorithm>
#include <future>

#include <gtest/gtest.h>

#include "daemon/config/time_zone.h"

namespace smokeledger::tests {

using namespace std::chrono_literals;
using daemon::Records;
using exporters::ledger::Ledger;

namespace service {

core::ProbePlan hourly_walk(const std::string& name) {
  core::ProbePlan plan = walk_plan();
  plan.name = name;
  plan.routes = {route(name + "-primary", name + "-one"),
                 route(name + "-fallback", name + "-two", responses_contract())};
  plan.schedule = {.interval = 1h,
                   .jitter = 0,
                   .minimum_interval = 10min,
                   .backoff_cap = 4h,
                   .confirm_after = 0ms,
                   .calls_per_day = 200};
  return plan;
}

core::ProbePlan hourly(const std::string& name) {
  core::ProbePlan plan = hourly_walk(name);
  plan.mode = core::Mode::direct;
  plan.routes.pop_back();
  return plan;
}

Plan planned(core::ProbePlan plan) {
  return std::make_shared<const core::ProbePlan>(std::move(plan));
}

core::ProbePlan changed(core::ProbePlan plan) {
  plan.policy_sha256 = std::string(64, 'c');
  return plan;
}

core::ProbePlan with_credential(core::ProbePlan plan, const std::string& credential) {
  auto on = std::make_shared<core::Route>(*plan.routes.front());
  auto provider = std::make_shared<core::Provider>(*on->provider);
  provider->auth = core::AuthScheme::bearer;
  provider->credential = credential;
  on->provider = provider;
  plan.routes = {on};
  return plan;
}

core::ProbePlan drill(const std::string& name, core::DrillOf of, const std::string& script) {
  core::ProbePlan plan = hourly_walk(name);
  plan.mode = core::Mode::drill;
  plan.routes.pop_back();
  plan.drill.emplace();
  plan.drill->of = of;
  plan.drill->scripts = {script};
  plan.drill->stub_url = "http://127.0.0.1:9466/s/" + script;
  plan.drill->terms.budget = 4;
  return plan;
}

core::Reply refused() {
  return reply(400, R"({"error":{"message":"no","code":"invalid"}})");
}

}  // namespace service

ServiceHouse::Process::Process(ServiceHouse& house, std::unique_ptr<Ledger> opened)
    : tag(opened->name().substr(opened->name().find_last_of('-') + 1)),
      restored{opened->state(), opened->reviews(), opened->packets()},
      ledger(std::move(opened)),
      journal({ledger,
               house.clock,
               [&house](auto work) { house.io.post(std::move(work)); },
               [&house](const Records& records) {
                 house.lines.insert(house.lines.end(), records.begin(), records.end());
               },
               [&house, this](const std::string& message) {
                 house.failures.push_back(message);
                 service.stop([&house] { house.stopped = true; });
               }},
              restored),
      transport(journal, house.transport, house.clock),
      drills({house.clock,
              house.arrivals,
              [&house] { return house.clock.now().time_since_epoch(); },
              tag}),
      service({house.clock,
               house.random,
               transport,
               journal,
               house.log_,
               tag,
               "0.1.0",
               house.credentials_directory,
               daemon::config::local_time,
               [&house](const std::string& probe, std::optional<core::WallTime> due) {
                 house.due_at.erase(probe);
                 due ? void(house.due_at.emplace(probe, *due)) : house.gone.push_back(probe);
               },
               &drills}) {}

ServiceHouse::ServiceHouse(std::vector<core::ProbePlan> of, std::vector<core::Exchange> script)
    : transport(clock, std::move(script)), log_({.level = daemon::LogLevel::off}) {
  for (auto& plan : of) plans.push_back(service::planned(std::move(plan)));
}

void ServiceHouse::start() {
  auto options = signs ? signing_options_in(dir.path()) : options_in(dir.path());
  options.now = clock.wall();
  options.open_file = disk.opener();
  options.segment_bytes = segment_bytes;
  process_ = std::make_unique<Process>(*this, Ledger::open(options).value());
  service().close_crashed_runs(plans, [this] {
    service().use(plans, max_in_flight);
    service().start_schedule();
  });
  settle();
}

void ServiceHouse::crash() {
  process_.reset();
  io.clear();
}

void ServiceHouse::restart() {
  crash();
  start();
}

void ServiceHouse::use(std::vector<core::ProbePlan> next) {
  plans.clear();
  for (auto& plan : next) plans.push_back(service::planned(std::move(plan)));
  service().use(plans, max_in_flight);
}

void ServiceHouse::stop() {
  service().stop([this] { stopped = true; });
}

void ServiceHouse::settle() {
  do {
    const auto done = std::make_shared<std::promise<void>>();
    ledger_thread().append({}, clock.wall(), [done](const auto&) { done->set_value(); });
    done->get_future().wait();
  } while (io.run());
}

void ServiceHouse::advance(core::Milliseconds by) {
  const core::Instant until = clock.now() + by;
  settle();
  while (clock.fire_next(until)) settle();
  clock.move_to(until);
}

std::vector<daemon::ManualResult> ServiceHouse::run_now(const std::vector<std::string>& probes) {
  const auto answers = std::make_shared<std::vector<daemon::ManualResult>>();
  service().run_now(probes, std::nullopt, [answers](auto results) { *answers = results; });
  advance(3min);
  return *answers;
}

std::vector<core::Outcome> ServiceHouse::outcomes() const {
  std::vector<core::Outcome> found;
  for (const auto& record : lines) {
    const auto* line = std::get_if<core::OutcomeLine>(&record.line());
    if (line != nullptr) found.push_back(line->outcome);
  }
  return found;
}

std::vector<core::Milliseconds> ServiceHouse::sent_at() const {
  std::vector<core::Milliseconds> at;
  for (const auto& out : transport.sent) at.push_back(clock.passed_at(out.line.stamp.boot));
  return at;
}

core::Milliseconds ServiceHouse::due(const std::string& probe) const {
  const auto found = due_at.find(probe);
  if (found == due_at.end()) {
    ADD_FAILURE() << probe << " is not due at any time";
    return {};
  }
  return found->second - tests::at("2026-11-21T08:00:00Z");
}

const core::ProbeState& ServiceHouse::state_of(const std::string& probe) {
  return journal().state().probes.at(probe);
}

}  // namespace smokeledger::tests
