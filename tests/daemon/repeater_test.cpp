#include "daemon/repeater.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/replayable.h"
#include "tests/support/run_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using tests::overloaded;
using tests::replayed;
using tests::ServiceHouse;
using tests::with_own_policy;
using tests::service::hourly_walk;

config::Config configuration_of(const ServiceHouse& house) {
  config::Config config;
  config.probes = house.plans;
  for (const auto& plan : house.plans) {
    for (const auto& route : plan->routes) {
      config.routes.push_back(route);
      config.providers.push_back(route->provider);
      config.contracts.push_back(route->contract);
    }
  }
  return config;
}

// A service that has run its probe once by a policy with three attempts on the primary.
class Scene : public testing::Test {
 protected:
  Scene() : house_({with_own_policy(hourly_walk("a"))}, {overloaded(), tests::chat_ok()}) {
    house_.random = tests::ListedDraws({0.5});
    house_.start();
    tests::write_policies(house_);
    house_.run_now({"a"});
    then_ = house_.lines.back().ledger_id();
    repeater_.emplace(Repeater::Parts{projections_,
                                      [this](auto work) { house_.io.post(std::move(work)); },
                                      house_.service(),
                                      house_.dir.path()});
    repeater_->use(configuration_of(house_));
  }

  // From now on the probe is configured so.
  template <class Change>
  void reconfigure(Change change) {
    core::ProbePlan plan = hourly_walk("a");
    change(plan);
    house_.use({with_own_policy(plan)});
    tests::write_policies(house_);
    repeater_->use(configuration_of(house_));
  }

  Repeated repeat(const std::string& ledger_id) {
    Repeated result;
    repeater_->repeat(ledger_id, 1000, [&](Repeated repeated) { result = std::move(repeated); });
    std::promise<void> read;
    projections_.post([&](exporters::metrics::Metrics&) { read.set_value(); });
    read.get_future().wait();
    house_.advance(2min);
    return result;
  }

  static const core::Outcome& outcome_of(const Repeated& repeated) {
    return std::get<core::OutcomeLine>(repeated.now.outcome->line()).outcome;
  }

  Projections projections_{"0.1.0"};
  ServiceHouse house_;
  std::optional<Repeater> repeater_;
  std::string then_;
};

TEST_F(Scene, RepeatsTheCheckByTheRecordedPolicy) {
  const std::string policy = house_.plans[0]->policy_sha256;
  reconfigure([](core::ProbePlan& plan) {
    plan.retry.attempts_per_route = 1;
    plan.routes.pop_back();
    plan.expect = core::Expectation::escalate;
  });
  auto config = configuration_of(house_);
  const core::ProbePlan older = hourly_walk("a");
  config.routes.push_back(older.routes[1]);
  config.providers.push_back(older.routes[1]->provider);
  config.contracts.push_back(older.routes[1]->contract);
  repeater_->use(config);
  house_.advance(10min);
  house_.transport.sent.clear();  // the script begins anew
  const Repeated repeated = repeat(then_);
  ASSERT_TRUE(repeated.now.outcome) << repeated.now.not_run;
  EXPECT_THAT(repeated.then, HasSubstr("\"ledger_id\":\"" + then_ + "\""));
  EXPECT_EQ(outcome_of(repeated).policy_sha256, policy);
  EXPECT_EQ(outcome_of(repeated).attempts.size(), 2U) << "today's policy has one";
  EXPECT_EQ(outcome_of(repeated).trigger, core::Trigger::manual);
  EXPECT_EQ(outcome_of(repeated).caller_uid, 1000U);
  EXPECT_EQ(outcome_of(repeated).check_id, "a-20261121-002");
  EXPECT_THAT(replayed(house_), ElementsAre(StartsWith("2 outcomes replayed, 0 differ, 0 could")));
}

TEST_F(Scene, WritesThePolicyBeforeTheFirstAttempt) {
  reconfigure([](core::ProbePlan& plan) { plan.owner = "others"; });
  house_.advance(10min);
  const std::size_t before = house_.lines.size();
  ASSERT_TRUE(repeat(then_).now.outcome);
  const auto* policy = std::get_if<core::PolicyLine>(&house_.lines[before].line());
  ASSERT_NE(policy, nullptr);
  EXPECT_EQ(policy->policy_sha256, house_.outcomes().back().policy_sha256);
  EXPECT_TRUE(std::holds_alternative<core::AttemptLine>(house_.lines[before + 1].line()));
}

