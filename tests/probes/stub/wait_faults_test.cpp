#include "probes/stub/wait_faults.h"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"

namespace smokeledger::probes::stub {
namespace {

using namespace std::chrono_literals;
using core::EndpointFamily;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Spelling {
  FaultKind kind;
  const char* status;
  const char* line;  // of the head; empty: the wait stands in the body
  std::optional<core::Milliseconds> wait;
};

constexpr Spelling spellings[] = {
    {FaultKind::throttled_retry_after, "429", "\r\nRetry-After: 1\r\n", 1s},
    {FaultKind::throttled_retry_after_1h, "429", "\r\nRetry-After: 3600\r\n", 1h},
    {FaultKind::throttled_retry_after_date,
     "429",
     "\r\nDate: Sun, 21 Jun 2026 00:00:00 GMT\r\nRetry-After: Sun, 21 Jun 2026 00:00:01 GMT\r\n",
     1s},
    {FaultKind::throttled_retry_after_ms, "429", "\r\nretry-after-ms: 50\r\n", 50ms},
    {FaultKind::throttled_x_ms_retry_after_ms, "429", "\r\nx-ms-retry-after-ms: 50\r\n", 50ms},
    {FaultKind::overloaded_503_retry_after_ms, "503", "\r\nretry-after-ms: 50\r\n", 50ms},
    {FaultKind::throttled_retry_info, "429", "", 50ms},
    {FaultKind::throttled_no_retry, "429", "\r\nx-should-retry: false\r\n", std::nullopt},
};

Act played(FaultKind kind, EndpointFamily family) {
  return act(kind, {.asked = {.family = family, .model = "smoke-model", .number = 7}});
}

TEST(WaitFaults, SayTheirWaitInEveryFamilyAsTheyTellTheStub) {
  for (const auto& [kind, status, line, wait] : spellings) {
    for (const EndpointFamily family : core::every<EndpointFamily>()) {
      const Act act = played(kind, family);
      EXPECT_THAT(act.bytes, StartsWith("HTTP/1.1 " + std::string(status) + ' '))
          << core::word(kind);
      EXPECT_THAT(act.bytes.substr(0, act.bytes.find("\r\n\r\n") + 2), HasSubstr(line));
      EXPECT_EQ(act.asks.wait, wait) << core::word(kind);
      EXPECT_EQ(act.asks.no_retry, kind == FaultKind::throttled_no_retry) << core::word(kind);
      EXPECT_EQ(act.ending, Ending::next_request);
    }
  }
}

TEST(WaitFaults, KeepTheFamilysOwnEnvelope) {
  for (const auto& [kind, status, line, wait] : spellings) {
    const auto error = [&, of = kind](EndpointFamily family) {
      return Json(std::string(body_of(played(of, family).bytes)));
    };
    EXPECT_TRUE(error(EndpointFamily::chat_completions).has("/error/param"));
    EXPECT_TRUE(error(EndpointFamily::responses).has("/error/code"));
    EXPECT_TRUE(error(EndpointFamily::embeddings).has("/error/code"));
    EXPECT_EQ(error(EndpointFamily::messages).at("/request_id"), R"("req_stub_7")");
    EXPECT_EQ(error(EndpointFamily::generate_content).at("/error/code"), status);
  }
}

TEST(WaitFaults, PutRetryInfoAmongTheDetailsOfTheErrorAndNowhereElse) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    const std::string bytes = played(FaultKind::throttled_retry_info, family).bytes;
    const Json json(std::string(body_of(bytes)));
    EXPECT_EQ(json.at("/error/details/0/@type"), R"("type.googleapis.com/google.rpc.RetryInfo")");
    EXPECT_EQ(json.at("/error/details/0/retryDelay"), R"("0.05s")");
    EXPECT_THAT(bytes, Not(testing::ContainsRegex("[Rr]etry-[Aa]fter"))) << core::word(family);
    const Json plain(std::string(body_of(played(FaultKind::throttled, family).bytes)));
    EXPECT_FALSE(plain.has("/error/details")) << core::word(family);
  }
}

TEST(WaitFaults, AreTheOnlyFaultsThatAskForAnything) {
  for (const FaultKind kind : core::every<FaultKind>()) {
    const bool listed = std::any_of(
        std::begin(spellings), std::end(spellings), [&](const auto& s) { return s.kind == kind; });
    const bool asks = played(kind, EndpointFamily::messages).asks != core::Asks{};
    EXPECT_EQ(asks, listed) << core::word(kind);
  }
}

}  // namespace
}  // namespace smokeledger::probes::stub
