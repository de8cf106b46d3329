#include "probes/core/review_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using testing::SizeIs;
using tests::morning;

class TheQueueOfALedger : public testing::Test {
 protected:
  void line(const Line& line) {
    fold(queue_, line, ++seq_, morning);
    fold(state_, line, morning);
  }
  void review_up_to(std::uint64_t last) {
    ReviewLine reviewed;
    reviewed.review.first_seq = 1;
    reviewed.review.last_seq = last;
    line(reviewed);
  }
  // What a restart knows that reads the last segment alone.
  ReviewQueue after_rotation() const {
    ReviewQueue again;
    std::uint64_t seq = seq_;
    for (const auto& carried : core::carry_lines(state_)) fold(again, carried, ++seq, morning);
    for (const auto& carried : carry_lines(queue_)) fold(again, carried, ++seq, morning);
    for (const auto& policy : policies_) fold(again, policy, ++seq, morning);
    return again;
  }
  void policy(const std::string& sha256) {
    policies_ = {PolicyLine{"chat-walk", sha256, "{}"}};
    line(policies_.front());
  }

  ReviewQueue queue_;
  State state_;
  std::uint64_t seq_ = 0;
  std::vector<PolicyLine> policies_;
};

TEST_F(TheQueueOfALedger, IsTheSameAfterARotation) {
  policy("one");
  EXPECT_EQ(after_rotation(), queue_);
  for (std::uint32_t run = 1; run <= 150; ++run) {
    line(tests::failed(run));
    line(tests::kept(run));
  }
  policy("two");
  EXPECT_EQ(queue_.count(), 301U);
  EXPECT_THAT(carry_lines(queue_), SizeIs(6));
  EXPECT_EQ(after_rotation(), queue_);
  review_up_to(200);
  EXPECT_EQ(after_rotation(), queue_);
  review_up_to(seq_);
  EXPECT_EQ(queue_.count(), 0U);
  EXPECT_THAT(carry_lines(queue_), SizeIs(0));
  EXPECT_EQ(after_rotation(), queue_);
}

TEST_F(TheQueueOfALedger, TellsHowManyItLeftOut) {
  policy("one");
  for (std::uint32_t run = 1; run <= most_waiting + 5; ++run) line(tests::failed(run));
  EXPECT_EQ(queue_.count(), most_waiting + 5);
  EXPECT_EQ(after_rotation(), queue_);
}

}  // namespace
}  // namespace smokeledger::probes::core
