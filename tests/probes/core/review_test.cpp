#include "probes/core/review.h"

#include <algorithm>
#include <limits>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using tests::morning;

Outcome uneventful() {
  Outcome outcome = tests::kept(1).outcome;
  outcome.check_result = CheckResult::pass;
  outcome.unresolved.clear();
  outcome.within_budget = WithinBudget::yes;
  return outcome;
}

Review review_of(std::uint64_t first, std::uint64_t last, std::string initials = "AB") {
  Review review;
  review.first_seq = first;
  review.last_seq = last;
  review.initials = std::move(initials);
  return review;
}

TEST(NeedsReview, AnythingButAnUneventfulKeepPrimary) {
  struct Case {
    const char* what;
    std::optional<ReviewReason> reason;
    void (*change)(Outcome&);
    std::optional<Decision> before{};
  };
  const std::vector<Case> cases{
      {"uneventful", std::nullopt, [](Outcome&) {}},
      {"uneventful again", std::nullopt, [](Outcome&) {}, Decision::keep_primary},
      {"after a fallback", ReviewReason::decision_changed, [](Outcome&) {}, Decision::use_fallback},
      {"a retry",
       ReviewReason::decision,
       [](Outcome& o) { o.decision = Decision::retry_primary; },
       Decision::retry_primary},
      {"a pause", ReviewReason::decision, [](Outcome& o) { o.decision = Decision::paused; }},
      {"open facts", ReviewReason::eventful, [](Outcome& o) { o.unresolved = {"a fact"}; }},
      {"not as expected",
       ReviewReason::eventful,
       [](Outcome& o) { o.check_result = CheckResult::fail; }},
      {"over its budget",
       ReviewReason::eventful,
       [](Outcome& o) { o.within_budget = WithinBudget::no; }},
      {"a drill that deviated",
       ReviewReason::drill_deviated,
       [](Outcome& o) {
         o.mode = Mode::drill;
         o.decision = Decision::escalate;
         o.check_result = CheckResult::fail;
       }},
  };
  for (const auto& one : cases) {
    Outcome outcome = uneventful();
    one.change(outcome);
    EXPECT_EQ(needs_review(outcome, one.before), one.reason) << one.what;
  }
}

class AQueue : public testing::Test {
 protected:
  void outcome(std::uint64_t seq, Decision decision, const std::string& probe = "chat-walk") {
    Outcome made = uneventful();
    made.decision = decision;
    made.probe = probe;
    note_outcome(queue_, seq, morning, made);
  }
  std::vector<std::pair<std::uint64_t, ReviewReason>> waiting() const {
    std::vector<std::pair<std::uint64_t, ReviewReason>> list;
    for (const auto& [seq, line] : queue_.waiting) list.emplace_back(seq, line.reason);
    return list;
  }

  ReviewQueue queue_;
};

