#include "daemon/commands/progress_bar.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon::commands {
namespace {

constexpr std::uint64_t gib = 1ULL << 30U;

std::string drawn(bool on_terminal, std::uint64_t all) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{out, err, false, {}, 0, on_terminal};
  {
    ProgressBar bar(context);
    for (std::uint64_t done = 0; done <= 4; ++done) bar.show(all * done / 4, all);
    bar.show(all, all);
  }
  EXPECT_EQ(out.str(), "");
  return err.str();
}

TEST(ProgressBar, IsDrawnOverAndLeavesNothingBehind) {
  EXPECT_EQ(drawn(true, gib),
            "\r[##########..............................] 25 % of 1024 MiB"
            "\r[####################....................] 50 % of 1024 MiB"
            "\r[##############################..........] 75 % of 1024 MiB"
            "\r[########################################] 100 % of 1024 MiB"
            "\r\x1B[K");
}

TEST(ProgressBar, IsForATerminalAndForWhatTakesAWhile) {
  EXPECT_EQ(drawn(false, gib), "");
  EXPECT_EQ(drawn(true, 1'000'000), "");
}

}  // namespace
}  // namespace smokeledger::daemon::commands
