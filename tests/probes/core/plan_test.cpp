#include "probes/core/plan.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

TEST(PolicyText, HoldsThePolicyAndNoSecretOrHeader) {
  ProbePlan plan = tests::walk_plan();
  auto provider = std::make_shared<Provider>(*plan.routes[0]->provider);
  provider->credential = "cometapi-key";
  provider->headers = {{"x-custom", "value"}};
  auto route = std::make_shared<Route>(*plan.routes[0]);
  route->provider = provider;
  plan.routes[0] = route;
  const std::string text = policy_text(plan);
  EXPECT_NE(text.find(R"("probe":"chat-walk","mode":"walk")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("attempt_budget":4)"), std::string::npos);
  EXPECT_NE(text.find(R"("request_contract_version":"responses/2026-07-03+ba9876543210")"),
            std::string::npos);
  EXPECT_EQ(text.find("x-custom"), std::string::npos);
  EXPECT_EQ(text.find("cometapi-key"), std::string::npos);
}

TEST(PolicyText, ChangesWithEveryPartOfThePolicy) {
  const std::string before = policy_text(tests::walk_plan());
  ProbePlan plan = tests::walk_plan();
  plan.retry.cap += Milliseconds{1};
  EXPECT_NE(policy_text(plan), before);
  plan = tests::walk_plan();
  plan.schedule.jitter = 0.2;
  EXPECT_NE(policy_text(plan), before);
  plan = tests::walk_plan();
  plan.contract_review.pause = true;
  const std::string pausing = policy_text(plan);
  EXPECT_NE(pausing, before);
  plan.contract_review.max_age += Milliseconds{1};
  EXPECT_NE(policy_text(plan), pausing);
  plan = tests::walk_plan();
  plan.routes.pop_back();
  EXPECT_NE(policy_text(plan), before);
}

TEST(PolicyText, HoldsTheGatewayAndHowARunIsFoundThere) {
  ProbePlan plan = tests::gateway_plan(Gateway::portkey);
  auto route = std::make_shared<Route>(*plan.routes[0]);
  auto provider = std::make_shared<Provider>(*route->provider);
  provider->request_id_header = "x-portkey-trace-id";
  provider->request_id_suffix = "";
  route->provider = provider;
  plan.routes[0] = route;
  plan.require_evidence = {Evidence::retries, Evidence::served_model};
  const std::string text = policy_text(plan);
  EXPECT_NE(text.find(R"("mode":"gateway",)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("require_evidence":["retries","served_model"],"routes")"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("gateway":"portkey","request_id_header":"x-portkey-trace-id",)"
                      R"("request_id_suffix":"",)"),
            std::string::npos)
      << text;
}

TEST(PolicyText, KeepsAnAgeThatPausesNothingOut) {
  ProbePlan plan = tests::walk_plan();
  const std::string before = policy_text(plan);
  plan.contract_review.max_age = std::chrono::days(7);
  EXPECT_EQ(policy_text(plan), before);
}

}  // namespace
}  // namespace smokeledger::probes::core
