#include "probes/core/repeat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What walk_plan() was made from, with credentials, and a probe of its name that was changed since.
class Configured {
 public:
  Configured() {
    for (const auto& route : tests::walk_plan().routes) {
      auto provider = std::make_shared<Provider>(*route->provider);
      provider->credential = provider->name + "-key";
      provider->headers = {{"x-team", "platform"}};
      add(provider, route->model, route->contract);
    }
    probe_.name = "chat-walk";
    probe_.routes = {routes_[0]};
    probe_.retry.attempts_per_route = 1;
    probe_.schedule.interval = std::chrono::hours{3};
    probe_.schedule.calls_per_day = 7;
    probe_.contract_review.pause = true;
    probe_.owner = "others";
    probe_.environment = "today";
    probe_.config_sha256 = std::string(64, 'd');
    probe_.unresolved = {"environment_mismatch:x"};
  }

  void add(std::shared_ptr<const Provider> provider,
           const std::string& model,
           std::shared_ptr<const Contract> contract) {
    auto route = std::make_shared<Route>();
    route->name = "renamed-" + provider->name;
    route->provider = provider;
    route->model = model;
    route->contract = contract;
    routes_.push_back(route);
    providers_.push_back(std::move(provider));
    contracts_.push_back(std::move(contract));
  }
  template <class Change>
  void change_provider(std::size_t index, Change change) {
    auto provider = std::make_shared<Provider>(*providers_[index]);
    change(*provider);
    auto route = std::make_shared<Route>(*routes_[index]);
    route->provider = provider;
    providers_[index] = provider;
    routes_[index] = route;
  }
  template <class Change>
  void change_contract(std::size_t index, Change change) {
    auto contract = std::make_shared<Contract>(*contracts_[index]);
    change(*contract);
    contracts_[index] = contract;
  }

  Repeat repeat(const ProbePlan& recorded = tests::walk_plan()) const {
    return core::repeat(recorded,
                        {providers_, routes_, contracts_, has_probe_ ? &probe_ : nullptr});
  }

  std::vector<std::shared_ptr<const Provider>> providers_;
  std::vector<std::shared_ptr<const Route>> routes_;
  std::vector<std::shared_ptr<const Contract>> contracts_;
  ProbePlan probe_;
  bool has_probe_ = true;
};

TEST(Repeat, TakesThePolicyThatIsRecorded) {
  const ProbePlan recorded = tests::walk_plan();
  const auto plan = Configured().repeat(recorded).plan;
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->name, "chat-walk");
  EXPECT_EQ(plan->mode, Mode::walk);
  EXPECT_EQ(plan->owner, "platform");
  EXPECT_EQ(plan->retry.attempts_per_route, 3U);
  EXPECT_EQ(plan->policy_sha256, recorded.policy_sha256);
  ASSERT_EQ(plan->routes.size(), 2U);
  EXPECT_EQ(plan->routes[1]->name, "fallback");
  EXPECT_EQ(plan->routes[1]->model, "small-model");
}

TEST(Repeat, TakesOfTodayWhatOnlyTodayKnows) {
  const Configured today;
  const auto plan = today.repeat().plan;
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->routes[0]->provider->credential, "one-key");
  EXPECT_THAT(plan->routes[0]->provider->headers, testing::SizeIs(1));
  EXPECT_EQ(plan->routes[0]->contract, today.contracts_[0]);
  EXPECT_EQ(plan->schedule.calls_per_day, 7U);
  EXPECT_TRUE(plan->contract_review.pause);
  EXPECT_EQ(plan->environment, "today");
  EXPECT_EQ(plan->config_sha256, std::string(64, 'd'));
  EXPECT_THAT(plan->unresolved, ElementsAre("environment_mismatch:x"));
}

TEST(Repeat, KeepsTheBucketOfRetriesThatThePolicyNames) {
  ProbePlan recorded = tests::walk_plan();
  auto provider = std::make_shared<Provider>(*recorded.routes[0]->provider);
  provider->retry_tokens = 3;
  auto route = std::make_shared<Route>(*recorded.routes[0]);
  route->provider = provider;
  recorded.routes[0] = route;
  EXPECT_EQ(Configured().repeat(recorded).plan->routes[0]->provider->retry_tokens, 3U);
}

TEST(Repeat, NamesAContractThatChangedOnce) {
  Configured today;
  today.change_contract(1, [](Contract& of) { of.version = "responses/2026-09-01+000000000000"; });
  ProbePlan recorded = tests::walk_plan();
  auto third = std::make_shared<Route>(*recorded.routes[1]);
  third->name = "third";
  recorded.routes.push_back(third);
  const auto plan = today.repeat(recorded).plan;
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->unresolved,
              ElementsAre("environment_mismatch:x", "contract_changed:responses"));
  EXPECT_EQ(plan->routes[2]->contract->version, "responses/2026-09-01+000000000000");
}

struct Changed {
  const char* name;
  void (*change)(Configured&);
  const char* why;
};

const Changed refused[] = {
    {"provider_gone",
     [](Configured& today) { today.providers_.pop_back(); },
     "provider two is not configured any more"},
    {"provider_moved",
     [](Configured& today) {
       today.change_provider(0, [](Provider& of) { of.base_url = "https://evil.example"; });
     },
     "provider one is at https://evil.example, and was at http://127.0.0.1:1"},
    {"scheme_changed",
     [](Configured& today) {
       today.change_provider(0, [](Provider& of) { of.auth = AuthScheme::bearer; });
     },
     "provider one has auth bearer, and had none"},
    {"model_gone",
     [](Configured& today) { today.routes_.erase(today.routes_.begin()); },
     "no route asks provider one for model small-model of chat_completions any more"},
    {"family_gone",
     [](Configured& today) { today.contracts_.pop_back(); },
     "there is no contract of responses any more"},
    {"probe_gone",
     [](Configured& today) { today.has_probe_ = false; },
     "no probe is named chat-walk any more"},
};

class RepeatRefused : public testing::TestWithParam<Changed> {};

TEST_P(RepeatRefused, NamesWhatDiffers) {
  Configured today;
  GetParam().change(today);
  const Repeat repeat = today.repeat();
  EXPECT_FALSE(repeat.plan);
  EXPECT_THAT(repeat.refusals, ElementsAre(HasSubstr(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(changes,
                         RepeatRefused,
                         testing::ValuesIn(refused),
                         [](const auto& changed) { return std::string(changed.param.name); });

TEST(Repeat, OfAStreamNeedsOneInTheContractOfToday) {
  ProbePlan recorded = tests::walk_plan();
  auto streamed = std::make_shared<Route>(*recorded.routes[0]);
  streamed->stream = true;
  recorded.routes = {streamed};
  Configured today;
  EXPECT_THAT(today.repeat(recorded).refusals,
              ElementsAre("the contract of chat_completions has no stream any more"));
  today.change_contract(0, [](Contract& of) { of.stream.emplace(); });
  EXPECT_THAT(today.repeat(recorded).refusals, IsEmpty());
}

TEST(Repeat, NamesEverythingThatDiffersEachOnce) {
  Configured today;
  today.providers_.clear();
  today.has_probe_ = false;
  EXPECT_EQ(today.repeat().refusals.size(), 3U);
}

}  // namespace
}  // namespace smokeledger::probes::core
