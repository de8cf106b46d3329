#include "daemon/config/time_zone.h"

#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::daemon::config {
namespace {

using namespace std::chrono_literals;
namespace core = probes::core;
using core::Weekday;

struct Moment {
  const char* zone;
  const char* utc;
  Weekday weekday;
  std::chrono::minutes of_day;
};

TEST(LocalTime, IsWhatTheClockOnTheWallShows) {
  const std::vector<Moment> moments{
      {"UTC", "2026-11-22T03:04:59Z", Weekday::sun, 3h + 4min},
      {"Asia/Kolkata", "2026-11-22T20:00:00Z", Weekday::mon, 1h + 30min},
      {"America/New_York", "2026-11-22T03:00:00Z", Weekday::sat, 22h},
      {"Pacific/Kiritimati", "2026-12-31T10:00:00Z", Weekday::fri, 0min},
  };
  for (const Moment& row : moments) {
    EXPECT_EQ(local_time(row.zone, *core::parse_utc(row.utc)),
              (core::LocalTime{row.weekday, row.of_day}))
        << row.zone;
  }
}

TEST(LocalTime, LeavesOutTheHourThatSpringTakesAndHasTheOneOfAutumnTwice) {
  const auto berlin = [](const char* utc) {
    return local_time("Europe/Berlin", *core::parse_utc(utc)).of_day;
  };
  EXPECT_EQ(berlin("2026-03-29T00:59:59Z"), 1h + 59min);
  EXPECT_EQ(berlin("2026-03-29T01:00:00Z"), 3h);
  EXPECT_EQ(berlin("2026-10-25T00:30:00Z"), 2h + 30min);
  EXPECT_EQ(berlin("2026-10-25T01:30:00Z"), 2h + 30min);
  EXPECT_EQ(berlin("2026-10-25T02:00:00Z"), 3h);
}

// A window keeps its hours on the wall, so in UTC it moves.
TEST(LocalTime, MovesAWindowAlongWithDaylightSaving) {
  core::QuietWindow window{.name = "night", .time_zone = "Europe/Berlin", .from = 22h, .to = 23h};
  window.days.fill(true);
  const auto open = [&](const char* utc) {
    return core::is_open(window, local_time(window.time_zone, *core::parse_utc(utc)));
  };
  EXPECT_TRUE(open("2026-07-01T20:30:00Z"));
  EXPECT_FALSE(open("2026-07-01T21:30:00Z"));
  EXPECT_FALSE(open("2026-12-01T20:30:00Z"));
  EXPECT_TRUE(open("2026-12-01T21:30:00Z"));
}

TEST(TimeZone, IsAnIanaNameAndNoPath) {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+5"}) {
    EXPECT_TRUE(is_time_zone(name)) << name;
  }
  for (const char* name : {"",
                           "Europe",
                           "Europe/Atlantis",
                           "europe/berlin",
                           "../Europe/Berlin",
                           "/usr/share/zoneinfo/UTC",
                           "/etc/passwd",
                           "Europe/Berlin ",
                           "Europe//Berlin"}) {
    EXPECT_FALSE(is_time_zone(name)) << name;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
