#include "probes/stub/arrivals.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/stub/request.h"

namespace smokeledger::probes::stub {
namespace {

using core::Milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Arrivals, ForgetTheLogicalRequestThatWasSilentLongestButNeverACount) {
  Arrivals arrivals;
  const auto come = [&](const std::string& request) {
    return arrivals.count({.script = "ok", .request = request}).of_request;
  };
  for (std::size_t i = 0; i < max_logical_requests; ++i) come("run-" + std::to_string(i));
  come("run-0");
  come("one-too-many");
  EXPECT_EQ(arrivals.requests().size(), max_logical_requests);
  EXPECT_EQ(arrivals.requests().back().request, "run-2");
  EXPECT_EQ(come("run-0"), 3U);
  EXPECT_EQ(come("run-1"), 1U);
  EXPECT_EQ(arrivals.total(), max_logical_requests + 4);
  EXPECT_EQ(arrivals.of_script("ok"), max_logical_requests + 4);
}

TEST(Arrivals, KnowALogicalRequestByItsIdWithoutTheAttemptNumber) {
  EXPECT_EQ(logical_request("chat-walk-20261121-001.2"), "chat-walk-20261121-001");
  EXPECT_EQ(logical_request("chat-walk-20261121-001"), "chat-walk-20261121-001");
  EXPECT_EQ(logical_request("v1.2.3"), "v1.2");
  EXPECT_EQ(logical_request("run.a"), "run.a");
  EXPECT_EQ(logical_request(".1"), ".1");
  EXPECT_EQ(logical_request(""), "");
  EXPECT_EQ(logical_request(std::string(500, 'a')).size(), 128U);
}

// What one client that sends no request id sends, in order: the client's own count.
std::vector<std::uint64_t> by_retry_count(
    const std::vector<std::pair<const char*, std::optional<std::uint32_t>>>& sent) {
  Arrivals arrivals;
  std::vector<std::uint64_t> places;
  for (const auto& [script, count] : sent) {
    places.push_back(arrivals.count({.script = script, .retry_count = count}).of_request);
  }
  return places;
}

TEST(Arrivals, WithoutAnIdAreToldApartByTheClientsOwnCount) {
  EXPECT_THAT(by_retry_count({{"a", 0}, {"a", 1}, {"a", 2}, {"a", 0}, {"a", 1}}),
              ElementsAre(1, 2, 3, 1, 2));
  EXPECT_THAT(by_retry_count({{"a", 0}, {"b", 0}, {"a", 1}, {"b", 1}}), ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(by_retry_count({{"a", 3}, {"a", 4}}), ElementsAre(1, 2));
  EXPECT_THAT(by_retry_count({{"a", 0}, {"a", std::nullopt}, {"a", std::nullopt}, {"a", 1}}),
              ElementsAre(1, 1, 1, 2));
}

TEST(Arrivals, SayHowALogicalRequestIsTold) {
  Arrivals arrivals;
  arrivals.count({.script = "ok", .request = "run-a", .retry_count = 0});
  EXPECT_EQ(arrivals.requests().front().told_by, core::ToldBy::request_id);
  arrivals.count({.script = "ok", .retry_count = 0});
  EXPECT_EQ(arrivals.requests().front().told_by, core::ToldBy::retry_count);
  EXPECT_EQ(arrivals.requests().front().request, "arrival-2");
  arrivals.count({.script = "ok"});
  EXPECT_EQ(arrivals.requests().front().told_by, core::ToldBy::nothing);
}

TEST(Arrivals, RememberWhenEachCameAndWhatItsReplyAsked) {
  Arrivals arrivals;
  arrivals.count({.script = "throttled", .request = "run-a", .at = Milliseconds{10}});
  arrivals.answered({.wait = Milliseconds{50}});
  arrivals.count({.script = "throttled", .request = "run-a", .at = Milliseconds{75}});
  arrivals.answered({.no_retry = true}, false);
  EXPECT_THAT(arrivals.requests().front().first,
              ElementsAre(core::Arrival{.at = Milliseconds{10}, .asks = {.wait = Milliseconds{50}}},
                          core::Arrival{.at = Milliseconds{75},
                                        .asks = {.no_retry = true},
                                        .answered_at_once = false}));
}

TEST(Arrivals, KeepTheFirstOfALogicalRequestAndCountTheRest) {
  Arrivals arrivals;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    arrivals.count({.script = "ok", .request = "run-a", .at = Milliseconds{i}});
    arrivals.answered({.wait = Milliseconds{i}});
  }
  const LogicalRequest& request = arrivals.requests().front();
  EXPECT_EQ(request.arrivals, 1'000U);
  ASSERT_EQ(request.first.size(), core::max_arrivals_kept);
  EXPECT_EQ(request.first.back().at, Milliseconds{core::max_arrivals_kept - 1});
  EXPECT_EQ(request.first.back().asks.wait, Milliseconds{core::max_arrivals_kept - 1});
}

// Under script "a", except of request "ours".
Watch watch_of_a(bool as_one = false) {
  return {[](const Came& came) { return came.script == "a" && came.request != "ours"; }, as_one};
}

TEST(Watches, CountWhatBelongsToThemFromWhenTheyBegin) {
  Arrivals arrivals;
  arrivals.count({.script = "a", .request = "x"});
  const auto id = arrivals.watch(watch_of_a());
  EXPECT_EQ(arrivals.count({.script = "a", .request = "x"}).of_request, 1U) << "counts anew";
  arrivals.answered({.wait = Milliseconds{50}}, false);
  EXPECT_EQ(arrivals.count({.script = "a", .request = "ours"}).of_request, 1U);
  arrivals.answered({.no_retry = true});
  EXPECT_EQ(arrivals.count({.script = "b", .request = "x"}).of_request, 1U);
  EXPECT_EQ(arrivals.watched(id).total(), 1U);
  const auto& seen = arrivals.watched(id).requests().front().first;
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.front().asks, core::Asks{.wait = Milliseconds{50}});
  EXPECT_FALSE(seen.front().answered_at_once);
  EXPECT_EQ(arrivals.total(), 4U);
  arrivals.unwatch(id);
  EXPECT_EQ(arrivals.count({.script = "a", .request = "x"}).of_request, 3U);
}

TEST(Watches, TakeAllForOneRequestWhereTheyAreToldTo) {
  Arrivals arrivals;
  const auto id = arrivals.watch(watch_of_a(true));
  EXPECT_EQ(arrivals.count({.script = "a"}).of_request, 1U);
  EXPECT_EQ(arrivals.count({.script = "a", .retry_count = 0}).of_request, 2U);
  EXPECT_EQ(arrivals.count({.script = "a", .request = "x"}).of_request, 3U);
  EXPECT_EQ(arrivals.watched(id).requests().size(), 1U);
  EXPECT_EQ(arrivals.requests().size(), 3U) << "to all others they are as they say";
}

TEST(Watches, DoNotDisturbEachOther) {
  Arrivals arrivals;
  const auto one = arrivals.watch(watch_of_a());
  const auto other = arrivals.watch(watch_of_a(true));
  arrivals.count({.script = "a"});
  arrivals.unwatch(one);
  arrivals.count({.script = "a"});
  EXPECT_EQ(arrivals.watched(other).total(), 2U);
}

TEST(Arrivals, TellGapsWaitsAndCountsAsJson) {
  Arrivals arrivals;
  arrivals.count({.script = "throttled", .retry_count = 0, .at = Milliseconds{7}});
  arrivals.answered({.wait = Milliseconds{50}});
  arrivals.count({.script = "throttled", .retry_count = 1, .at = Milliseconds{59}});
  EXPECT_EQ(arrivals.json(),
            R"({"arrivals":2,"authorized":0,"by_script":{"throttled":2},"requests":[)"
            R"({"request":"arrival-1","arrivals":2,"script":"throttled","told_by":"retry_count",)"
            R"("gaps_ms":[52],"asked_wait_ms":[50,null],"retry_counts":[0,1]}]})");
}

}  // namespace
}  // namespace smokeledger::probes::stub
