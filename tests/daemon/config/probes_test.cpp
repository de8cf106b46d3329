#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/digest.h"
#include "daemon/config/worst_line.h"
#include "probes/core/forecast.h"
#include "probes/core/policy.h"
#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using sample::read;
using sample::with;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

std::shared_ptr<const core::ProbePlan> last_probe(std::string_view text) {
  const auto result = read(text);
  EXPECT_TRUE(result.config) << sample::errors(result);
  return result.config ? result.config->probes.back() : nullptr;
}

TEST(Probe, has_its_routes_in_order_with_provider_and_contract) {
  const auto plan = last_probe(sample::whole());
  ASSERT_TRUE(plan);
  ASSERT_THAT(plan->routes, SizeIs(2));
  EXPECT_EQ(plan->mode, core::Mode::walk);
  EXPECT_EQ(plan->routes[0]->name, "chat");
  EXPECT_EQ(plan->routes[1]->name, "responses");
  EXPECT_EQ(plan->routes[0]->model, "a-model");
  EXPECT_EQ(plan->routes[0]->model_verified_on, "2026-07-04");
  EXPECT_EQ(plan->routes[1]->contract->family, core::EndpointFamily::responses);
  EXPECT_EQ(plan->routes[0]->provider->base_url, "https://api.example.com");
  EXPECT_EQ(plan->routes[0]->provider, plan->routes[1]->provider) << "shared, not copied";
  EXPECT_FALSE(plan->routes[0]->provider->loopback);
}

TEST(Probe, is_owned_by_the_environments_owner_unless_it_names_its_own) {
  EXPECT_EQ(last_probe(sample::whole())->owner, "oncall");
  EXPECT_EQ(last_probe(sample::whole() + "owner = \"parser-team\"\n")->owner, "parser-team");
}

TEST(Probe, takes_the_age_of_contracts_that_the_file_allows) {
  const auto plan = last_probe(sample::whole());
  EXPECT_EQ(plan->contract_review, (core::ReviewPolicy{std::chrono::days(180), false}));
  const auto strict = last_probe(with(
      "[providers.main]", "[contract_review]\nmax_age = \"30d\"\npause = true\n[providers.main]"));
  EXPECT_EQ(strict->contract_review, (core::ReviewPolicy{std::chrono::days(30), true}));
  EXPECT_NE(strict->policy_sha256, plan->policy_sha256) << "a pause is policy";
  const auto told = last_probe(
      with("[providers.main]", "[contract_review]\nmax_age = \"30d\"\n[providers.main]"));
  EXPECT_EQ(told->policy_sha256, plan->policy_sha256) << "an age alone is not";
}

TEST(Probe, takes_schedule_and_retry_from_the_file_unless_it_says_otherwise) {
  const auto plan = last_probe(
      with("[providers.main]",
           "[schedule]\ninterval = \"2h\"\njitter = 0\n[retry]\n"
           "base = \"1s\"\nmultiplier = 1.5\n[providers.main]") +
      "[probes.schedule]\ninterval = \"1h30m\"\n[probes.retry]\non = { auth = \"fall_back\" }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->schedule.interval, 90min);
  EXPECT_EQ(plan->schedule.jitter, 0.0);
  EXPECT_EQ(plan->schedule.minimum_interval, 10min);
  EXPECT_EQ(plan->retry.base, 1s);
  EXPECT_EQ(plan->retry.multiplier, 1.5);
  EXPECT_EQ(plan->retry.cap, 8s);
  EXPECT_EQ(core::after(plan->retry.after, core::Reason::auth), core::AfterFailure::fall_back);
}

TEST(Probe, merges_what_it_says_of_a_reason_with_the_files_and_the_documented_table) {
  const auto plan = last_probe(
      with("[providers.main]",
           "[retry]\non = { auth = \"fall_back\", dns = \"escalate\" }\n[providers.main]") +
      "[probes.retry]\non = { dns = \"retry\" }\n");
  ASSERT_TRUE(plan);
  const auto after = [&](core::Reason reason) { return core::after(plan->retry.after, reason); };
  EXPECT_EQ(after(core::Reason::auth), core::AfterFailure::fall_back);
  EXPECT_EQ(after(core::Reason::dns), core::AfterFailure::retry);
  EXPECT_EQ(after(core::Reason::throttled), core::AfterFailure::retry_then_fall_back);
}

TEST(Probe, keeps_quiet_in_the_windows_it_names) {
  const std::string windows =
      "[windows.nights]\ntime_zone = \"Europe/Berlin\"\nfrom = \"22:30\"\nto = \"06:00\"\n"
      "[windows.weekend]\ntime_zone = \"UTC\"\ndays = [\"sat\", \"sun\"]\n"
      "from = \"00:00\"\nto = \"00:00\"\n[schedule]\nquiet = [\"nights\"]\n";
  const auto plan = last_probe(with("[providers.main]", windows + "[providers.main]"));
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->schedule.quiet.size(), 1U);
  const core::QuietWindow& nights = plan->schedule.quiet.front();
  EXPECT_EQ(nights.time_zone, "Europe/Berlin");
  EXPECT_EQ(nights.from, 22h + 30min);
  EXPECT_EQ(nights.days, (std::array<bool, 7>{true, true, true, true, true, true, true}));
  const auto own = last_probe(with("[providers.main]", windows + "[providers.main]") +
                              "[probes.schedule]\nquiet = [\"weekend\"]\n");
  ASSERT_TRUE(own);
  ASSERT_EQ(own->schedule.quiet.size(), 1U);
  EXPECT_EQ(own->schedule.quiet.front().name, "weekend");
  EXPECT_EQ(own->schedule.quiet.front().days,
            (std::array<bool, 7>{false, false, false, false, false, true, true}));
  EXPECT_NE(own->policy_sha256, plan->policy_sha256);
}

