#include "daemon/projections.h"

#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::daemon {
namespace {

TEST(Projections, DoWhatIsQueuedInOrderBeforeTheyEnd) {
  std::vector<int> done;
  {
    Projections projections("0.1.0");
    for (int i = 0; i < 1000; ++i) {
      projections.post([&done, i](const auto&) { done.push_back(i); });
    }
  }
  ASSERT_EQ(done.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(Projections, WorkOnOneThreadOfTheirOwnThatNeverBlocksTheCaller) {
  Projections projections("0.1.0");
  std::promise<void> gate;
  std::promise<std::thread::id> first;
  std::promise<std::thread::id> second;
  projections.post([&](const auto&) {
    gate.get_future().wait();
    first.set_value(std::this_thread::get_id());
  });
  projections.post([&](const auto&) { second.set_value(std::this_thread::get_id()); });
  gate.set_value();  // reached although the first is not done
  const auto id = first.get_future().get();
  EXPECT_EQ(id, second.get_future().get());
  EXPECT_NE(id, std::this_thread::get_id());
}

TEST(Projections, TakeWorkFromManyThreads) {
  int done = 0;
  {
    Projections projections("0.1.0");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 200; ++n) projections.post([&](const auto&) { ++done; });
      });
    }
  }
  EXPECT_EQ(done, 800);
}

}  // namespace
}  // namespace smokeledger::daemon
