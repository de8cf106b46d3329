#include "probes/core/forecast.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

// Every half hour; at worst four calls a run of at most 16 output tokens.
ProbePlan half_hourly() {
  ProbePlan plan = tests::walk_plan();
  auto contract = std::make_shared<Contract>(*tests::chat_contract());
  contract->output_tokens_at_most = 16;
  plan.routes.front() = tests::route("primary", "one", contract);
  plan.schedule.interval = 30min;
  plan.schedule.confirm_after = 0ms;
  plan.schedule.calls_per_day = 1000;
  return plan;
}

struct Row {
  const char* name;
  ProbePlan plan;
  Milliseconds window;
  std::uint32_t hosts;
  Forecast expected;
};

ProbePlan capped(std::uint32_t calls_per_day) {
  ProbePlan plan = half_hourly();
  plan.schedule.calls_per_day = calls_per_day;
  return plan;
}

ProbePlan direct() {
  ProbePlan plan = half_hourly();
  plan.mode = Mode::direct;
  return plan;
}

// Its budget is what the gateway may send, not what we do.
ProbePlan through_gateway() {
  ProbePlan plan = half_hourly();
  plan.mode = Mode::gateway;
  return plan;
}

ProbePlan confirming(Milliseconds after) {
  ProbePlan plan = half_hourly();
  plan.schedule.confirm_after = after;
  return plan;
}

ProbePlan token_capped(std::uint32_t tokens_per_day) {
  ProbePlan plan = half_hourly();  // 64 tokens a run at worst
  plan.schedule.output_tokens_per_day = tokens_per_day;
  return plan;
}

// Runs, calls expected and at worst, output tokens expected and at worst, runs not fitting.
std::vector<Row> table() {
  return {
      {"a day", half_hourly(), 24h, 1, {48, 48, 192, 768, 3072, 0, "interval"}},
      {"an hour", half_hourly(), 1h, 1, {2, 2, 8, 32, 128, 0, "interval"}},
      {"a part of an interval is one run",
       half_hourly(),
       1min,
       1,
       {1, 1, 4, 16, 64, 0, "interval"}},
      {"just over an hour", half_hourly(), 1h + 1ms, 1, {3, 3, 12, 48, 192, 0, "interval"}},
      {"direct mode never retries", direct(), 24h, 1, {48, 48, 48, 768, 768, 0, "interval"}},
      {"nor gateway mode", through_gateway(), 24h, 1, {48, 48, 48, 768, 768, 0, "interval"}},
      {"many hosts", half_hourly(), 24h, 10, {480, 480, 1920, 7680, 30720, 0, "interval"}},
      {"the cap binds at worst",
       capped(100),
       24h,
       1,
       {48, 48, 100, 768, 1600, 23, "calls_per_day"}},
      {"a whole run must fit", capped(103), 24h, 1, {48, 48, 100, 768, 1600, 23, "calls_per_day"}},
      {"and the expected one", capped(20), 24h, 1, {48, 17, 20, 272, 320, 43, "calls_per_day"}},
      {"of each host", capped(20), 24h, 3, {144, 51, 60, 816, 960, 129, "calls_per_day"}},
      {"two whole days", capped(20), 48h, 1, {96, 34, 40, 544, 640, 86, "calls_per_day"}},
      {"an hour may lie in two days", capped(6), 1h, 1, {2, 2, 8, 32, 128, 0, "interval"}},
      {"tokens bind",
       token_capped(640),
       24h,
       1,
       {48, 48, 40, 768, 640, 38, "output_tokens_per_day"}},
      {"calls bind before tokens",
       [] {
         ProbePlan plan = token_capped(640);
         plan.schedule.calls_per_day = 20;
         return plan;
       }(),
       24h,
       1,
       {48, 17, 20, 272, 320, 43, "calls_per_day"}},
      {"a confirm run after each",
       confirming(15min),
       24h,
       1,
       {48, 48, 384, 768, 6144, 0, "interval"}},
      {"not below the minimum", confirming(1min), 24h, 1, {48, 48, 576, 768, 9216, 0, "interval"}},
      {"nor above the interval", confirming(1h), 24h, 1, {48, 48, 192, 768, 3072, 0, "interval"}},
  };
}

TEST(Forecast, IsArithmeticThatAReaderCanCheck) {
  for (const Row& row : table()) {
    SCOPED_TRACE(row.name);
    const Forecast forecast = core::forecast(row.plan, row.window, row.hosts);
    EXPECT_EQ(forecast.runs, row.expected.runs);
    EXPECT_EQ(forecast.calls_expected, row.expected.calls_expected);
    EXPECT_EQ(forecast.calls_at_worst, row.expected.calls_at_worst);
    EXPECT_EQ(forecast.output_tokens_expected, row.expected.output_tokens_expected);
    EXPECT_EQ(forecast.output_tokens_at_worst, row.expected.output_tokens_at_worst);
    EXPECT_EQ(forecast.runs_not_fitting, row.expected.runs_not_fitting);
    EXPECT_EQ(forecast.binding, row.expected.binding);
  }
}

// As walk_plan(), against the stub.
ProbePlan drill_of(DrillOf of) {
  ProbePlan plan = tests::walk_plan();
  plan.mode = Mode::drill;
  plan.drill.emplace();
  plan.drill->of = of;
  for (auto& route : plan.routes) {
    auto contract = std::make_shared<Contract>(*route->contract);
    contract->output_tokens_at_most = 16;
    auto dear = std::make_shared<Route>(*route);
    dear->contract = std::move(contract);
    route = std::move(dear);
  }
  return plan;
}

TEST(ForecastOfADrill, CountsCallsButNoTokensOfAnyProvider) {
  const Forecast walk = forecast(drill_of(DrillOf::walk), 24h, 1);
  EXPECT_EQ(walk.runs, 48U);
  EXPECT_EQ(walk.calls_at_worst, 48U * 4);
  EXPECT_EQ(walk.output_tokens_expected, 0U);
  EXPECT_EQ(walk.output_tokens_at_worst, 0U);
  EXPECT_EQ(attempts_at_most(drill_of(DrillOf::gateway)), 1U);
}

TEST(ForecastOfADrill, OfAClientIsNothing) {
  const Forecast client = forecast(drill_of(DrillOf::client), 24h, 3);
  EXPECT_EQ(client.runs, 0U);
  EXPECT_EQ(client.calls_at_worst, 0U);
  EXPECT_EQ(client.binding, "not_scheduled");
}

TEST(ForecastOfADrill, OfALiveProviderCountsItsTokens) {
  ProbePlan plan = drill_of(DrillOf::walk);
  plan.drill->live = LiveDrill::invalid_key;
  EXPECT_EQ(attempts_at_most(plan), 1U);
  EXPECT_EQ(output_tokens_at_most(plan), 16U);
}

}  // namespace
}  // namespace smokeledger::probes::core