TEST(Probe, of_direct_mode_sends_one_request_whatever_the_defaults_say) {
  const auto plan = last_probe(sample::whole() +
                               "[[probes]]\nname = \"chat-direct\"\nmode = \"direct\"\n"
                               "routes = [\"chat\"]\nschedule = { calls_per_day = 1 }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->retry.attempts_per_route, 1U);
  EXPECT_EQ(plan->retry.attempt_budget, 1U);
}

TEST(Probe, may_run_below_ten_minutes_only_where_every_base_url_is_loopback) {
  const std::string quick =
      "schedule = { interval = \"2s\", minimum_interval = \"1s\" }\n"
      "retry = { attempt_timeout = \"500ms\", deadline = \"1s\" }\n";
  const std::string local = "[[probes]]\nname = \"local\"\nmode = \"walk\"\nroutes = ";
  EXPECT_TRUE(read(sample::whole() + local + "[\"local\"]\n" + quick).config);
  EXPECT_FALSE(read(sample::whole() + local + "[\"local\", \"chat\"]\n" + quick).config);
}

TEST(Probe, may_run_less_often_than_defaults_for_others_would_have_an_effect) {
  const std::string rare = "schedule = { interval = \"24h\" }\n";
  EXPECT_TRUE(last_probe(sample::whole() + rare)) << "nobody wrote a backoff_cap of 4h";
  const std::string for_all = "[schedule]\nbackoff_cap = \"1h\"\nconfirm_after = \"20m\"\n";
  const std::string with_defaults = with("[providers.main]", for_all + "[providers.main]");
  EXPECT_TRUE(last_probe(with_defaults + rare)) << "an interval of its own";
  EXPECT_TRUE(last_probe(with_defaults));
}

TEST(Probe, inherits_no_setting_without_effect_with_the_interval_it_is_written_beside) {
  const std::string for_all = "[schedule]\ninterval = \"2h\"\nbackoff_cap = \"1h\"\n";
  const auto result = read(with("[providers.main]", for_all + "[providers.main]"));
  EXPECT_THAT(sample::errors(result), testing::HasSubstr("backoff_cap 1h is below interval 2h"));
}

TEST(Probe, cites_given_links_without_query_and_fragment) {
  const auto plan =
      last_probe(sample::whole() + "evidence_links = [\"https://a.example/doc?user=1#part\"]\n");
  EXPECT_THAT(plan->evidence_links, ElementsAre("https://a.example/doc"));
}

TEST(Probe, cites_the_sources_of_its_contracts_in_turn_where_it_gives_no_links) {
  EXPECT_THAT(last_probe(sample::whole())->evidence_links,
              ElementsAre("https://apidoc.cometapi.com/api/text/chat",
                          "https://apidoc.cometapi.com/api/text/responses",
                          "https://apidoc.cometapi.com/support/help-center",
                          "https://apidoc.cometapi.com/errors/error-codes-handling"));
}

TEST(Probe, names_its_policy_by_the_digest_of_the_policys_text) {
  const auto plan = last_probe(sample::whole());
  EXPECT_EQ(plan->policy_sha256, sha256_hex(core::policy_text(*plan)));
  EXPECT_NE(last_probe(sample::whole() + "retry = { attempt_budget = 3 }\n")->policy_sha256,
            plan->policy_sha256);
}

TEST(Probe, may_wait_for_its_credential_by_placeholder) {
  const auto plan = last_probe(with("main-key", "<API_KEY_PLACEHOLDER>"));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->routes[0]->provider->credential, "<API_KEY_PLACEHOLDER>");
}

TEST(Provider, may_read_its_credential_from_a_file_and_send_further_headers) {
  const auto plan = last_probe(with("credential = \"main-key\"",
                                    "credential_file = \"/etc/smokeledger/key\"\n"
                                    "headers = { X-Route-Class = \"smoke\" }"));
  ASSERT_TRUE(plan);
  const core::Provider& provider = *plan->routes[0]->provider;
  EXPECT_EQ(provider.credential, "");
  EXPECT_EQ(provider.credential_file, "/etc/smokeledger/key");
  EXPECT_THAT(provider.headers,
              ElementsAre(std::pair<std::string, std::string>("x-route-class", "smoke")));
}

