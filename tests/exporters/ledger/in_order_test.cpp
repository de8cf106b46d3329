#include "exporters/ledger/in_order.h"

#include <atomic>
#include <chrono>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

using exporters::ledger::in_order;

TEST(InOrder, products_are_taken_in_order_whoever_is_done_first) {
  std::vector<std::size_t> taken;
  const auto work = [](std::size_t index) {
    std::this_thread::sleep_for(std::chrono::microseconds(index % 7 * 100));
    return index;
  };
  in_order(200, work, [&](std::size_t product) {
    taken.push_back(product);
    return true;
  });
  std::vector<std::size_t> all(200);
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_EQ(taken, all);
}

TEST(InOrder, nothing_more_is_begun_once_enough_was_taken) {
  std::atomic<std::size_t> begun = 0;
  std::size_t taken = 0;
  in_order(
      100'000,
      [&](std::size_t index) { return ++begun, index; },
      [&](std::size_t) { return ++taken < 10; });
  EXPECT_EQ(taken, 10U);
  EXPECT_LE(begun, 10 + 2 * std::max(1U, std::thread::hardware_concurrency()));
}

TEST(InOrder, few_products_wait_for_a_slow_taker) {
  std::atomic<std::size_t> made = 0;
  std::size_t taken = 0;
  std::size_t most = 0;
  in_order(
      100,
      [&](std::size_t index) { return ++made, index; },
      [&](std::size_t) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        most = std::max(most, made - ++taken);
        return true;
      });
  EXPECT_LE(most, 2 * std::max(1U, std::thread::hardware_concurrency()));
}

TEST(InOrder, of_nothing_takes_nothing) {
  in_order(
      0,
      [](std::size_t index) { return index; },
      [](std::size_t) {
        ADD_FAILURE();
        return true;
      });
}

}  // namespace
}  // namespace smokeledger::tests
