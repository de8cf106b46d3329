// Drills among the runs of the service. The stub is a count, fed by what is sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/credentials.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::DrillOf;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::ServiceHouse;
using tests::service::drill;
using tests::service::hourly;
using tests::service::with_credential;

// A house in which every request that is sent arrives at the stub so often, under this script.
std::unique_ptr<ServiceHouse> house_with(std::vector<core::ProbePlan> plans,
                                         std::vector<core::Exchange> script,
                                         int times = 1,
                                         const std::string& of = "recover-after-1") {
  auto house = std::make_unique<ServiceHouse>(std::move(plans), std::move(script));
  house->random = tests::ListedDraws({0.5});
  house->transport.on_send = [at = house.get(), times, of](const probes::run::Outgoing& out) {
    const std::string& id = out.line.request_id;
    for (int i = 0; i < times; ++i) {
      at->arrivals.count({.script = of,
                          .request = std::string_view(id).substr(0, id.rfind('.')),
                          .at = at->clock.now().time_since_epoch()});
      at->arrivals.answered({});
    }
  };
  house->start();
  return house;
}

core::Outcome only_outcome(const ServiceHouse& house) {
  EXPECT_EQ(house.outcomes().size(), 1U);
  return house.outcomes().front();
}

TEST(WalkDrillRun, IsRecordedWithWhatTheStubCountedWhenThatHasSettled) {
  auto plan = drill("a", DrillOf::walk, "recover-after-1");
  plan.expect = core::Expectation::retry_primary;
  const auto house = house_with({plan}, {tests::throttled(), tests::chat_ok()});
  house->advance(30min + 1s);
  EXPECT_THAT(house->outcomes(), IsEmpty());
  house->advance(2s);
  const core::Outcome outcome = only_outcome(*house);
  EXPECT_EQ(outcome.arrivals, 2U);
  EXPECT_EQ(outcome.attempts.size(), 2U);
  EXPECT_EQ(outcome.arrival_gaps.size(), 1U);
  EXPECT_EQ(outcome.rule, "usable_after_retry");
  EXPECT_EQ(outcome.check_result, core::CheckResult::pass) << outcome.rule;
  EXPECT_THAT(outcome.unresolved, IsEmpty());
}

TEST(WalkDrillRun, FailsWhereTheStubCountedOtherThanWasSent) {
  const auto house = house_with(
      {drill("a", DrillOf::walk, "recover-after-1")}, {tests::throttled(), tests::chat_ok()}, 2);
  house->advance(31min);
  const core::Outcome outcome = only_outcome(*house);
  EXPECT_EQ(outcome.rule, "drill_count_differs");
  EXPECT_EQ(outcome.check_result, core::CheckResult::fail);
  EXPECT_THAT(outcome.unresolved, ElementsAre("counted_other_than_sent"));
}

TEST(WalkDrillRun, ThatIsCutShortIsRecordedAtOnce) {
  const auto house =
      house_with({drill("a", DrillOf::walk, "recover-after-1")}, {tests::throttled()});
  house->advance(30min + 100ms);
  house->stop();
  house->settle();
  EXPECT_TRUE(house->stopped);
  EXPECT_EQ(only_outcome(*house).rule, "run_interrupted");
}

TEST(WalkDrillRun, ThatSettlesWhenTheServiceStopsIsRecordedAtOnce) {
  auto plan = drill("a", DrillOf::walk, "recover-after-1");
  plan.drill->settle = 10min;
  const auto house = house_with({plan}, {tests::chat_ok()});
  house->advance(31min);
  EXPECT_THAT(house->outcomes(), IsEmpty());
  house->stop();
  house->settle();
  EXPECT_TRUE(house->stopped);
  EXPECT_EQ(only_outcome(*house).arrivals, 1U);
}

TEST(GatewayDrillRun, CallsOnceAndIsJudgedByWhatArrivedBehindTheGateway) {
  const auto house =
      house_with({drill("g", DrillOf::gateway, "throttled")}, {tests::chat_ok()}, 6, "throttled");
  house->advance(31min);
  const core::Outcome outcome = only_outcome(*house);
  EXPECT_EQ(house->transport.sent.size(), 1U);
  EXPECT_EQ(outcome.observed_layer, core::Layer::gateway);
  EXPECT_EQ(outcome.arrivals, 6U);
  EXPECT_EQ(outcome.rule, "drill_over_budget");
  EXPECT_EQ(outcome.check_result, core::CheckResult::fail);
}

TEST(GatewayDrillRun, NeverPassesWhereNothingArrived) {
  const auto house =
      house_with({drill("g", DrillOf::gateway, "throttled")}, {tests::chat_ok()}, 0, "throttled");
  house->advance(31min);
  EXPECT_EQ(only_outcome(*house).rule, "drill_not_exercised");
  EXPECT_EQ(only_outcome(*house).check_result, core::CheckResult::investigate);
}

TEST(GatewayDrillRun, SendsNothingWhileAnotherByTheSameScriptIsUnderWay) {
  const auto house = house_with(
      {drill("g", DrillOf::gateway, "throttled"), drill("h", DrillOf::gateway, "throttled")},
      {tests::chat_ok()},
      1,
      "throttled");
  house->advance(31min);
  ASSERT_EQ(house->outcomes().size(), 2U);
  const core::Outcome first = house->outcomes().front();
  EXPECT_EQ(first.rule, "drill_script_in_use");
  EXPECT_THAT(first.unresolved, ElementsAre("script_in_use:throttled"));
  EXPECT_THAT(first.attempts, IsEmpty());
  EXPECT_EQ(house->transport.sent.size(), 1U);
}

TEST(ClientDrillProbe, IsNeverScheduledAndNotRunByHandWithoutAClient) {
  const auto house =
      house_with({drill("c", DrillOf::client, "throttled"), hourly("a")}, {tests::chat_ok()});
  EXPECT_FALSE(house->due_at.contains("c"));
  const auto all = house->run_now({});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().probe, "a");
  const auto named = house->run_now({"c"});
  ASSERT_EQ(named.size(), 1U);
  EXPECT_EQ(named.front().not_run, "it drills a client: smokeledger drill c -- CLIENT COMMAND");
  house->advance(48h);
  for (const auto& outcome : house->outcomes()) EXPECT_EQ(outcome.probe, "a");
}

TEST(LiveDrillRun, SendsAnInvalidKeyAndPassesWhenThatIsRefused) {
  auto plan = with_credential(hourly("live"), "live-key");
  plan.mode = core::Mode::drill;
  plan.drill.emplace();
  plan.drill->live = core::LiveDrill::invalid_key;
  plan.expect = core::Expectation::controlled_failure;
  const auto house = house_with(
      {plan}, {tests::reply(401, R"({"error":{"message":"no","code":"invalid_api_key"}})")}, 0);
  house->advance(31min);
  ASSERT_EQ(house->transport.sent.size(), 1U);
  EXPECT_EQ(house->transport.sent.front().request.secret->reveal(), invalid_key);
  const core::Outcome outcome = only_outcome(*house);
  EXPECT_EQ(outcome.check_result, core::CheckResult::pass);
  EXPECT_EQ(outcome.reason, core::Reason::auth);
  EXPECT_EQ(outcome.arrivals, std::nullopt);
}

}  // namespace
}  // namespace smokeledger::daemon