TEST(Provider, stands_for_no_gateway_and_sends_numbered_request_ids_unless_it_says_otherwise) {
  const core::Provider plain = *last_probe(sample::whole())->routes[0]->provider;
  EXPECT_EQ(plain.gateway, core::Gateway::none);
  EXPECT_EQ(plain.request_id_header, "x-request-id");
  EXPECT_EQ(plain.request_id_suffix, ".{n}");
  const auto plan = last_probe(with("credential = \"main-key\"",
                                    "credential = \"main-key\"\ngateway = \"portkey\"\n"
                                    "request_id_header = \"X-Portkey-Trace-Id\"\n"
                                    "request_id_suffix = \"\""));
  ASSERT_TRUE(plan);
  const core::Provider& provider = *plan->routes[0]->provider;
  EXPECT_EQ(provider.gateway, core::Gateway::portkey);
  EXPECT_EQ(provider.request_id_header, "x-portkey-trace-id");
  EXPECT_EQ(provider.request_id_suffix, "");
}

std::shared_ptr<const core::ProbePlan> gateway_probe(const std::string& more) {
  return last_probe(
      with("credential = \"main-key\"", "credential = \"main-key\"\ngateway = \"portkey\"") +
      "[[probes]]\nname = \"by-gateway\"\nmode = \"gateway\"\n"
      "routes = [\"chat\"]\n" +
      more);
}

TEST(Probe, of_gateway_mode_sends_one_request_and_allows_the_gateway_its_budget) {
  const auto plan = gateway_probe("retry = { attempt_budget = 6 }\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->mode, core::Mode::gateway);
  EXPECT_EQ(plan->retry.attempts_per_route, 1U);
  EXPECT_EQ(plan->retry.attempt_budget, 6U);
  EXPECT_EQ(core::attempts_at_most(*plan), 1U);
  EXPECT_EQ(gateway_probe("")->retry.attempt_budget, 4U) << "the file's";
}

TEST(Probe, of_gateway_mode_may_be_called_less_often_a_day_than_its_gateway_may_send) {
  EXPECT_TRUE(
      gateway_probe("retry = { attempt_budget = 6 }\n"
                    "schedule = { calls_per_day = 2 }\n"));
}

TEST(Probe, requires_the_evidence_that_it_names) {
  EXPECT_THAT(gateway_probe("")->require_evidence, testing::IsEmpty());
  const auto plan = gateway_probe("require_evidence = [\"served_model\", \"retries\"]\n");
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->require_evidence,
              ElementsAre(core::Evidence::served_model, core::Evidence::retries));
  EXPECT_NE(plan->policy_sha256, gateway_probe("")->policy_sha256);
}

TEST(WorstLine, has_room_for_what_a_gateway_did_not_tell_and_for_longer_request_ids) {
  core::ProbePlan plan = *last_probe(sample::whole());
  const std::size_t before = worst_line_bytes(plan, "staging");
  auto route = std::make_shared<core::Route>(*plan.routes[0]);
  auto provider = std::make_shared<core::Provider>(*route->provider);
  provider->gateway = core::Gateway::envoy;
  route->provider = provider;
  plan.routes[0] = route;
  EXPECT_EQ(worst_line_bytes(plan, "staging"), before + 54);
  provider->request_id_suffix += "-and-more";
  EXPECT_EQ(worst_line_bytes(plan, "staging"), before + 54 + 4 * 9) << "in four requests";
}

TEST(WorstLine, grows_with_attempts_links_and_unresolved_facts) {
  core::ProbePlan plan = *last_probe(sample::whole());
  const std::size_t before = worst_line_bytes(plan, "staging");
  plan.evidence_links.push_back("https://a.example/");
  EXPECT_EQ(worst_line_bytes(plan, "staging"), before + 18 + 3);
  plan.evidence_links.pop_back();
  plan.unresolved.push_back("a fact");
  EXPECT_EQ(worst_line_bytes(plan, "staging"), before + 6 + 3);
  plan.unresolved.pop_back();
  plan.retry.attempt_budget += 1;
  EXPECT_GT(worst_line_bytes(plan, "staging"), before + 900);
}

TEST(WorstLine, counts_no_more_requests_than_the_routes_allow) {
  core::ProbePlan plan = *last_probe(sample::whole());
  plan.retry.attempt_budget = 20;
  plan.retry.attempts_per_route = 2;
  EXPECT_EQ(core::attempts_at_most(plan), 4U);
}

TEST(ManyProbes, are_all_read_and_share_what_they_refer_to) {
  std::string text = sample::whole();
  for (int i = 0; i < 999; ++i) {
    text += "[[probes]]\nname = \"p" + std::to_string(i) +
            "\"\nmode = \"walk\"\nroutes = [\"chat\", \"responses\"]\n"
            "schedule = { interval = \"1h\" }\n";
  }
  const auto result = read(text);
  ASSERT_TRUE(result.config) << sample::errors(result);
  ASSERT_THAT(result.config->probes, SizeIs(1000));
  EXPECT_EQ(result.config->probes[0]->routes[0], result.config->probes[999]->routes[0]);
}

}  // namespace
}  // namespace smokeledger::daemon::config
