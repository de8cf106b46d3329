#include "probes/core/quiet_window.h"

#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using enum Weekday;

QuietWindow window(std::chrono::minutes from, std::chrono::minutes to, std::vector<Weekday> days) {
  QuietWindow made{.name = "w", .time_zone = "UTC", .from = from, .to = to};
  for (const Weekday day : days) made.days[static_cast<std::size_t>(day)] = true;
  return made;
}

struct Moment {
  Weekday day;
  std::chrono::minutes of_day;
  bool open;
};

void expect_moments(const QuietWindow& of, const std::vector<Moment>& moments) {
  for (const Moment& moment : moments) {
    EXPECT_EQ(is_open(of, {moment.day, moment.of_day}), moment.open)
        << word(moment.day) << ' ' << moment.of_day.count();
  }
}

TEST(QuietWindow, OfOneDayHoldsItsFirstMinuteAndNotItsLast) {
  expect_moments(window(9h, 17h, {mon, fri}),
                 {{mon, 8h + 59min, false},
                  {mon, 9h, true},
                  {mon, 16h + 59min, true},
                  {mon, 17h, false},
                  {tue, 12h, false},
                  {fri, 12h, true}});
}

TEST(QuietWindow, OverMidnightBelongsToTheDayOnWhichItBegins) {
  expect_moments(window(22h, 6h, {sun}),
                 {{sun, 21h + 59min, false},
                  {sun, 22h, true},
                  {sun, 23h + 59min, true},
                  {mon, 0min, true},
                  {mon, 5h + 59min, true},
                  {mon, 6h, false},
                  {mon, 22h, false},
                  {sun, 3h, false}});
}

TEST(QuietWindow, ThatEndsWhereItBeginsLastsADay) {
  expect_moments(window(0min, 0min, {sat}),
                 {{fri, 23h, false}, {sat, 0min, true}, {sat, 23h, true}, {sun, 0min, false}});
  expect_moments(window(12h, 12h, {sat}),
                 {{sat, 11h, false}, {sat, 12h, true}, {sun, 11h, true}, {sun, 12h, false}});
}

}  // namespace
}  // namespace smokeledger::probes::core
