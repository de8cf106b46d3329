#include "probes/core/contract_review.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using std::chrono::days;

WallTime at(std::string_view utc) {
  return *parse_utc(utc);
}

Contract accessed_on(std::string day) {
  Contract contract;
  contract.family = EndpointFamily::responses;
  contract.accessed = std::move(day);
  return contract;
}

ContractReviews reviewed_at(EndpointFamily family, std::string_view utc) {
  return {{family, {family, "responses/2026-01-01+0123456789ab", "AB", std::nullopt, at(utc)}}};
}

TEST(Initials, AreTwoToFourCapitalLetters) {
  for (const char* good : {"AB", "ABC", "ABCD"}) EXPECT_TRUE(is_initials(good)) << good;
  for (const char* bad : {"", "A", "ABCDE", "ab", "A1", "A B", "A\xC3\x84"}) {
    EXPECT_FALSE(is_initials(bad)) << bad;
  }
}

TEST(ReviewDate, IsTheAccessedDayUntilAPersonReviewsTheFamily) {
  const Contract contract = accessed_on("2026-07-04");
  EXPECT_EQ(review_date(contract, {}), at("2026-07-04T00:00:00Z"));
  const auto other = reviewed_at(EndpointFamily::messages, "2026-08-01T10:00:00Z");
  EXPECT_EQ(review_date(contract, other), at("2026-07-04T00:00:00Z"));
}

TEST(ReviewDate, IsTheNewerOfTheTwoWhateverVersionWasReviewed) {
  const auto review = reviewed_at(EndpointFamily::responses, "2026-08-01T10:00:00Z");
  EXPECT_EQ(review_date(accessed_on("2026-07-04"), review), at("2026-08-01T10:00:00Z"));
  EXPECT_EQ(review_date(accessed_on("2026-08-01"), review), at("2026-08-01T10:00:00Z"));
  EXPECT_EQ(review_date(accessed_on("2026-08-02"), review), at("2026-08-02T00:00:00Z"));
}

TEST(ReviewDate, OfAnUnreadableDayIsLongAgo) {
  EXPECT_EQ(review_date(accessed_on(""), {}), WallTime{});
}

TEST(ReviewAge, IsWholeDaysWhateverTheTimeOfDay) {
  struct Case {
    const char* reviewed;
    const char* now;
    std::int64_t age;
  };
  const Case cases[] = {
      {"2026-07-04T00:00:00Z", "2026-07-04T23:59:59Z", 0},
      {"2026-07-04T23:59:59Z", "2026-07-05T00:00:00Z", 1},
      {"2026-07-04T00:00:00Z", "2026-12-31T23:59:59Z", 180},
      {"2026-07-04T00:00:00Z", "2027-01-01T00:00:00Z", 181},
      {"2026-07-05T00:00:00Z", "2026-07-04T23:59:59Z", -1},
  };
  for (const auto& [reviewed, now, age] : cases) {
    EXPECT_EQ(review_age_days(at(reviewed), at(now)), age) << reviewed << ' ' << now;
  }
}

TEST(Overdue, BeginsWithTheDayAfterTheOldestAllowedOne) {
  const WallTime reviewed = at("2026-07-04T18:30:00Z");
  EXPECT_FALSE(is_overdue(reviewed, at("2026-07-04T00:00:00Z"), days(180)));
  EXPECT_FALSE(is_overdue(reviewed, at("2026-12-31T23:59:59Z"), days(180))) << "the 180th day";
  EXPECT_TRUE(is_overdue(reviewed, at("2027-01-01T00:00:00Z"), days(180)));
  EXPECT_FALSE(is_overdue(reviewed, at("2026-07-05T23:59:59Z"), days(1)));
  EXPECT_TRUE(is_overdue(reviewed, at("2026-07-06T00:00:00Z"), days(1)));
  EXPECT_FALSE(is_overdue(reviewed, at("2026-07-05T23:59:59Z"), std::chrono::hours(36)));
  EXPECT_TRUE(is_overdue(reviewed, at("2026-07-06T00:00:00Z"), std::chrono::hours(36)));
  EXPECT_FALSE(is_overdue(reviewed, at("2020-01-01T00:00:00Z"), days(1))) << "the clock went back";
}

TEST(OverdueReviews, NameEachFamilyOfThePlanOnce) {
  ProbePlan plan = tests::walk_plan();
  plan.routes.push_back(tests::route("third", "three"));
  plan.contract_review.max_age = days(30);
  const WallTime now = at("2026-11-21T12:00:00Z");
  using Facts = std::vector<std::string>;
  EXPECT_EQ(
      overdue_reviews(plan, {}, now),
      (Facts{"contract_review_overdue:chat_completions", "contract_review_overdue:responses"}));
  EXPECT_EQ(
      overdue_reviews(plan, reviewed_at(EndpointFamily::responses, "2026-11-20T00:00:00Z"), now),
      Facts{"contract_review_overdue:chat_completions"});
  plan.contract_review.max_age = days(365);
  EXPECT_EQ(overdue_reviews(plan, {}, now), Facts{});
}

TEST(ReviewDates, AreThoseOfTheFamiliesInUse) {
  const auto plan = std::make_shared<ProbePlan>(tests::walk_plan());
  const auto dates =
      review_dates({plan, plan}, reviewed_at(EndpointFamily::responses, "2026-11-20T07:00:00Z"));
  EXPECT_EQ(dates,
            (std::map<EndpointFamily, WallTime>{
                {EndpointFamily::chat_completions, at("2026-07-04T00:00:00Z")},
                {EndpointFamily::responses, at("2026-11-20T07:00:00Z")}}));
}

}  // namespace
}  // namespace smokeledger::probes::core