TEST_F(Scene, SaysWhichContractChanged) {
  reconfigure([](core::ProbePlan& plan) {
    auto contract = std::make_shared<core::Contract>(*tests::chat_contract());
    contract->version = "chat_completions/2026-09-01+ffffffffffff";
    auto route = std::make_shared<core::Route>(*plan.routes[0]);
    route->contract = contract;
    plan.routes[0] = route;
  });
  house_.advance(10min);
  const Repeated repeated = repeat(then_);
  ASSERT_TRUE(repeated.now.outcome) << repeated.now.not_run;
  EXPECT_THAT(outcome_of(repeated).unresolved, Contains("contract_changed:chat_completions"));
  EXPECT_EQ(outcome_of(repeated).attempts[0].contract_version,
            "chat_completions/2026-09-01+ffffffffffff");
  EXPECT_EQ(outcome_of(repeated).check_result, core::CheckResult::investigate);
  EXPECT_THAT(replayed(house_), ElementsAre(StartsWith("2 outcomes replayed, 0 differ, 0 could")));
}

TEST_F(Scene, ObeysTheMinimumIntervalOfTheProbe) {
  const Repeated repeated = repeat(then_);
  EXPECT_FALSE(repeated.now.outcome);
  EXPECT_EQ(repeated.now.not_run, "the minimum interval since its last attempt is not over");
  EXPECT_TRUE(repeated.now.allowed_from);
  EXPECT_THAT(repeated.then, HasSubstr(then_));
}

TEST_F(Scene, ObeysTheCapsOfToday) {
  reconfigure([](core::ProbePlan& plan) { plan.schedule.calls_per_day = 3; });
  house_.advance(10min);
  const Repeated repeated = repeat(then_);
  ASSERT_TRUE(repeated.now.outcome);
  EXPECT_EQ(outcome_of(repeated).gap, core::Gap::budget);
  EXPECT_THAT(replayed(house_), ElementsAre(StartsWith("2 outcomes replayed, 0 differ, 0 could")));
}

TEST_F(Scene, RefusesWhatWouldSendElsewhere) {
  reconfigure([](core::ProbePlan& plan) {
    auto provider = std::make_shared<core::Provider>(*plan.routes[0]->provider);
    provider->base_url = "http://127.0.0.1:2";
    auto route = std::make_shared<core::Route>(*plan.routes[0]);
    route->provider = provider;
    plan.routes[0] = route;
  });
  house_.advance(10min);
  const auto sent = house_.transport.sent.size();
  const Repeated repeated = repeat(then_);
  EXPECT_EQ(repeated.now.not_run,
            "it cannot be repeated: provider a-one is at http://127.0.0.1:2, and was at "
            "http://127.0.0.1:1");
  EXPECT_EQ(house_.transport.sent.size(), sent);
}

TEST_F(Scene, RefusesARunWhoseLineCouldBeTooLongToBeWritten) {
  reconfigure([](core::ProbePlan& plan) {
    plan.evidence_links = {std::string(12'000, 'x')};
    plan.policy_sha256.clear();
  });
  house_.advance(10min);
  EXPECT_THAT(repeat(then_).now.not_run, HasSubstr(" bytes, and 16384 are allowed"));
}

TEST_F(Scene, OfAnUnknownIdSaysSo) {
  const Repeated repeated = repeat("staging-00000000-7");
  EXPECT_THAT(repeated.then, IsEmpty());
  EXPECT_EQ(repeated.now.not_run, "no outcome has the ledger id staging-00000000-7");
}

TEST_F(Scene, OfALedgerThatCannotBeReadSaysSo) {
  for (const auto& file : tests::segment_files(house_.dir.path())) std::filesystem::remove(file);
  EXPECT_THAT(repeat(then_).now.not_run, StartsWith("the ledger cannot be read: "));
}

TEST(Repeater, OfARunWithoutItsPolicySaysSo) {
  ServiceHouse house({with_own_policy(hourly_walk("a"))});
  house.random = tests::ListedDraws({0.5});
  house.start();
  house.run_now({"a"});
  Projections projections("0.1.0");
  Repeater repeater({projections,
                     [&](auto work) { house.io.post(std::move(work)); },
                     house.service(),
                     house.dir.path()});
  Repeated repeated;
  repeater.repeat(
      house.lines.back().ledger_id(), std::nullopt, [&](Repeated of) { repeated = of; });
  std::promise<void> read;
  projections.post([&](exporters::metrics::Metrics&) { read.set_value(); });
  read.get_future().wait();
  house.settle();
  EXPECT_EQ(repeated.now.not_run, "the policy line that it cites is not in the ledger");
  EXPECT_EQ(repeated.now.probe, "a");
}

}  // namespace
}  // namespace smokeledger::daemon
