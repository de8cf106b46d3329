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

ProbePlan confirming(Milliseconds after) {
  ProbePlan plan = half_hourly();
  plan.schedule.confirm_after = after;
  return plan;
}

std::vector<Row> table() {
  return {
      {"a day", half_hourly(), 24h, 1, {48, 48, 192, 3072, "interval"}},
      {"an hour", half_hourly(), 1h, 1, {2, 2, 8, 128, "interval"}},
      {"a part of an interval holds one run", half_hourly(), 1min, 1, {1, 1, 4, 64, "interval"}},
      {"just over an hour", half_hourly(), 1h + 1ms, 1, {3, 3, 12, 192, "interval"}},
      {"direct mode never retries", direct(), 24h, 1, {48, 48, 48, 768, "interval"}},
      {"many hosts", half_hourly(), 24h, 10, {480, 480, 1920, 30720, "interval"}},
      {"the cap binds the worst case", capped(100), 24h, 1, {48, 48, 100, 1600, "calls_per_day"}},
      {"and the expected one", capped(20), 24h, 1, {48, 20, 20, 320, "calls_per_day"}},
      {"of each host", capped(20), 24h, 3, {144, 60, 60, 960, "calls_per_day"}},
      {"two whole days have two caps", capped(20), 48h, 1, {96, 40, 40, 640, "calls_per_day"}},
      {"an hour may lie in two days", capped(6), 1h, 1, {2, 2, 8, 128, "interval"}},
      {"a confirm run after each", confirming(15min), 24h, 1, {48, 48, 384, 6144, "interval"}},
      {"not below the minimum", confirming(1min), 24h, 1, {48, 48, 576, 9216, "interval"}},
      {"nor above the interval", confirming(1h), 24h, 1, {48, 48, 192, 3072, "interval"}},
  };
}

TEST(Forecast, IsArithmeticThatAReaderCanCheck) {
  for (const Row& row : table()) {
    SCOPED_TRACE(row.name);
    const Forecast forecast = core::forecast(row.plan, row.window, row.hosts);
    EXPECT_EQ(forecast.runs, row.expected.runs);
    EXPECT_EQ(forecast.calls_expected, row.expected.calls_expected);
    EXPECT_EQ(forecast.calls_at_worst, row.expected.calls_at_worst);
    EXPECT_EQ(forecast.output_tokens_at_worst, row.expected.output_tokens_at_worst);
    EXPECT_EQ(forecast.binding, row.expected.binding);
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
