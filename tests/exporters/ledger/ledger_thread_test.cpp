#include "exporters/ledger/ledger_thread.h"

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerRecord;
using ledger::LedgerThread;
using Answer = ledger::Result<std::vector<LedgerRecord>>;

std::unique_ptr<Ledger> ledger_on(const std::filesystem::path& dir, FaultyDisk& disk) {
  auto options = options_in(dir);
  options.open_file = disk.opener();
  options.segment_bytes = 200'000;
  return Ledger::open(options).value();
}

TEST(LedgerThread, makes_one_commit_of_all_that_waits) {
  const ScratchDir dir;
  FaultyDisk disk({});
  std::uint64_t before = 0;
  {
    // Outlive the thread, which may still be looking at them when it is let go.
    std::latch first_is_done(1);
    std::latch may_go_on(1);
    LedgerThread thread(ledger_on(dir.path(), disk));
    thread.append({core::ClockStepLine{1}}, at(noon), [&](Answer) {
      first_is_done.count_down();
      may_go_on.wait();
    });
    first_is_done.wait();
    before = disk.syncs();
    for (std::uint32_t number = 1; number <= 5; ++number) {
      thread.append(run_of("chat-walk", number), at(noon), [number](Answer records) {
        ASSERT_TRUE(records);
        ASSERT_EQ(records->size(), 2U);
        EXPECT_EQ(records->front().seq(), 2U * number);
      });
    }
    may_go_on.count_down();
  }
  EXPECT_EQ(disk.syncs(), before + 1);
  EXPECT_EQ(ledger::verify(dir.path()).value().lines, 12U);
}

TEST(LedgerThread, answers_each_of_many_producers_with_its_own_records) {
  const ScratchDir dir;
  FaultyDisk disk({});
  constexpr std::uint32_t producers = 4;
  constexpr std::uint32_t runs = 25;
  std::atomic<std::uint32_t> answered = 0;
  {
    LedgerThread thread(ledger_on(dir.path(), disk));
    std::vector<std::thread> threads;
    for (std::uint32_t producer = 0; producer < producers; ++producer) {
      threads.emplace_back([&, producer] {
        const std::string probe = "probe-" + std::to_string(producer);
        for (std::uint32_t number = 1; number <= runs; ++number) {
          const auto lines = run_of(probe, number);
          thread.append(lines, at(noon), [&, lines](Answer records) {
            ASSERT_TRUE(records);
            ASSERT_EQ(records->size(), 2U);
            EXPECT_EQ(records->at(0).line(), lines[0]);
            EXPECT_EQ(records->at(1).line(), lines[1]);
            ++answered;
          });
        }
      });
    }
    for (auto& thread_of_producer : threads) thread_of_producer.join();
  }
  EXPECT_EQ(answered, producers * runs) << "the destructor finishes what is queued";
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_FALSE(verified.problem);
  EXPECT_GE(verified.lines, 1 + 2 * producers * runs);
}

TEST(LedgerThread, writes_policies_in_the_order_they_came_between_appends) {
  const ScratchDir dir;
  FaultyDisk disk({});
  std::promise<Answer> policies;
  std::promise<Answer> behind;
  LedgerThread thread(ledger_on(dir.path(), disk));
  thread.append(run_of("chat-walk", 1), at(noon), [](Answer) {});
  thread.use_policies({sample_policy()}, at(noon), [&](Answer done) { policies.set_value(done); });
  thread.append(run_of("chat-walk", 2), at(noon), [&](Answer done) { behind.set_value(done); });
  EXPECT_TRUE(policies.get_future().get().value().empty());
  EXPECT_EQ(behind.get_future().get().value().front().seq(), 4U);
}

TEST(LedgerThread, tells_everyone_when_the_disk_fails) {
  const ScratchDir dir;
  FaultyDisk disk({6, 10});  // open: write, sync; one append: write, sync; then a failing sync
  std::vector<bool> answers;
  {
    LedgerThread thread(ledger_on(dir.path(), disk));
    for (std::uint32_t number = 1; number <= 3; ++number) {
      std::promise<void> done;
      thread.append(run_of("chat-walk", number), at(noon), [&](Answer records) {
        answers.push_back(records.has_value());
        done.set_value();
      });
      done.get_future().wait();
    }
  }
  EXPECT_THAT(answers, ::testing::ElementsAre(true, false, false));
  EXPECT_EQ(disk.calls_after_failure(), 0U);
}

}  // namespace
}  // namespace smokeledger::tests
