// What other runs leave to a run.
#include <gtest/gtest.h>

#include "probes/run/run.h"
#include "tests/support/run_house.h"

namespace smokeledger::probes::run {
namespace {

using core::Decision;
using tests::House;
using tests::overloaded;

TEST(RunBudget, SendsOneRequestUnderPressureAndSaysWhy) {
  House house({overloaded()});
  house.pressure = {"retries_without_recovery:3"};
  const core::Outcome outcome = house.whole(tests::walk_plan());
  EXPECT_EQ(house.transport.sent.size(), 1U);
  EXPECT_EQ(outcome.rule, "retry_pressure");
  EXPECT_EQ(outcome.decision, Decision::escalate);
  EXPECT_EQ(outcome.pressure, house.pressure);
}

TEST(RunBudget, IsOutOfPressureWithItsFirstUsableReply) {
  House house({tests::chat_ok()});
  house.pressure = {"retries_without_recovery:3"};
  EXPECT_EQ(house.whole(tests::walk_plan()).decision, Decision::keep_primary);
}

core::ProbePlan with_tokens(std::uint32_t tokens) {
  core::ProbePlan plan = tests::walk_plan();
  auto route = std::make_shared<core::Route>(*plan.routes[0]);
  auto provider = std::make_shared<core::Provider>(*route->provider);
  provider->retry_tokens = tokens;
  route->provider = provider;
  plan.routes[0] = route;
  return plan;
}

TEST(RunBudget, EndsWhereTheProvidersTokensEndAndNamesIt) {
  House house({overloaded()});
  const core::Outcome outcome = house.whole(with_tokens(1));
  EXPECT_EQ(house.transport.sent.size(), 2U);
  EXPECT_EQ(outcome.rule, "retry_pressure");
  EXPECT_EQ(outcome.pressure, (std::vector<std::string>{"retry_tokens_short:one"}));
  EXPECT_EQ(house.retry_tokens.left("one", 1), 0U);
}

TEST(RunBudget, SpendsATokenBeforeItWaitsSoThatRunsSideBySideShareThem) {
  House house({overloaded()});
  const core::ProbePlan plan = with_tokens(1);
  const auto first = house.run(plan, 1);
  const auto second = house.run(plan, 2);
  first->start();
  second->start();
  house.clock.run_until_idle();
  EXPECT_EQ(house.transport.sent.size(), 3U) << "two first requests and one retry";
}

TEST(RunBudget, EarnsAFifthOfATokenWithAUsableReply) {
  House house({overloaded(), tests::chat_ok()});
  house.whole(with_tokens(5));
  EXPECT_EQ(house.retry_tokens.spent("one"),
            core::RetryTokens::token - core::RetryTokens::credit_per_success);
}

}  // namespace
}  // namespace smokeledger::probes::run
