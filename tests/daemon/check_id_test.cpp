#include "daemon/check_id.h"

#include <gtest/gtest.h>

#include "tests/support/lines.h"

namespace smokeledger::daemon {
namespace {

const core::WallTime noon = *core::parse_utc("2026-11-21T12:00:00Z");

core::State after(const std::string& day, std::uint32_t runs) {
  core::State state;
  state.probes["a"].day = day;
  state.probes["a"].runs_today = runs;
  return state;
}

TEST(CheckId, CountsTheRunsOfAProbesDay) {
  EXPECT_EQ(next_check_id({}, "a", noon), "a-20261121-001");
  EXPECT_EQ(next_check_id(after("20261121", 41), "a", noon), "a-20261121-042");
  EXPECT_EQ(next_check_id(after("20261121", 999), "a", noon), "a-20261121-1000");
  EXPECT_EQ(next_check_id(after("20261120", 7), "a", noon), "a-20261121-001");
  EXPECT_EQ(next_check_id(after("20261121", 7), "b", noon), "b-20261121-001");
}

TEST(CheckId, GoesOnWithTheNewestDayWhenTheWallClockWentBack) {
  EXPECT_EQ(next_check_id(after("20261122", 7), "a", noon), "a-20261122-008");
}

}  // namespace
}  // namespace smokeledger::daemon