TEST_F(AQueue, HoldsWhatNeedsAPersonUntilOneLooked) {
  outcome(1, Decision::keep_primary);
  outcome(3, Decision::escalate);
  outcome(5, Decision::keep_primary);
  outcome(7, Decision::keep_primary);
  EXPECT_THAT(
      waiting(),
      ElementsAre(Pair(3U, ReviewReason::decision), Pair(5U, ReviewReason::decision_changed)));
  note_review(queue_, review_of(5, 5));
  EXPECT_THAT(waiting(), ElementsAre(Pair(3U, ReviewReason::decision)));
  note_review(queue_, review_of(0, 9));
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(AQueue, ComparesAProbeWithItselfAndNotWithItsPauses) {
  outcome(1, Decision::use_fallback, "a");
  outcome(2, Decision::keep_primary, "b");
  outcome(3, Decision::paused, "a");
  outcome(4, Decision::keep_primary, "a");
  EXPECT_THAT(waiting(),
              ElementsAre(Pair(1U, ReviewReason::decision),
                          Pair(3U, ReviewReason::decision),
                          Pair(4U, ReviewReason::decision_changed)));
}

TEST_F(AQueue, GoesOnFromWhatASegmentCarries) {
  note_carried(queue_, "chat-walk", Decision::escalate);
  note_carried(queue_, "other", std::nullopt);
  outcome(9, Decision::keep_primary);
  EXPECT_THAT(waiting(), ElementsAre(Pair(9U, ReviewReason::decision_changed)));
}

TEST_F(AQueue, HoldsAChangedPolicyButNotTheFirstOneNorOneRepeated) {
  note_policy(queue_, 1, morning, "chat-walk", "one");
  note_policy(queue_, 2, morning, "chat-walk", "one");
  note_policy(queue_, 3, morning, "other", "two");
  EXPECT_THAT(waiting(), IsEmpty());
  note_policy(queue_, 4, morning, "chat-walk", "two");
  EXPECT_THAT(waiting(), ElementsAre(Pair(4U, ReviewReason::policy_changed)));
}

TEST_F(AQueue, CountsTheOldestWhereTheyAreTooManyToKeep) {
  for (std::uint64_t seq = 1; seq <= most_waiting + 10; ++seq) outcome(seq, Decision::escalate);
  EXPECT_EQ(queue_.waiting.size(), most_waiting);
  EXPECT_EQ(queue_.count(), most_waiting + 10);
  EXPECT_EQ(queue_.left_out, (LeftOut{10, 1, 10}));
  note_review(queue_, review_of(2, 10));
  EXPECT_EQ(queue_.count(), most_waiting + 10) << "one that was left out may be the first";
  note_review(queue_, review_of(1, 10));
  EXPECT_EQ(queue_.count(), most_waiting);
}

JoinedReview joined(std::uint64_t seq, Review review) {
  return {std::move(review), seq, {}};
}

std::string initials_of(const JoinedReview* found) {
  return found == nullptr ? "" : found->review.initials;
}

TEST(AChangedPolicy, WaitsUntilItsLineIsReviewed) {
  ReviewQueue queue;
  note_policy(queue, 1, {}, "chat-walk", "a");
  EXPECT_FALSE(policy_waits(queue, "chat-walk"));
  note_policy(queue, 7, {}, "chat-walk", "b");
  EXPECT_TRUE(policy_waits(queue, "chat-walk"));
  EXPECT_FALSE(policy_waits(queue, "chat-direct"));
  note_review(queue, review_of(7, 7));
  EXPECT_FALSE(policy_waits(queue, "chat-walk"));
}

TEST(JoinedReviews, ShowTheNewestOfThoseThatCoverALine) {
  JoinedReviews reviews;
  reviews.add(joined(102, review_of(18, 30, "CC")));
  reviews.add(joined(100, review_of(10, 20, "AA")));
  reviews.add(joined(103, review_of(40, 40, "DD")));
  reviews.add(joined(101, review_of(15, 15, "BB")));
  const std::map<std::uint64_t, std::string> expected{{9, ""},
                                                      {10, "AA"},
                                                      {14, "AA"},
                                                      {15, "BB"},
                                                      {16, "AA"},
                                                      {17, "AA"},
                                                      {18, "CC"},
                                                      {30, "CC"},
                                                      {31, ""},
                                                      {39, ""},
                                                      {40, "DD"},
                                                      {41, ""}};
  for (const auto& [seq, initials] : expected) {
    EXPECT_EQ(initials_of(reviews.of(seq)), initials) << seq;
  }
  const auto all = reviews.all_of(19);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(initials_of(all[0]) + initials_of(all[1]), "CCAA");
}

// Against a list that is searched from its end, whichever came first.
TEST(JoinedReviews, AreWhatALoopOverAllOfThemSays) {
  std::uint64_t seed = 7;
  const auto random = [&seed](std::uint64_t below) {
    seed = seed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (seed >> 33U) % below;
  };
  JoinedReviews reviews;
  std::map<std::uint64_t, Review> all;
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t first = random(60);
    const std::uint64_t at = 100 + random(1'000);
    const Review review = review_of(first, first + random(20), std::to_string(round));
    all.try_emplace(at, review);
    reviews.add(joined(at, review));
    for (std::uint64_t seq = 0; seq < 85; ++seq) {
      const auto newest = std::find_if(
          all.rbegin(), all.rend(), [seq](const auto& one) { return one.second.covers(seq); });
      ASSERT_EQ(initials_of(reviews.of(seq)), newest == all.rend() ? "" : newest->second.initials);
    }
  }
}

TEST(JoinedReviews, MayReachToTheLastNumberThereIs) {
  JoinedReviews reviews;
  reviews.add(joined(9, review_of(5, std::numeric_limits<std::uint64_t>::max())));
  EXPECT_EQ(reviews.of(4), nullptr);
  EXPECT_NE(reviews.of(std::numeric_limits<std::uint64_t>::max()), nullptr);
}

}  // namespace
}  // namespace smokeledger::probes::core
