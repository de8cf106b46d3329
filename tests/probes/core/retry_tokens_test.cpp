#include "probes/core/retry_tokens.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

TEST(RetryTokens, AreTakenOneByOneAndPaidBackByFiveSuccesses) {
  RetryTokens tokens;
  EXPECT_EQ(tokens.left("main", 2), 2U);
  tokens.spend("main");
  EXPECT_EQ(tokens.left("main", 2), 1U);
  tokens.spend("main");
  EXPECT_EQ(tokens.left("main", 2), 0U);
  for (int success = 0; success < 4; ++success) tokens.credit("main");
  EXPECT_EQ(tokens.left("main", 2), 0U) << "four fifths are no whole token";
  tokens.credit("main");
  EXPECT_EQ(tokens.left("main", 2), 1U);
}

TEST(RetryTokens, NeverExceedTheBucketNorFallBelowZero) {
  RetryTokens tokens;
  for (int success = 0; success < 100; ++success) tokens.credit("main");
  EXPECT_EQ(tokens.left("main", 3), 3U);
  for (int retry = 0; retry < 100; ++retry) tokens.spend("main");
  EXPECT_EQ(tokens.left("main", 3), 0U);
  EXPECT_EQ(tokens.left("main", 0), 0U);
  tokens.restore("main", 4'000'000'000U);
  tokens.spend("main");
  EXPECT_EQ(tokens.left("main", 1'000'000), 0U);
}

TEST(RetryTokens, BelongToOneProvider) {
  RetryTokens tokens;
  tokens.spend("one");
  EXPECT_EQ(tokens.left("one", 5), 4U);
  EXPECT_EQ(tokens.left("two", 5), 5U);
}

TEST(RetryTokens, DoNotLimitWhoHasNoBucket) {
  RetryTokens tokens;
  tokens.spend("stub");
  EXPECT_EQ(tokens.left("stub", std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace smokeledger::probes::core
