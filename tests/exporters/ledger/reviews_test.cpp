#include "exporters/ledger/reviews.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Small segments with an outcome and some with a review of an earlier one.
class ReviewedLedger : public ::testing::Test {
 protected:
  ReviewedLedger() {
    auto options = options_in(dir_.path());
    options.segment_bytes = 6'000;
    ledger_ = Ledger::open(options).value();
  }

  std::uint64_t add(core::Line line) {
    const std::vector<core::Line> lines{std::move(line)};
    return ledger_->append(lines, at(noon)).value().back().seq();
  }
  std::uint64_t add_outcome() { return add(core::OutcomeLine{outcome_of("chat-walk", 1)}); }
  std::uint64_t review(std::uint64_t first, std::uint64_t last, const std::string& initials) {
    core::Review review;
    review.first_seq = first;
    review.last_seq = last;
    review.initials = initials;
    return add(core::ReviewLine{review});
  }
  std::string initials_of(const core::JoinedReviews& reviews, std::uint64_t seq) const {
    const auto* const found = reviews.of(seq);
    return found == nullptr ? "" : found->review.initials;
  }

  ScratchDir dir_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(ReviewedLedger, joins_the_newest_review_of_each_line_over_all_segments) {
  std::vector<std::uint64_t> outcomes;
  for (int i = 0; i < 12; ++i) outcomes.push_back(add_outcome());
  review(outcomes[0], outcomes[5], "AA");
  for (int i = 0; i < 12; ++i) outcomes.push_back(add_outcome());
  review(outcomes[3], outcomes[3], "BB");
  ASSERT_GT(ledger::list_segments(dir_.path())->size(), 3U);
  const auto reviews = ledger::reviews(dir_.path()).value();
  EXPECT_EQ(initials_of(reviews, outcomes[0]), "AA");
  EXPECT_EQ(initials_of(reviews, outcomes[3]), "BB");
  EXPECT_EQ(initials_of(reviews, outcomes[5]), "AA");
  EXPECT_EQ(initials_of(reviews, outcomes[6]), "");
  EXPECT_EQ(reviews.all_of(outcomes[3]).size(), 2U);
}

TEST_F(ReviewedLedger, gives_them_a_stretch_at_a_time_too) {
  std::vector<std::uint64_t> seqs;
  for (int i = 0; i < 5; ++i) {
    const auto outcome = add_outcome();
    seqs.push_back(review(outcome, outcome, "AB"));
  }
  auto back = ledger::ReviewsBack::open(dir_.path()).value();
  std::vector<std::uint64_t> found;
  while (true) {
    auto some = back.next().value();
    if (!some) break;
    for (const auto& joined : *some) found.push_back(joined.seq);
  }
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(seqs));
}

TEST_F(ReviewedLedger, says_in_each_seal_how_many_reviews_its_segment_holds) {
  review(1, 1, "AA");
  review(1, 1, "BB");
  for (int i = 0; i < 12; ++i) add_outcome();
  review(1, 1, "CC");
  auto reader = ledger::Reader::open(dir_.path(), ledger::Reader::From::last_segment).value();
  ASSERT_GT(reader.passed().size(), 2U);
  EXPECT_EQ(reader.passed().front().reviews, 2U);
  EXPECT_EQ(reader.passed().back().reviews, 0U);
  EXPECT_FALSE(ledger::verify(dir_.path())->problem);
}

TEST_F(ReviewedLedger, keeps_what_waits_for_a_review_over_segments_and_starts) {
  const auto first = add_outcome();  // use_fallback: it waits
  for (int i = 0; i < 12; ++i) add_outcome();
  EXPECT_EQ(ledger_->reviews().count(), 13U);
  review(first, first, "AA");
  const core::ReviewQueue before = ledger_->reviews();
  EXPECT_EQ(before.count(), 12U);
  ledger_.reset();
  ledger_ = Ledger::open(options_in(dir_.path())).value();
  EXPECT_EQ(ledger_->reviews().waiting, before.waiting);
}

TEST_F(ReviewedLedger, is_not_joined_where_a_review_was_changed) {
  review(1, 1, "AA");
  ledger_.reset();
  const auto path = ledger::list_segments(dir_.path())->back().path;
  std::string bytes = read_bytes(path);
  bytes.replace(bytes.find("\"AA\""), 4, "\"AB\"");
  write_bytes(path, bytes);
  const auto reviews = ledger::reviews(dir_.path());
  ASSERT_FALSE(reviews);
  EXPECT_EQ(reviews.error().kind, ledger::LedgerErrorKind::corrupt);
}

}  // namespace
}  // namespace smokeledger::tests
