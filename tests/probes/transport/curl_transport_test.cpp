#include "probes/transport/curl_transport.h"

#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/stub/script.h"
#include "tests/probes/transport/bench.h"

namespace smokeledger::probes::transport {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// One row per script: what its first arrival is to a client. Scripts without a row fail the test.
const std::map<std::string_view, std::string>& expected_first_exchange() {
  static const std::map<std::string_view, std::string> rows{
      {"ok", "reply 200"},
      {"refusal", "reply 200"},
      {"cut-at-length", "reply 200"},
      {"unknown-members", "reply 200"},
      {"retry-after-1s-then-ok", "reply 429"},
      {"throttled", "reply 429"},
      {"throttled-retry-after", "reply 429"},
      {"throttled-retry-after-1h", "reply 429"},
      {"throttled-retry-after-date", "reply 429"},
      {"throttled-retry-after-ms", "reply 429"},
      {"throttled-x-ms-retry-after-ms", "reply 429"},
      {"throttled-retry-info", "reply 429"},
      {"throttled-no-retry", "reply 429"},
      {"overloaded-503-retry-after-ms", "reply 503"},
      {"other-finish-reason", "reply 200"},
      {"overloaded-503", "reply 503"},
      {"overloaded-529", "reply 529"},
      {"server-error", "reply 500"},
      {"invalid-key", "reply 401"},
      {"forbidden", "reply 403"},
      {"exhausted-quota", "reply 429"},
      {"invalid-request", "reply 400"},
      {"invalid-request-behind-500", "reply 500"},
      {"redirect", "reply 301"},
      {"error-in-200", "reply 200"},
      {"html-200", "reply 200"},
      {"malformed-json", "reply 200"},
      {"empty-200", "reply 200"},
      {"missing-choices", "reply 200"},
      {"unasked-encoding", "fault protocol 200"},
      {"hang-before-headers", "fault timeout"},
      {"hang-after-headers", "fault timeout 200"},
      {"slow-headers", "fault timeout 200"},
      {"header-flood", "fault too_large 200"},
      {"endless-body", "fault too_large 200"},
      {"truncated-body", "fault truncated 200"},
      {"not-http", "fault protocol"},
      {"reset", "fault connect"},
      {"close-before-reply", "fault connect"},
      {"null-content", "reply 200"},
      {"missing-optional", "reply 200"},
      {"stream-truncated", "reply 200"},
      {"stream-error", "reply 200"},
      {"stream-held-open", "reply 200"},
      {"stream-data-after-end", "reply 200"},
      {"stream-comments", "reply 200"},
      {"stream-unknown-events", "reply 200"},
      {"stream-two-starts", "reply 200"},
      {"stream-cut-mid-event", "fault truncated 200"},
      {"stream-reset", "fault connect"},
      {"stream-stalls", "fault timeout 200"},
      {"recover-after-1", "reply 429"},
      {"recover-after-1-ms", "reply 429"},
      {"recover-after-2", "reply 429"},
      {"recover-after-2-ms", "reply 429"},
      {"recover-after-3", "reply 429"},
      {"recover-after-3-ms", "reply 429"},
      {"recover-after-4", "reply 429"},
      {"recover-after-4-ms", "reply 429"},
      {"recover-after-5", "reply 429"},
      {"recover-after-5-ms", "reply 429"},
      {"recover-after-6", "reply 429"},
      {"recover-after-6-ms", "reply 429"},
      {"recover-after-7", "reply 429"},
      {"recover-after-7-ms", "reply 429"},
      {"recover-after-8", "reply 429"},
      {"recover-after-8-ms", "reply 429"},
      {"recover-after-9", "reply 429"},
      {"recover-after-9-ms", "reply 429"},
      {"recover-after-10", "reply 429"},
      {"recover-after-10-ms", "reply 429"},
  };
  return rows;
}

// Time enough for everything but the faults that only a deadline ends.
std::chrono::milliseconds timeout_for(std::string_view expected, std::string_view script) {
  if (script == "slow-headers") return 4s;  // its status line takes two
  return expected.starts_with("fault timeout") ? 1s : std::chrono::milliseconds(patience);
}

class EveryScript : public testing::TestWithParam<std::string> {};

std::vector<std::string> script_names() {
  std::vector<std::string> names;
  for (const stub::Script& script : stub::scripts()) names.emplace_back(script.name);
  return names;
}

TEST_P(EveryScript, ReadsAsItsFaultOrReplyAndArrivesOnce) {
  const std::string& script = GetParam();
  const auto row = expected_first_exchange().find(script);
  ASSERT_NE(row, expected_first_exchange().end()) << "no expectation for " << script;
  Bench bench;
  StubHouse house(bench.io());
  const core::Exchange exchange =
      bench.exchange(house.request(script, timeout_for(row->second, script)));
  EXPECT_EQ(in_words(exchange), row->second);
  EXPECT_EQ(house.stub().arrivals().total(), 1U);
  EXPECT_EQ(house.stub().arrivals().of_script(script), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stub, EveryScript, testing::ValuesIn(script_names()), [](const auto& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(CurlTransport, GivesStatusLowerCasedHeadersAndBodyOfAReply) {
  Bench bench;
  StubHouse house(bench.io());
  const auto exchange = bench.exchange(house.request("retry-after-1s-then-ok"));
  const auto& reply = std::get<core::Reply>(exchange);
  EXPECT_EQ(reply.http_status, 429);
  EXPECT_EQ(reply.header("retry-after"), "1");
  EXPECT_EQ(reply.header("content-type"), "application/json");
  EXPECT_EQ(reply.header("x-request-id"), "stub-1");
  EXPECT_THAT(reply.body, HasSubstr(R"("code":"rate_limit_exceeded")"));
}

TEST(CurlTransport, SaysConnectWhenNobodyListens) {
  Bench bench;
  boost::asio::ip::tcp::acceptor taken(bench.io(), {boost::asio::ip::address_v4::loopback(), 0});
  const auto port = taken.local_endpoint().port();
  taken.close();
  run::Request request;
  request.url = "http://127.0.0.1:" + std::to_string(port) + "/v1/responses";
  request.timeout = patience;
  EXPECT_EQ(in_words(bench.exchange(request)), "fault connect");
}

TEST(CurlTransport, SaysDnsForANameThatCannotExist) {
  Bench bench;
  run::Request request;
  request.url = "http://name..with-an-empty-label/v1/responses";
  request.timeout = patience;
  EXPECT_EQ(in_words(bench.exchange(request)), "fault dns");
}

// Not with UBSan, which opens a pipe to look at an object's type, and calls invalid what it cannot
// look at. It comes with ASan here.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SMOKELEDGER_TEST_NEEDS_DESCRIPTORS
#endif
#endif
#ifndef SMOKELEDGER_TEST_NEEDS_DESCRIPTORS
TEST(CurlTransport, SaysLocalNetworkWhenThisHostHasNoDescriptorLeft) {
  Bench bench;
  StubHouse house(bench.io());
  ASSERT_EQ(in_words(bench.exchange(house.request("ok"))), "reply 200");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto exchange = bench.exchange(house.request("ok"));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(in_words(exchange), "fault local_network");
  EXPECT_EQ(house.stub().arrivals().total(), 1U);
}
#endif

TEST(CurlTransport, CompletesOthersWhileOneHangs) {
  Bench bench;
  StubHouse house(bench.io());
  bool hanging_came = false;
  const auto hanging =
      bench.transport().send({.line = {}, .request = house.request("hang-before-headers")},
                             [&](core::Exchange) { hanging_came = true; });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(in_words(bench.exchange(house.request("ok"))), "reply 200");
  }
  EXPECT_FALSE(hanging_came);
  bench.transport().cancel(hanging);
}

TEST(CurlTransport, NeverCallsBackAfterACancel) {
  Bench bench;
  StubHouse house(bench.io());
  bool came = false;
  const auto note = [&](core::Exchange) { came = true; };
  const auto at_once = bench.transport().send({.line = {}, .request = house.request("ok")}, note);
  bench.transport().cancel(at_once);
  const auto hanging =
      bench.transport().send({.line = {}, .request = house.request("hang-after-headers")}, note);
  ASSERT_TRUE(bench.run_until(
      [&] { return house.stub().arrivals().of_script("hang-after-headers") == 1; }));
  bench.transport().cancel(hanging);
  bench.transport().cancel(hanging);
  EXPECT_EQ(in_words(bench.exchange(house.request("ok"))), "reply 200");
  EXPECT_FALSE(came);
}

TEST(CurlTransport, MayBeCancelledWhenTheCallbackIsAlreadyOnItsWay) {
  Bench bench;
  StubHouse house(bench.io());
  std::vector<CurlTransport::SendId> ids;
  std::size_t came = 0;
  for (int i = 0; i < 50; ++i) {
    ids.push_back(bench.transport().send({.line = {}, .request = house.request("ok")},
                                         [&](core::Exchange) { ++came; }));
  }
  ASSERT_TRUE(bench.run_until([&] { return came > 0; }));
  const std::size_t before = came;
  for (const auto id : ids) bench.transport().cancel(id);
  EXPECT_EQ(in_words(bench.exchange(house.request("ok"))), "reply 200");
  EXPECT_EQ(came, before);
}

TEST(CurlTransport, EndsWithSendsInFlightAndDropsTheirCallbacks) {
  Bench bench;
  StubHouse house(bench.io());
  bool came = false;
  for (const auto* script : {"hang-before-headers", "hang-after-headers", "slow-headers"}) {
    bench.transport().send({.line = {}, .request = house.request(script)},
                           [&](core::Exchange) { came = true; });
  }
  ASSERT_TRUE(bench.run_until([&] { return house.stub().arrivals().total() == 3; }));
  bench.transport().send({.line = {}, .request = house.request("ok")},
                         [&](core::Exchange) { came = true; });
  const auto before = std::chrono::steady_clock::now();
  bench.destroy_transport();
  EXPECT_LT(std::chrono::steady_clock::now() - before, patience / 4);
  bench.io().restart();
  bench.io().poll();
  EXPECT_FALSE(came);
}

TEST(CurlTransport, MayBeDestroyedByItsOwnCallback) {
  Bench bench;
  StubHouse house(bench.io());
  bool gone = false;
  bench.transport().send({.line = {}, .request = house.request("ok")}, [&](core::Exchange) {
    bench.destroy_transport();
    gone = true;
  });
  EXPECT_TRUE(bench.run_until([&] { return gone; }));
}

TEST(CurlTransport, NeverContactsTheTargetOfARedirect) {
  Bench bench;
  StubHouse elsewhere(bench.io());
  StubHouse house(bench.io(), {.redirect_to = elsewhere.url("/v1/chat/completions")});
  const auto exchange = bench.exchange(house.request("redirect"));
  const auto& reply = std::get<core::Reply>(exchange);
  EXPECT_EQ(reply.http_status, 301);
  EXPECT_EQ(reply.header("location"), elsewhere.url("/v1/chat/completions"));
  EXPECT_EQ(in_words(bench.exchange(house.request("ok"))), "reply 200");
  EXPECT_EQ(elsewhere.stub().arrivals().total(), 0U);
}

TEST(CurlTransport, KeepsABodyThatFitsAndRefusesOneByteMore) {
  Bench measuring;
  StubHouse house(measuring.io());
  const auto whole = measuring.exchange(house.request("ok"));
  const std::size_t size = std::get<core::Reply>(whole).body.size();

  // The same size: arrival numbers of one digit.
  for (const auto& [limit, expected] : std::vector<std::pair<std::size_t, std::string>>{
           {size, "reply 200"}, {size - 1, "fault too_large 200"}}) {
    Bench bench({.version = "0.0-test", .max_reply_bytes = limit});
    StubHouse other(bench.io());
    EXPECT_EQ(in_words(bench.exchange(other.request("ok"))), expected) << limit;
  }
}

TEST(CurlTransport, RefusesToSendWhatWouldSmuggleAHeader) {
  Bench bench;
  StubHouse house(bench.io());
  run::Request in_value = house.request("ok");
  in_value.headers.emplace_back("X-Team", "platform\r\nX-Api-Key: other");
  run::Request in_secret = house.request("ok");
  in_secret.auth = core::AuthScheme::bearer;
  in_secret.secret = std::make_shared<const run::Secret>("CNRY\nX-Other: 1");
  run::Request without_secret = house.request("ok");
  without_secret.auth = core::AuthScheme::bearer;
  for (const run::Request& request : {in_value, in_secret, without_secret}) {
    EXPECT_EQ(in_words(bench.exchange(request)), "fault protocol");
  }
  EXPECT_EQ(house.stub().arrivals().total(), 0U);
}

TEST(CurlTransport, RefusesOtherProtocolsAndCredentialsInUrls) {
  Bench bench;
  for (const auto* url :
       {"file:///etc/hostname", "ftp://127.0.0.1/", "http://u:p@127.0.0.1:1/", "not a url"}) {
    run::Request request;
    request.url = url;
    request.timeout = patience;
    EXPECT_EQ(in_words(bench.exchange(request)), "fault protocol") << url;
  }
}

// 2,000 requests, every fault in turn, many at once: what the stub counted is what was sent.
TEST(CurlTransport, SendsEachRequestExactlyOnceWhateverComesBack) {
  constexpr std::size_t requests = 2'000;
  constexpr std::size_t at_once = 64;
  Bench bench;
  StubHouse house(bench.io());
  std::size_t sent = 0;
  std::size_t came = 0;
  std::size_t hanging = 0;
  const auto send_next = [&](auto&& self) -> void {
    const auto& script = stub::scripts()[sent % stub::scripts().size()];
    const std::string& expected = expected_first_exchange().at(script.name);
    run::Request request = house.request(script.name, timeout_for(expected, script.name));
    if (expected.starts_with("fault timeout")) {
      // Time for the request to arrive on any machine, and no reason to wait for it each time.
      if (++hanging > 30) {
        request = house.request("ok");
      } else {
        request.timeout = 5s;
      }
    }
    request.headers.emplace_back("X-Request-Id", "run-" + std::to_string(++sent) + ".1");
    bench.transport().send({.line = {}, .request = std::move(request)}, [&](core::Exchange) {
      ++came;
      if (sent < requests) self(self);
    });
  };
  while (sent < at_once) send_next(send_next);
  ASSERT_TRUE(bench.run_until([&] { return came == requests; })) << came << " of " << sent;
  EXPECT_EQ(house.stub().arrivals().total(), requests);
  EXPECT_EQ(house.stub().arrivals().requests().size(), stub::max_logical_requests);
  for (const auto& request : house.stub().arrivals().requests()) {
    EXPECT_EQ(request.arrivals, 1U) << request.request << " under " << request.script;
  }
}

}  // namespace
}  // namespace smokeledger::probes::transport
