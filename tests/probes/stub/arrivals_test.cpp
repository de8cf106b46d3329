#include "probes/stub/arrivals.h"

#include <string>

#include <gtest/gtest.h>

#include "probes/stub/request.h"

namespace smokeledger::probes::stub {
namespace {

TEST(Arrivals, ForgetTheLogicalRequestThatWasSilentLongestButNeverACount) {
  Arrivals arrivals;
  for (std::size_t i = 0; i < max_logical_requests; ++i) {
    arrivals.count("ok", "run-" + std::to_string(i), false);
  }
  arrivals.count("ok", "run-0", false);
  arrivals.count("ok", "one-too-many", false);
  EXPECT_EQ(arrivals.requests().size(), max_logical_requests);
  EXPECT_EQ(arrivals.requests().back().request, "run-2");
  EXPECT_EQ(arrivals.count("ok", "run-0", false).of_request, 3U);
  EXPECT_EQ(arrivals.count("ok", "run-1", false).of_request, 1U);
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

}  // namespace
}  // namespace smokeledger::probes::stub
