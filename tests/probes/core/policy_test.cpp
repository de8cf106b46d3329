#include "probes/core/policy.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/drill_outcomes.h"
#include "tests/support/plans.h"
#include "tests/support/replaced.h"

namespace smokeledger::probes::core {
namespace {

using testing::HasSubstr;
using tests::replaced;

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

// Any plan whose fractions are whole thousandths, as the configuration allows them.
class RandomPlans {
 public:
  explicit RandomPlans(std::uint32_t seed) : engine_(seed) {}

  ProbePlan plan() {
    ProbePlan plan;
    plan.name = text();
    plan.mode = any<Mode>();
    plan.expect = any<Expectation>();
    plan.owner = text();
    for (std::uint64_t i = 0; i <= number(3); ++i) plan.routes.push_back(route());
    for (std::uint64_t i = number(2); i > 0; --i) plan.require_evidence.push_back(any<Evidence>());
    plan.retry = retry();
    plan.schedule = schedule();
    plan.contract_review = {time(), number(1) == 0};
    if (coin()) plan.drill = drill();
    return plan;
  }

 private:
  std::uint64_t number(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(engine_);
  }
  std::uint32_t count() { return static_cast<std::uint32_t>(number(4'294'967'295U)); }
  Milliseconds time() { return Milliseconds{number(1ULL << 40U)}; }
  double fraction() { return static_cast<double>(number(10'000)) / 1000; }
  bool coin() { return number(1) == 1; }
  template <class E>
  E any() {
    return every<E>()[number(every<E>().size() - 1)];
  }
  std::string text() {
    constexpr std::string_view characters = "abcXYZ019-_./:\"\\\n {}";
    std::string made;
    for (std::uint64_t i = number(12); i > 0; --i)
      made += characters[number(characters.size() - 1)];
    return made;
  }
  std::shared_ptr<const Route> route() {
    auto provider = std::make_shared<Provider>();
    provider->name = text();
    provider->base_url = text();
    provider->auth = any<AuthScheme>();
    provider->gateway = any<Gateway>();
    provider->request_id_header = text();
    provider->request_id_suffix = text();
    provider->retry_tokens = coin() ? std::optional(count()) : std::nullopt;
    auto contract = std::make_shared<Contract>();
    contract->family = any<EndpointFamily>();
    contract->version = text();
    auto made = std::make_shared<Route>();
    made->name = text();
    made->provider = provider;
    made->contract = contract;
    made->model = text();
    made->stream = coin();
    made->model_verified_on = text();
    made->model_link = text();
    return made;
  }
  RetryPolicy retry() {
    RetryPolicy retry{count(),
                      count(),
                      any<Jitter>(),
                      time(),
                      fraction(),
                      time(),
                      time(),
                      time(),
                      time(),
                      {},
                      count()};
    for (auto& action : retry.after) action = any<AfterFailure>();
    retry.after[0] = documented_classes()[0];  // what follows a success is no choice
    return retry;
  }
  DrillPlan drill() {
    DrillPlan drill;
    drill.of = any<DrillOf>();
    drill.live = any<LiveDrill>();
    for (std::uint64_t i = number(2); i > 0; --i) drill.scripts.push_back(text());
    drill.terms = {count(), count(), coin() ? std::optional(count()) : std::nullopt, {}};
    for (int code = 0; code < 3; ++code) {
      if (coin()) drill.terms.exit_codes.emplace_back(code * 7, any<CallerReceived>());
    }
    drill.settle = time();
    return drill;
  }
  Schedule schedule() {
    Schedule schedule{time(), fraction(), time(), time(), time(), count(), count(), {}};
    for (std::uint64_t i = number(2); i > 0; --i) {
      QuietWindow window{text(), text(), {}, {}, {}};
      for (bool& day : window.days) day = coin();
      window.from = std::chrono::minutes{number(1439)};
      window.to = std::chrono::minutes{number(1439)};
      schedule.quiet.push_back(window);
    }
    return schedule;
  }

  std::mt19937 engine_;
};

TEST(ReadPolicy, IsTheInverseOfItsText) {
  for (std::uint32_t seed = 0; seed < 2'000; ++seed) {
    const std::string text = policy_text(RandomPlans(seed).plan());
    const auto plan = read_policy(text);
    ASSERT_TRUE(plan) << "seed " << seed << ": " << plan.error() << '\n' << text;
    ASSERT_EQ(policy_text(*plan), text) << "seed " << seed;
  }
}

TEST(ReadPolicy, GivesWhatThePolicyFunctionsAskFor) {
  ProbePlan plan = tests::walk_plan();
  plan.retry.multiplier = 1.234;
  const ProbePlan read = *read_policy(policy_text(plan));
  EXPECT_EQ(read.name, plan.name);
  EXPECT_EQ(read.owner, plan.owner);
  EXPECT_EQ(read.retry.multiplier, plan.retry.multiplier) << "bit by bit, or bounds would differ";
  ASSERT_EQ(read.routes.size(), 2U);
  EXPECT_EQ(read.routes[1]->name, "fallback");
  EXPECT_EQ(read.routes[1]->provider->name, "two");
  EXPECT_EQ(read.routes[1]->contract->family, EndpointFamily::responses);
  EXPECT_EQ(read.routes[1]->contract->version, plan.routes[1]->contract->version);
}

TEST(ReadPolicy, LeavesAnAbsentMemberAtItsDefault) {
  const std::string text = policy_text(tests::walk_plan());
  const auto without = [&](std::string_view member) {
    return *read_policy(replaced(text, member, ""));
  };
  EXPECT_EQ(without(R"("attempt_budget":4,)").retry.attempt_budget, RetryPolicy{}.attempt_budget);
  EXPECT_EQ(without(R"("cap_ms":8000,)").retry.cap, RetryPolicy{}.cap);
  EXPECT_EQ(without(R"("expect":"usable_response",)").expect, Expectation::usable_response);
  EXPECT_FALSE(
      without(R"(,"pause_when_contract_review_older_than_ms":null)").contract_review.pause);
}

struct Spoiled {
  std::string_view from;
  std::string_view to;
  std::string_view says;
};

TEST(ReadPolicy, NamesTheMemberThatIsNotWhatItShouldBe) {
  const std::string text = policy_text(tests::walk_plan());
  for (const auto& [from, to, says] : {
           Spoiled{R"("probe":"chat-walk")", R"("probe":7)", "probe is not a string"},
           {R"("mode":"walk")", R"("mode":"fly")", "mode is a word that this build does not know"},
           {R"("attempt_budget":4)",
            R"("attempt_budget":"4")",
            "retry.attempt_budget is not a whole number that fits"},
           {R"("attempt_budget":4)", R"("attempt_budget":-4)", "retry.attempt_budget is not"},
           {R"("attempt_budget":4)",
            R"("attempt_budget":4294967296)",
            "retry.attempt_budget is not"},
           {R"("attempt_budget":4)", R"("attempt_budget":4.5)", "retry.attempt_budget is not"},
           {R"("attempt_budget":4)", R"("attempt_budget":null)", "retry.attempt_budget is not"},
           {R"("multiplier_thousandths":2000)",
            R"("multiplier_thousandths":2.5)",
            "retry.multiplier_thousandths is not a whole number that fits"},
           {R"("stream":false)", R"("stream":0)", "routes[0].stream is not true or false"},
           {R"("auth_scheme":"none")",
            R"("auth_scheme":null)",
            "routes[0].auth_scheme is not a string"},
           {R"("route":"fallback")", R"("route":[])", "routes[1].route is not a string"},
           {R"("auth":"escalate")",
            R"("auth":"shrug")",
            "retry.on.auth is a word that this build does not know"},
           {R"("auth":"escalate")",
            R"("fate":"escalate")",
            "retry.on.fate is not known to this build"},
           {R"("require_evidence":[])",
            R"("require_evidence":["retries","luck"])",
            "require_evidence[1] is a word that this build does not know"},
           {R"("quiet":[])", R"("quiet":{})", "schedule.quiet is not a list"},
           {R"("quiet":[])",
            R"("quiet":[{"days":["sun","someday"]}])",
            "schedule.quiet[0].days[1] is a word that this build does not know"},
           {R"("cap_ms":8000)",
            R"("cap_minutes":8)",
            "retry.cap_minutes is not known to this build"},
           {R"("model_link":"")",
            R"("model_link":"","shadow":1)",
            "routes[0].shadow is not known to this build"},
           {R"("pause_when_contract_review_older_than_ms":null)",
            R"("pause_when_contract_review_older_than_ms":"never")",
            "pause_when_contract_review_older_than_ms is not a whole number that fits"},
       }) {
    const auto plan = read_policy(replaced(text, from, to));
    ASSERT_FALSE(plan) << to;
    EXPECT_THAT(plan.error(), HasSubstr(says)) << to;
  }
}

TEST(ReadPolicy, NamesTheMemberOfADrillThatIsNotWhatItShouldBe) {
  ProbePlan drilled = tests::drill_plan(DrillOf::client);
  drilled.drill->terms.exit_codes = {{3, CallerReceived::controlled_failure}};
  const std::string text = policy_text(drilled);
  for (const auto& [from, to, says] : {
           Spoiled{R"("of":"client")", R"("of":"fish")", "drill.of is a word that this build"},
           {R"("scripts":["throttled")", R"("scripts":[7)", "drill.scripts[0] is not a string"},
           {R"("exit_codes":{"3":)", R"("exit_codes":{"3x":)", "drill.exit_codes.3x is not named"},
           {R"("exit_codes":{"3":)", R"("exit_codes":{"":)", "drill.exit_codes. is not named"},
           {R"("3":"controlled_failure")", R"("3":"luck")", "drill.exit_codes.3 is a word that"},
           {R"("exit_codes":{"3":"controlled_failure"})",
            R"("exit_codes":[])",
            "drill.exit_codes is not an object"},
           {R"("settle_ms")", R"("unsettled_ms")", "drill.unsettled_ms is not known"},
       }) {
    const auto plan = read_policy(replaced(text, from, to));
    ASSERT_FALSE(plan) << to;
    EXPECT_THAT(plan.error(), HasSubstr(says)) << to;
  }
}

TEST(ReadPolicy, RefusesWhatIsNoPolicy) {
  for (const std::string_view text : {"",
                                      "7",
                                      "[]",
                                      R"({"probe":)",
                                      R"({"routes":{}})",
                                      R"({"routes":["a"]})",
                                      R"({"retry":[]})",
                                      R"({"routes":[]})",
                                      "{}"}) {
    EXPECT_FALSE(read_policy(text)) << text;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
