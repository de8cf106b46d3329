#include "probes/core/schedule.h"

#include <random>

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

const Instant start{24h};
const Schedule half_hourly{.interval = 30min,
                           .jitter = 0.2,
                           .minimum_interval = 10min,
                           .backoff_cap = 4h,
                           .confirm_after = 0ms};

Progress ran_at(Instant when) {
  return {.last_attempt = when, .last_slot = when};
}

TEST(NextDue, SplaysAProbeThatNeverRanOverTheWholeInterval) {
  EXPECT_EQ(next_due(half_hourly, {}, start, {0.0}), start);
  EXPECT_EQ(next_due(half_hourly, {}, start, {0.5}), start + 15min);
  EXPECT_LT(next_due(half_hourly, {}, start, {0.999999}), start + 30min);
}

TEST(NextDue, LengthensTheIntervalByJitterAndNeverShortensIt) {
  EXPECT_EQ(next_due(half_hourly, ran_at(start), start, {0.0}), start + 30min);
  EXPECT_EQ(next_due(half_hourly, ran_at(start), start, {0.5}), start + 33min);
}

TEST(NextDue, DoublesAfterFailuresUpToTheCap) {
  EXPECT_EQ(effective_interval(half_hourly, 0), 30min);
  EXPECT_EQ(effective_interval(half_hourly, 1), 1h);
  EXPECT_EQ(effective_interval(half_hourly, 3), 4h);
  EXPECT_EQ(effective_interval(half_hourly, 4'000'000'000U), 4h);
  Schedule capped_below = half_hourly;
  capped_below.backoff_cap = 1min;
  EXPECT_EQ(effective_interval(capped_below, 5), 30min) << "never below the interval";
}

TEST(NextDue, DropsMissedSlotsAndKeepsThePhase) {
  const Instant now = start + 30min * 5 + 1min;
  EXPECT_EQ(next_due(half_hourly, ran_at(start), now, {0.0}), start + 30min * 6);
  EXPECT_EQ(next_due(half_hourly, ran_at(start), start + 30min, {0.0}), start + 30min)
      << "a slot that is due just now is not missed";
}

TEST(NextDue, LetsOneConfirmRunComeSoonerButNotBelowTheMinimum) {
  Schedule schedule = half_hourly;
  schedule.jitter = 0;
  schedule.confirm_after = 2min;
  Progress changed = ran_at(start);
  changed.confirm_wanted = true;
  EXPECT_EQ(next_due(schedule, changed, start, {0.0}), start + 10min);
  schedule.confirm_after = 12min;
  EXPECT_EQ(next_due(schedule, changed, start, {0.0}), start + 12min);
}

TEST(NextDue, AManualRunInBetweenMovesTheSlotBeyondTheMinimum) {
  Progress progress{.last_attempt = start + 25min, .last_slot = start};
  EXPECT_EQ(next_due(half_hourly, progress, start + 26min, {0.0}), start + 35min);
}

TEST(AllowedFrom, IsTheMinimumIntervalAfterTheLastAttempt) {
  EXPECT_EQ(allowed_from(half_hourly, {}, start), start);
  EXPECT_EQ(allowed_from(half_hourly, ran_at(start), start + 1min), start + 10min);
  EXPECT_EQ(allowed_from(half_hourly, ran_at(start), start + 11min), start + 11min);
}

TEST(NextDue, NeverUndercutsTheMinimumNorThePast) {
  const unsigned seed = 7;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> draw(0.0, 1.0);
  for (int i = 0; i < 50'000; ++i) {
    Schedule schedule;
    schedule.minimum_interval = Milliseconds{1 + random() % 1'000'000};
    schedule.interval = schedule.minimum_interval + Milliseconds{random() % 1'000'000};
    schedule.jitter = draw(random);
    schedule.backoff_cap = Milliseconds{random() % 10'000'000};
    schedule.confirm_after = Milliseconds{random() % 2'000'000};
    Progress progress;
    const Instant now{Milliseconds{random() % 10'000'000}};
    if (random() % 4 != 0) progress.last_slot = now - Milliseconds{random() % 5'000'000};
    if (random() % 4 != 0) progress.last_attempt = now - Milliseconds{random() % 5'000'000};
    progress.failures_in_a_row = static_cast<std::uint32_t>(random() % 40);
    progress.confirm_wanted = random() % 2 == 0;
    const Instant due = next_due(schedule, progress, now, {draw(random)});
    ASSERT_GE(due, now) << "seed " << seed << " case " << i;
    if (progress.last_attempt) {
      ASSERT_GE(due - *progress.last_attempt, schedule.minimum_interval) << "seed " << seed;
    }
  }
}

Stamp stamp(const char* wall, const char* boot_id, Milliseconds boot) {
  return {*parse_utc(wall), boot_id, Instant{boot}};
}

TEST(Restore, IsExactWithinOneBootWhateverTheWallClockDid) {
  const Stamp past = stamp("2026-11-21T08:00:00Z", "aaaaaaaa", 100s);
  const Stamp now = stamp("2030-01-01T00:00:00Z", "aaaaaaaa", 160s);
  EXPECT_EQ(restore(past, now), Instant{100s});
}

TEST(Restore, CountsAWholeSecondStampAsTheEndOfItsSecondAfterAReboot) {
  const Stamp past = stamp("2026-11-21T08:00:00Z", "aaaaaaaa", 5000s);
  const Stamp now = stamp("2026-11-21T08:01:00Z", "bbbbbbbb", 30s);
  EXPECT_EQ(restore(past, now), Instant{30s - 59s});
}

TEST(Restore, WaitsAFullIntervalWhenTheWallClockWentBackwards) {
  const Stamp past = stamp("2026-11-21T08:00:00Z", "aaaaaaaa", 5000s);
  const Stamp now = stamp("2026-11-20T08:00:00Z", "bbbbbbbb", 30s);
  EXPECT_EQ(restore(past, now), now.boot);
}

TEST(Restore, DoesNotTrustABootTimeFromTheFuture) {
  const Stamp past = stamp("2026-11-21T08:00:00Z", "aaaaaaaa", 5000s);
  const Stamp now = stamp("2026-11-21T08:01:00Z", "aaaaaaaa", 30s);
  EXPECT_LE(restore(past, now), now.boot);
}

}  // namespace
}  // namespace smokeledger::probes::core
