// What other runs, the clock on the wall and this host's network leave to a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::Decision;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::ServiceHouse;
using tests::service::hourly;
using tests::service::hourly_walk;

const core::Exchange overloaded = tests::reply(503, R"({"error":{"code":"overloaded"}})");
const core::Exchange no_name = core::Fault{.reason = core::Reason::dns};

std::vector<std::string> rules_of(const ServiceHouse& house) {
  std::vector<std::string> rules;
  for (const auto& outcome : house.outcomes()) rules.push_back(outcome.rule);
  return rules;
}

TEST(QuietWindow, PausesWhatIsDueInItAndLeavesALineForEach) {
  core::ProbePlan plan = hourly("a");
  plan.schedule.quiet = {{.name = "noon",
                          .time_zone = "Europe/Berlin",  // an hour ahead in November
                          .days = {true, true, true, true, true, true, true},
                          .from = 11h,
                          .to = 13h}};
  ServiceHouse house({plan});
  house.start();  // 08:00 UTC
  house.advance(4h + 1min);
  EXPECT_THAT(house.sent_at(), ElementsAre(0h, 1h, 4h));
  const auto outcomes = house.outcomes();
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_EQ(outcomes[2].gap, core::Gap::window);
  EXPECT_EQ(outcomes[2].rule, "quiet_window");
  EXPECT_THAT(outcomes[2].unresolved, Contains("quiet_window:noon"));
  EXPECT_EQ(outcomes[3].gap, core::Gap::window);
}

TEST(RetryPressure, SendsLessAndLaterUntilThePrimaryIsUsableAgain) {
  ServiceHouse house({hourly_walk("a")}, {overloaded});
  house.start();
  house.advance(24h);
  const auto outcomes = house.outcomes();
  ASSERT_GE(outcomes.size(), 5U);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].attempts.size(), i < 3 ? 4U : 1U) << i;
    EXPECT_EQ(outcomes[i].rule, i < 3 ? "budget_exhausted" : "retry_pressure") << i;
  }
  EXPECT_GT(house.due("a") - house.sent_at().back(), 1h) << "and later";
}

TEST(RetryTokens, AreAsTheyWereAfterARestart) {
  core::ProbePlan plan = hourly_walk("a");
  plan.retry.pressure_after = 0;
  ServiceHouse house({plan}, {overloaded});
  house.start();
  house.advance(12h);
  house.restart();
  house.advance(24h);
  std::uint32_t further = 0;
  for (const auto& outcome : house.outcomes()) {
    further += static_cast<std::uint32_t>(outcome.attempts.size()) - 1;
  }
  EXPECT_EQ(further, 20U) << "the tokens of the provider that failed, restart or not";
  EXPECT_THAT(house.outcomes().back().pressure, Contains("retry_tokens_short:a-one"));
}

core::ProbePlan outside(core::ProbePlan plan) {
  for (auto& route : plan.routes) {
    auto made = std::make_shared<core::Route>(*route);
    auto provider = std::make_shared<core::Provider>(*route->provider);
    provider->loopback = false;
    made->provider = provider;
    route = made;
  }
  return plan;
}

TEST(LocalNetwork, GoneIsNoEscalationOfEveryProbe) {
  ServiceHouse house({outside(hourly("a")), outside(hourly("b"))}, {no_name});
  house.start();
  house.advance(3h);
  const auto rules = rules_of(house);
  ASSERT_GE(rules.size(), 4U);
  EXPECT_EQ(rules[0], "budget_exhausted") << "of the other provider nothing is known yet";
  for (std::size_t i = 1; i < rules.size(); ++i) EXPECT_EQ(rules[i], "local_network_gone");
  EXPECT_EQ(house.outcomes().back().gap, core::Gap::local_network);
  EXPECT_THAT(house.outcomes().back().pressure, ElementsAre("no_provider_reached:2"));
}

}  // namespace
}  // namespace smokeledger::daemon
