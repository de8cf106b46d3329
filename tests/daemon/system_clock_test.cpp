#include "daemon/system_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Notes words, in the order in which timers fire, and that none fires before its instant.
struct Watch {
  SystemClock::TimerId at(core::Milliseconds after, const std::string& word) {
    const core::Instant when = clock.now() + after;
    return clock.at(when, [this, when, word] {
      EXPECT_GE(clock.now(), when) << word;
      fired.push_back(word);
    });
  }

  boost::asio::io_context io{1};
  SystemClock clock{io};
  std::vector<std::string> fired;
};

TEST(SystemClock, FiresInTheOrderOfInstantsNeverFromInsideTheCall) {
  Watch watch;
  watch.at(30ms, "later");
  watch.at(10ms, "soon");
  watch.at(-1h, "past");
  EXPECT_THAT(watch.fired, IsEmpty());
  watch.io.run();
  EXPECT_THAT(watch.fired, ElementsAre("past", "soon", "later"));
}

TEST(SystemClock, FiresOneInstantInTheOrderOfMaking) {
  Watch watch;
  const core::Instant when = watch.clock.now() + 5ms;
  for (const char* word : {"first", "second", "third"}) {
    watch.clock.at(when, [&watch, word] { watch.fired.emplace_back(word); });
  }
  watch.io.run();
  EXPECT_THAT(watch.fired, ElementsAre("first", "second", "third"));
}

TEST(SystemClock, DoesNotFireWhatWasCancelled) {
  Watch watch;
  const auto first = watch.at(5ms, "first");
  watch.at(10ms, "second");
  watch.clock.cancel(first);
  watch.clock.cancel(first);
  watch.clock.cancel(12345);
  watch.io.run();
  EXPECT_THAT(watch.fired, ElementsAre("second"));
}

TEST(SystemClock, LetsACallbackCancelOthersThatAreDueInTheSameTurn) {
  Watch watch;
  SystemClock::TimerId doomed = 0;
  const core::Instant when = watch.clock.now() + 5ms;
  watch.clock.at(when, [&] {
    watch.clock.cancel(doomed);
    watch.fired.emplace_back("first");
  });
  doomed = watch.clock.at(when, [&] { watch.fired.emplace_back("doomed"); });
  watch.clock.at(when, [&] { watch.fired.emplace_back("last"); });
  watch.io.run();
  EXPECT_THAT(watch.fired, ElementsAre("first", "last"));
}

TEST(SystemClock, LetsACallbackAddOthersEarlierThanThoseThatWait) {
  Watch watch;
  watch.at(60ms, "last");
  watch.clock.at(watch.clock.now(), [&] {
    watch.fired.emplace_back("first");
    watch.at(5ms, "between");
  });
  watch.io.run();
  EXPECT_THAT(watch.fired, ElementsAre("first", "between", "last"));
}

TEST(SystemClock, IsArmedAnewForAnEarlierTimer) {
  Watch watch;
  const auto far = watch.at(1h, "far");
  watch.at(5ms, "near");
  watch.io.run_one();
  while (watch.fired.empty()) watch.io.run_one();
  EXPECT_THAT(watch.fired, ElementsAre("near"));
  watch.clock.cancel(far);
}

TEST(SystemClock, FiresNothingAfterCancelAll) {
  Watch watch;
  watch.at(5ms, "first");
  watch.at(1h, "second");
  watch.clock.cancel_all();
  watch.io.run();  // returns: nothing is left
  EXPECT_THAT(watch.fired, IsEmpty());
}

TEST(SystemClock, StampsBothKindsOfTimeAndTheBoot) {
  Watch watch;
  const core::Stamp stamp = watch.clock.stamp();
  const core::Stamp without_clock = system_stamp();
  EXPECT_EQ(stamp.boot_id, without_clock.boot_id);
  EXPECT_TRUE(stamp.boot_id.empty() || stamp.boot_id.size() == 8) << stamp.boot_id;
  EXPECT_LE(stamp.boot, without_clock.boot);
  EXPECT_GT(stamp.wall, *core::parse_utc("2024-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace smokeledger::daemon
