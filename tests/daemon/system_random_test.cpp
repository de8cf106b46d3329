#include "daemon/system_random.h"

#include <set>

#include <gtest/gtest.h>

namespace smokeledger::daemon {
namespace {

TEST(SystemRandom, DrawsFromZeroUpToButNotOne) {
  SystemRandom random;
  std::set<double> seen;
  for (int i = 0; i < 1000; ++i) {
    const double value = random.draw().value;
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
    seen.insert(value);
  }
  EXPECT_GT(seen.size(), 990U);
}

TEST(SystemRandom, IsAnotherOneInEveryProcess) {
  SystemRandom one;
  SystemRandom other;
  bool differ = false;
  for (int i = 0; i < 10; ++i) differ = differ || one.draw().value != other.draw().value;
  EXPECT_TRUE(differ);
}

}  // namespace
}  // namespace smokeledger::daemon
