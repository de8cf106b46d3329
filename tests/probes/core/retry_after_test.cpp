#include "probes/core/retry_after.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

using Asked = std::optional<Milliseconds>;

struct Case {
  std::string value;
  Asked asked;
  int status = 429;
  std::string date = "Sat, 21 Nov 2026 08:00:00 GMT";
};

constexpr Milliseconds longest{1'000'000'000'000};

RetryWish wish(std::vector<Header> headers, int status = 429, const Reading& reading = {}) {
  return retry_wish(tests::reply(status, "", std::move(headers)), reading);
}

TEST(RetryAfterHeader, IsReadAsSecondsOrAsADateAgainstTheRepliesOwn) {
  const std::vector<Case> rows{
      {"0", 0s},
      {"7", 7s},
      {"007", 7s},
      {"1.5", 1500ms},
      {"0.0001", 1ms},
      {"7", 7s, 503},
      {"7", 7s, 301},
      {"7", std::nullopt, 200},
      {"Sat, 21 Nov 2026 08:00:30 GMT", 30s},
      {"Sun, 22 Nov 2026 08:00:00 GMT", 24h},
      {"Sat, 21 Nov 2026 08:00:00 GMT", std::nullopt},
      {"Sat, 21 Nov 2026 07:59:59 GMT", std::nullopt},
      {"Sat, 21 Nov 2026 08:00:30 GMT", std::nullopt, 429, ""},
      {"Sat, 21 Nov 2026 08:00:30 GMT", std::nullopt, 429, "yesterday"},
      {"Sat, 31 Feb 2026 08:00:30 GMT", std::nullopt},
      {"Sat, 21 Foo 2026 08:00:30 GMT", std::nullopt},
      {"Sat, 21 Nov 2026 08:00:30 UTC", std::nullopt},
      {"2026-11-21T08:00:30Z", std::nullopt},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"1.", std::nullopt},
      {".5", std::nullopt},
      {"1.5.2", std::nullopt},
      {"1e3", std::nullopt},
      {"+5", std::nullopt},
      {"5s", std::nullopt},
      {" 5", std::nullopt},
      {"soon", std::nullopt},
      {"99999999999999999999999999", longest},
      {"1000000001", longest},
  };
  for (const Case& row : rows) {
    EXPECT_EQ(wish({{"retry-after", row.value}, {"date", row.date}}, row.status).wait, row.asked)
        << row.status << ' ' << row.value;
  }
  EXPECT_EQ(wish({}), RetryWish{});
}

TEST(RetryAfterHeader, IsReadInMillisecondsInBothOfTheirSpellings) {
  for (const char* name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
    EXPECT_EQ(wish({{name, "1250"}}).wait, 1250ms) << name;
    EXPECT_EQ(wish({{name, "0.2"}}).wait, 1ms) << name;
    EXPECT_EQ(wish({{name, "99999999999999999999"}}).wait, longest) << name;
    EXPECT_EQ(wish({{name, "1250"}}, 200), RetryWish{}) << name;
    EXPECT_EQ(wish({{name, "Sat, 21 Nov 2026 08:00:30 GMT"}}).wait, std::nullopt) << name;
  }
}

TEST(RetryWish, TakesTheFirstReadableSpellingInOrder) {
  const Header seconds{"retry-after", "9"};
  EXPECT_EQ(wish({seconds, {"retry-after-ms", "50"}}).wait, 50ms);
  EXPECT_EQ(wish({seconds, {"x-ms-retry-after-ms", "60"}}).wait, 60ms);
  EXPECT_EQ(wish({seconds, {"x-ms-retry-after-ms", "60"}, {"retry-after-ms", "50"}}).wait, 50ms);
  EXPECT_EQ(wish({seconds, {"retry-after-ms", "soon"}}).wait, 9s);
  Reading body;
  body.retry_delay = 3s;
  body.names_retry_delay = true;
  EXPECT_EQ(wish({}, 429, body).wait, 3s);
  EXPECT_EQ(wish({seconds}, 429, body).wait, 9s);
}

TEST(RetryWish, SaysThatAWaitWasNamedAlsoWhereItCannotBeRead) {
  EXPECT_TRUE(wish({{"retry-after", "soon"}}).names_a_wait);
  EXPECT_FALSE(wish({{"retry-after", "soon"}}).wait);
  Reading body;
  body.names_retry_delay = true;
  EXPECT_TRUE(wish({}, 503, body).names_a_wait);
  EXPECT_FALSE(wish({}, 503).names_a_wait);
}

TEST(RetryWish, IsForbiddenOnlyByTheWordFalse) {
  EXPECT_TRUE(wish({{"x-should-retry", "false"}}, 500).forbids);
  EXPECT_FALSE(wish({{"x-should-retry", "true"}}, 500).forbids);
  EXPECT_FALSE(wish({{"x-should-retry", "maybe"}}, 500).forbids);
  EXPECT_FALSE(wish({{"x-should-retry", "false"}}, 200).forbids);
}

// google.rpc.RetryInfo, as it stands in an error object.
Reading error_with(const std::string& details) {
  const auto contract = tests::chat_contract();
  const std::string body = R"({"error":{"code":429,"message":"m","details":)" + details + "}}";
  return check(*contract, 429, "application/json", body);
}

TEST(RetryInfo, IsReadFromTheDetailsOfAnErrorObject) {
  const std::string info = R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":)";
  EXPECT_EQ(error_with("[" + info + R"("17s"}])").retry_delay, 17s);
  EXPECT_EQ(error_with("[" + info + R"("0.25s"}])").retry_delay, 250ms);
  EXPECT_EQ(error_with(R"([{"@type":"other"},)" + info + R"("2s"}])").retry_delay, 2s);
  for (const char* hostile : {R"("17"})", R"("-1s"})", R"("s"})", R"(17})", R"(null})", R"({}})"}) {
    const Reading reading = error_with("[" + info + hostile + "]");
    EXPECT_FALSE(reading.retry_delay) << hostile;
    EXPECT_TRUE(reading.names_retry_delay) << hostile;
  }
  for (const char* none : {"[]", "{}", "null", "[1]", R"([{"retryDelay":"17s"}])"}) {
    EXPECT_FALSE(error_with(none).names_retry_delay) << none;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
