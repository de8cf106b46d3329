// Whether gaps grow and are jittered, as a drill judges them.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "probes/core/drill.h"
#include "tests/support/arrivals.h"

namespace smokeledger::probes::core {
namespace {

using tests::with_gaps;
using enum Seen;

DrillVerdict verdict_on(const std::vector<std::vector<int>>& sequences) {
  std::vector<LogicalRequest> requests;
  for (const auto& gaps : sequences) {
    requests.push_back(with_gaps(gaps, "run-" + std::to_string(requests.size())));
  }
  const auto asked = static_cast<std::uint32_t>(sequences.size());
  return judge_drill({.asked = asked, .budget = 200}, tests::seen(std::move(requests)));
}

struct Row {
  const char* what;
  std::vector<std::vector<int>> gaps;
  Seen expected;
};

TEST(DrillBackoff, ShowsInGapsThatGrow) {
  const Row rows[] = {
      {"no retry", {{}}, not_exercised},
      {"one gap", {{500}}, not_exercised},
      {"one gap each", {{500}, {900}, {400}}, not_exercised},
      {"the SDK's two retries, longest jitter first", {{500, 753}}, yes},
      {"the SDK's ten retries, capped at 8 s",
       {{490, 900, 1'700, 3'900, 7'000, 6'500, 7'900, 6'100, 7'700, 8'000}},
       yes},
      {"linear", {{1'000, 2'000, 3'000, 4'000}}, yes},
      {"full jitter, pooled", {{300, 100, 1'900}, {20, 700, 1'100}, {480, 950, 250}}, yes},
      {"constant", {{1'000, 1'001, 999}}, no},
      {"constant, twice", {{1'000, 1'003}}, no},
      {"at once", {{1, 0, 2, 1}}, no},
      {"at once, on a busy host", {{1, 0, 18, 1}}, no},
      {"all at one time", {{0, 0}}, no},
      {"shrinking, few", {{2'000, 1'000}}, not_exercised},
      {"shrinking, many", {{8'000, 4'000, 2'000, 1'000, 500, 250}}, no},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(verdict_on(row.gaps).backoff_policy_seen, row.expected) << row.what;
  }
}

TEST(DrillBackoff, IsNotLookedForBehindRepliesThatAskForAWaitOrNeverCame) {
  const auto judged = [](Arrival like) {
    LogicalRequest request = with_gaps({500, 1'000, 2'000});
    for (Arrival& arrival : request.first) {
      like.at = arrival.at;
      arrival = like;
    }
    const auto verdict = judge_drill({.budget = 4}, tests::seen({request}));
    return std::pair{verdict.backoff_policy_seen, verdict.jitter_seen};
  };
  EXPECT_EQ(judged({}).first, yes);
  EXPECT_EQ(judged({.asks = {.wait = Milliseconds{50}}}), std::pair(not_exercised, not_exercised));
  EXPECT_EQ(judged({.answered_at_once = false}), std::pair(not_exercised, not_exercised));
}

TEST(DrillJitter, ShowsWhereTheSamePlaceDiffersBetweenSequences) {
  const Row rows[] = {
      {"four sequences", {{500}, {400}, {300}, {450}}, not_exercised},
      {"the SDK's quarter", {{500}, {377}, {470}, {401}, {455}}, yes},
      {"full jitter", {{12}, {377}, {470}, {201}, {455}}, yes},
      {"none", {{500}, {501}, {503}, {500}, {502}}, no},
      {"none, one held up by a busy host", {{500}, {501}, {903}, {500}, {502}}, no},
      {"none, at once", {{0}, {1}, {15}, {2}, {19}}, no},
      {"none, long waits that drift by a little",
       {{30'000}, {30'400}, {31'000}, {30'900}, {30'100}},
       no},
      {"only at the second place",
       {{500, 900}, {501, 700}, {500, 800}, {502, 990}, {500, 760}},
       yes},
      {"grows within a sequence, but the same in each",
       {{500, 1'000}, {500, 1'001}, {501, 1'000}, {500, 1'002}, {502, 1'000}},
       no},
      {"too few reach the second place", {{500, 900}, {501, 100}, {500}, {502}, {500}}, no},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(verdict_on(row.gaps).jitter_seen, row.expected) << row.what;
  }
}

// Waits as well-known policies draw them, with the delays of a host under load on top.
class Policies : public testing::Test {
 protected:
  std::vector<std::vector<int>> sequences(int count, int retries, double low, double factor) {
    std::uniform_real_distribution<double> share(low, 1);
    std::exponential_distribution<double> delay(1 / 3.0);  // ms, on average 3
    std::vector<std::vector<int>> all;
    for (int i = 0; i < count; ++i) {
      all.emplace_back();
      for (int retry = 0; retry < retries; ++retry) {
        const double bound = std::min(8'000.0, 500 * std::pow(factor, retry));
        all.back().push_back(static_cast<int>(bound * share(engine_) + delay(engine_)));
      }
    }
    return all;
  }
  // In how many of a thousand drills.
  template <class Is>
  int of_a_thousand(const Is& is) {
    int count = 0;
    for (int i = 0; i < 1'000; ++i) count += is() ? 1 : 0;
    return count;
  }
  std::mt19937 engine_{20261122};
};

TEST_F(Policies, WithAQuarterOfJitterAreSeenToBackOffAlways) {
  for (const int retries : {2, 3, 5, 10}) {
    EXPECT_EQ(of_a_thousand([&] {
                return verdict_on(sequences(1, retries, 0.75, 2)).backoff_policy_seen == yes;
              }),
              1'000)
        << retries;
  }
}

TEST_F(Policies, WithFullJitterAreRarelySeenNotToBackOff) {
  const auto judged = [&](int count, int retries, Seen as) {
    return of_a_thousand(
        [&] { return verdict_on(sequences(count, retries, 0, 2)).backoff_policy_seen == as; });
  };
  EXPECT_LE(judged(1, 2, no), 150);
  EXPECT_GE(judged(5, 4, yes), 970);
  EXPECT_LE(judged(5, 4, no), 10);
}

TEST_F(Policies, WithoutGrowthAreRarelySeenToBackOff) {
  const auto seen_to = [&](int count, int retries, double low) {
    return of_a_thousand(
        [&] { return verdict_on(sequences(count, retries, low, 1)).backoff_policy_seen == yes; });
  };
  EXPECT_EQ(seen_to(1, 5, 1), 0) << "constant";
  EXPECT_LE(seen_to(1, 5, 0.75), 5) << "a quarter of jitter";
  EXPECT_LE(seen_to(1, 5, 0.5), 120) << "half of jitter, one sequence";
  EXPECT_LE(seen_to(5, 5, 0.5), 20) << "half of jitter, five sequences";
}

TEST_F(Policies, WithJitterAreSeenToHaveItAndOthersAreNot) {
  EXPECT_GE(of_a_thousand([&] { return verdict_on(sequences(5, 2, 0.75, 2)).jitter_seen == yes; }),
            980);
  EXPECT_LE(of_a_thousand([&] { return verdict_on(sequences(5, 4, 1, 2)).jitter_seen == yes; }), 5);
}

}  // namespace
}  // namespace smokeledger::probes::core
