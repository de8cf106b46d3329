#include "daemon/config/drills.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/worst_line.h"
#include "probes/core/outcome.h"
#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using sample::read;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using namespace std::chrono_literals;

// The sample with a stub and one more probe, of mode drill, on these routes.
std::string with_drill(const std::string& routes, const std::string& more) {
  return sample::with("environment =",
                      "stub = { listen_address = \"127.0.0.1:9466\" }\nenvironment =") +
         "[[probes]]\nname = \"the-drill\"\nmode = \"drill\"\nroutes = " + routes + "\n" + more;
}

std::shared_ptr<const core::ProbePlan> drill(const std::string& routes, const std::string& more) {
  const auto result = read(with_drill(routes, more));
  EXPECT_TRUE(result.config) << sample::errors(result);
  return result.config ? result.config->probes.back() : nullptr;
}

TEST(WalkDrill, calls_the_stub_instead_of_the_providers_of_its_routes) {
  const auto plan =
      drill(R"(["chat", "responses"])",
            "drill = { of = \"walk\", scripts = [\"recover_after_2_ms\", \"ok\"] }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->mode, core::Mode::drill);
  EXPECT_THAT(plan->drill->scripts, ElementsAre("recover-after-2-ms", "ok"));
  ASSERT_THAT(plan->routes, SizeIs(2));
  EXPECT_EQ(plan->routes[0]->provider->base_url, "http://127.0.0.1:9466/s/recover-after-2-ms");
  EXPECT_EQ(plan->routes[1]->provider->base_url, "http://127.0.0.1:9466/s/ok");
  for (const auto& route : plan->routes) {
    EXPECT_EQ(route->provider->name, "stub");
    EXPECT_EQ(route->provider->auth, core::AuthScheme::none);
    EXPECT_TRUE(route->provider->loopback);
    EXPECT_TRUE(route->provider->credential.empty());
  }
  EXPECT_EQ(plan->routes[0]->name, "chat");
  EXPECT_EQ(plan->routes[0]->model, "a-model");
  EXPECT_EQ(plan->routes[1]->contract->family, core::EndpointFamily::responses);
}

TEST(WalkDrill, leaves_the_routes_of_other_probes_alone) {
  const auto result =
      read(with_drill(R"(["chat"])", "drill = { of = \"walk\", scripts = [\"throttled\"] }\n"));
  ASSERT_TRUE(result.config) << sample::errors(result);
  EXPECT_EQ(result.config->probes.front()->routes[0]->provider->name, "main");
}

TEST(WalkDrill, plays_one_script_for_all_its_routes) {
  const auto plan =
      drill(R"(["chat", "responses"])", "drill = { of = \"walk\", scripts = [\"throttled\"] }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->routes[1]->provider->base_url, "http://127.0.0.1:9466/s/throttled");
}

TEST(WalkDrill, allows_what_its_retry_policy_does_unless_it_declares_a_budget) {
  const auto budget = [](const std::string& more) {
    return drill(R"(["chat"])",
                 "retry = { attempts_per_route = 2 }\n"
                 "drill = { of = \"walk\", scripts = [\"throttled\"]" +
                     more + " }\n")
        ->drill->terms.budget;
  };
  EXPECT_EQ(budget(""), 2U);
  EXPECT_EQ(budget(", budget = 1"), 1U);
}

TEST(GatewayDrill, calls_its_gateway_once_with_its_own_credential) {
  const auto plan = drill(R"(["local"])",
                          "drill = { of = \"gateway\", scripts = [\"throttled\"], budget = 6, "
                          "arrivals = 6, settle = \"500ms\" }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->routes[0]->provider->base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(plan->retry.attempt_budget, 1U);
  EXPECT_EQ(plan->drill->terms.budget, 6U);
  EXPECT_EQ(plan->drill->terms.arrivals, 6U);
  EXPECT_EQ(plan->drill->settle, 500ms);
}

TEST(ClientDrill, knows_where_the_client_is_to_send_and_what_its_exit_codes_say) {
  const auto plan = drill(R"(["chat"])",
                          "expect = \"controlled_failure\"\n"
                          "[probes.drill]\nof = \"client\"\nscripts = [\"throttled\"]\nasked = 5\n"
                          "budget = 4\n[probes.drill.exit_codes]\n"
                          "3 = \"controlled_failure\"\n0 = \"usable_response\"\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->drill->stub_url, "http://127.0.0.1:9466/s/throttled");
  EXPECT_EQ(plan->drill->terms.asked, 5U);
  EXPECT_THAT(plan->drill->terms.exit_codes,
              ElementsAre(Pair(0, core::CallerReceived::usable_response),
                          Pair(3, core::CallerReceived::controlled_failure)));
  EXPECT_EQ(plan->drill->settle, 2s);
}

TEST(LiveDrill, is_daily_at_most_and_expects_a_controlled_failure) {
  const auto plan = drill(R"(["chat"])",
                          "schedule = { interval = \"24h\" }\n"
                          "drill = { of = \"walk\", live = \"invalid_key\" }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->drill->live, core::LiveDrill::invalid_key);
  EXPECT_EQ(plan->schedule.minimum_interval, 24h);
  EXPECT_EQ(plan->retry.attempt_budget, 1U);
  EXPECT_EQ(plan->expect, core::Expectation::controlled_failure);
  EXPECT_EQ(plan->routes[0]->provider->name, "main") << "the live primary itself";
}

TEST(LiveDrill, needs_no_stub) {
  const auto result = read(sample::whole() +
                           "[[probes]]\nname = \"live\"\nmode = \"drill\"\nroutes = [\"chat\"]\n"
                           "schedule = { interval = \"24h\" }\n"
                           "drill = { of = \"walk\", live = \"invalid_key\" }\n");
  EXPECT_TRUE(result.config) << sample::errors(result);
}

TEST(Drill, is_policy) {
  const auto digest = [](const std::string& budget) {
    return drill(R"(["chat"])",
                 "drill = { of = \"walk\", scripts = [\"throttled\"], budget = " + budget + " }\n")
        ->policy_sha256;
  };
  EXPECT_NE(digest("3"), digest("4"));
  EXPECT_EQ(digest("3"), digest("3"));
}

TEST(Drill, needs_room_in_its_line_for_what_the_stub_counted) {
  core::ProbePlan plan =
      *drill(R"(["chat"])", "drill = { of = \"walk\", scripts = [\"throttled\"] }\n");
  const std::size_t with_gaps = worst_line_bytes(plan, "staging");
  plan.drill.reset();
  plan.mode = core::Mode::walk;
  EXPECT_EQ(with_gaps, worst_line_bytes(plan, "staging") + core::max_arrival_gaps * 9 + 400);
}

TEST(Stub, listens_nowhere_unless_it_is_told_to) {
  const auto result = read(sample::whole());
  ASSERT_TRUE(result.config);
  EXPECT_EQ(result.config->stub.listen_address, "");
  EXPECT_EQ(result.config->stub.request_header, "x-request-id");
}

TEST(Stub, reads_request_ids_from_the_header_of_ones_choice) {
  const auto result = read(sample::with(
      "environment =",
      "stub = { listen_address = \"[::1]:9466\", request_header = \"X-Trace\" }\nenvironment ="));
  ASSERT_TRUE(result.config) << sample::errors(result);
  EXPECT_EQ(result.config->stub.request_header, "x-trace");
  EXPECT_EQ(stub_url(result.config->stub, "ok"), "http://[::1]:9466/s/ok");
}

}  // namespace
}  // namespace smokeledger::daemon::config
