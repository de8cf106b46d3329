#include "probes/core/time.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

TEST(Utc, WritesAndReadsTheSameSecond) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2026-11-21T08:30:05Z", "2024-02-29T23:59:59Z"}) {
    const auto time = parse_utc(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_utc(*time), text);
  }
}

TEST(Utc, RefusesEveryOtherForm) {
  for (const char* text : {"",
                           "2026-11-21",
                           "2026-11-21T08:30:05",
                           "2026-11-21 08:30:05Z",
                           "2026-13-01T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-11-21T24:00:00Z",
                           "2026-11-21T08:60:00Z",
                           "2026-11-21T08:30:60Z",
                           "2026-11-21T08:30:0xZ",
                           "+026-11-21T08:30:05Z"}) {
    EXPECT_FALSE(parse_utc(text)) << text;
  }
}

TEST(Utc, DayIsTheDateOfTheInstant) {
  EXPECT_EQ(utc_day(*parse_utc("2026-11-21T23:59:59Z")), "20261121");
  EXPECT_EQ(utc_day(*parse_utc("2026-11-21T23:59:59Z") + 1s), "20261122");
}

TEST(Duration, ReadsWhatItWrites) {
  for (const Milliseconds duration : {Milliseconds{0},
                                      Milliseconds{250},
                                      Milliseconds{90s},
                                      Milliseconds{90min},
                                      Milliseconds{26h},
                                      Milliseconds{1h + 1ms}}) {
    EXPECT_EQ(parse_duration(format_duration(duration)), duration) << format_duration(duration);
  }
  EXPECT_EQ(parse_duration("1h30m"), Milliseconds{90min});
  EXPECT_EQ(parse_duration("500ms"), Milliseconds{500});
}

TEST(Moment, IsUtcOrADurationBackFromNow) {
  const WallTime now = *parse_utc("2026-11-21T12:00:00Z");
  EXPECT_EQ(parse_moment("2026-11-20T08:00:00Z", now), parse_utc("2026-11-20T08:00:00Z"));
  EXPECT_EQ(parse_moment("-1h30m", now), now - 90min);
  EXPECT_EQ(parse_moment("-0s", now), now);
  for (const char* text : {"", "-", "24h", "--24h", "-24", "now", "2026-11-20"}) {
    EXPECT_FALSE(parse_moment(text, now)) << text;
  }
}

TEST(Duration, RefusesWhatHasNoUnitOrNoNumber) {
  for (const char* text : {"",
                           "5",
                           "h",
                           "-5m",
                           "5 m",
                           "5min",
                           "1.5h",
                           "99999999999999999999s",
                           "9999999999999d",
                           "5m3"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
