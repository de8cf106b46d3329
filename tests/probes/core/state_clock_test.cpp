// What a wall clock that moves may do to the fold: days, caps and the last attempt.
#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using tests::attempt_line;
using tests::morning;

const ProbeState& probe_in(const State& state) {
  return state.probes.at("chat-walk");
}

AttemptLine attempt_at(WallTime when, const std::string& id) {
  AttemptLine line = attempt_line(1, 1);
  line.check_id = id;
  line.stamp.wall = when;
  return line;
}

TEST(AWallClockThatWentBack, BeginsNoDayAnewForCheckIds) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-007"), morning);
  fold(state, attempt_at(morning - 24h, "chat-walk-20261121-008"), morning - 24h);
  EXPECT_EQ(probe_in(state).day, "20261121");
  EXPECT_EQ(probe_in(state).runs_today, 8U);
}

TEST(AWallClockThatWentBack, DuringARunDoesNotHideTheIdOfThatRun) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-001"), morning - 24h);
  EXPECT_EQ(probe_in(state).day, "20261121");
  EXPECT_EQ(probe_in(state).runs_today, 1U);
}

TEST(AnOlderCheckId, DoesNotCountOnTheNewestDay) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-002"), morning);
  fold(state, OutcomeLine{tests::kept(40).outcome}, morning);
  EXPECT_EQ(probe_in(state).runs_today, 40U);
  OutcomeLine older = tests::kept(99);
  older.outcome.check_id = "chat-walk-20261120-099";
  fold(state, older, morning);
  EXPECT_EQ(probe_in(state).runs_today, 40U);
}

TEST(CallsOfADay, AreThoseOfTheDayOfTheLastAttempt) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-001"), morning);
  fold(state, attempt_at(morning + 1h, "chat-walk-20261121-002"), morning + 1h);
  EXPECT_EQ(probe_in(state).calls_today, 2U);
  fold(state, attempt_at(morning + 24h, "chat-walk-20261122-001"), morning + 24h);
  EXPECT_EQ(probe_in(state).calls_today, 1U);
}

TEST(AStepForward, MovesTheLastAttemptAlongAndASecondMore) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-001"), morning);
  const AttemptLine open = probe_in(state).open_run->last;
  fold(state, ClockStepLine{7'200'500}, morning + 2h);
  EXPECT_EQ(probe_in(state).last_attempt->wall, morning + 2h + 2s);
  EXPECT_EQ(probe_in(state).last_attempt->boot, attempt_line(1, 1).stamp.boot);
  EXPECT_EQ(probe_in(state).open_run->last, open) << "evidence of when is not touched";
}

TEST(AStepBack, LeavesTheLastAttemptInTheFutureSoThatARestartWaits) {
  State state;
  fold(state, attempt_at(morning, "chat-walk-20261121-001"), morning);
  fold(state, ClockStepLine{-7'200'000}, morning - 2h);
  EXPECT_EQ(probe_in(state).last_attempt->wall, morning);
}

}  // namespace
}  // namespace smokeledger::probes::core
