// What leaves, byte for byte, and how unusual replies read.
#include <stdlib.h>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "probes/transport/curl_transport.h"
#include "tests/probes/transport/bench.h"
#include "tests/probes/transport/raw_peer.h"

namespace smokeledger::probes::transport {
namespace {

constexpr const char* plain_reply =
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nStrict-Transport-Security: max-age=99\r\n"
    "Content-Length: 2\r\n\r\nok";

run::Request request_to(const RawPeer& peer) {
  run::Request request;
  request.url = "http://127.0.0.1:" + std::to_string(peer.port()) + "/v1/responses";
  request.timeout = patience;
  return request;
}

std::string expected_head(const RawPeer& peer, const std::string& own_lines) {
  return "POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
         "\r\nUser-Agent: smokeledger/1.2.3\r\nAccept: */*\r\n" + own_lines +
         "Content-Length: 4\r\n";
}

TEST(Wire, CarriesExactlyTheRequestTheCredentialAndNothingElse) {
  struct Row {
    core::AuthScheme auth;
    const char* line;
  };
  const std::vector<Row> rows{{core::AuthScheme::bearer, "Authorization: Bearer CNRY-key\r\n"},
                              {core::AuthScheme::x_api_key, "x-api-key: CNRY-key\r\n"},
                              {core::AuthScheme::none, ""}};
  Bench bench({.version = "1.2.3"});
  RawPeer peer(bench.io(), plain_reply, nullptr, AfterReply::keep_open);
  for (const Row& row : rows) {
    run::Request request = request_to(peer);
    request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    request.body = "{  }";
    request.auth = row.auth;
    if (row.auth != core::AuthScheme::none) {
      request.secret = std::make_shared<const run::Secret>("CNRY-key");
    }
    ASSERT_EQ(in_words(bench.exchange(request)), "reply 200");
    EXPECT_EQ(peer.received().heads.back(),
              expected_head(
                  peer, "Content-Type: application/json\r\nX-Empty:\r\n" + std::string(row.line)));
  }
  EXPECT_EQ(peer.received().connections, rows.size()) << "a fresh connection for each";
}

TEST(Wire, DoesNotCallABodyAFormWhenItHasNoType) {
  Bench bench({.version = "1.2.3"});
  RawPeer peer(bench.io(), plain_reply);
  run::Request request = request_to(peer);
  request.body = "{  }";
  ASSERT_EQ(in_words(bench.exchange(request)), "reply 200");
  EXPECT_EQ(peer.received().heads.back(), expected_head(peer, ""));
}

TEST(Wire, SendsALargeBodyWithoutAskingForPermissionFirst) {
  Bench bench;
  RawPeer peer(bench.io(), plain_reply);
  run::Request request = request_to(peer);
  request.body = std::string(stub::max_request_body_bytes, ' ');
  EXPECT_EQ(in_words(bench.exchange(request)), "reply 200");
}

TEST(Wire, IgnoresAProxyFromTheEnvironment) {
  ::unsetenv("no_proxy");
  ::unsetenv("NO_PROXY");
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  Bench bench;
  RawPeer peer(bench.io(), plain_reply);
  const auto exchange = bench.exchange(request_to(peer));
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(in_words(exchange), "reply 200");
}

TEST(Wire, KeepsOnlyTheHeadersOfTheFinalReply) {
  Bench bench;
  RawPeer peer(bench.io(),
               "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nRetry-After: 9\r\n\r\n"
               "HTTP/1.1 200 OK\r\nX-ONE: 1 \r\nTransfer-Encoding: chunked\r\n\r\n"
               "2\r\nok\r\n0\r\nX-Trailer: late\r\n\r\n");
  const auto exchange = bench.exchange(request_to(peer));
  const auto& reply = std::get<core::Reply>(exchange);
  EXPECT_EQ(reply.body, "ok");
  EXPECT_EQ(reply.header("x-one"), "1");
  EXPECT_EQ(reply.headers.size(), 2U);
}

struct Odd {
  const char* name;
  std::string reply;
  const char* expected;
};

TEST(Wire, ReadsUnusualRepliesForWhatTheyAre) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::vector<Odd> rows{
      {"a body that ends with the connection", head + "\r\nok", "reply 200"},
      {"an interim reply and nothing more", "HTTP/1.1 103 Early Hints\r\n\r\n", "fault connect"},
      {"headers that end early", head + "X-One: 1\r\n", "fault truncated 200"},
      {"a chunk that ends early",
       head + "Transfer-Encoding: chunked\r\n\r\n9\r\nab",
       "fault truncated 200"},
      {"one header line of a megabyte",
       head + "X-Long: " + std::string(1 << 20, 'a') + "\r\n\r\n",
       "fault too_large 200"},
      {"interim replies without end",
       [] {
         std::string storm;
         while (storm.size() < 1 << 17) storm += "HTTP/1.1 102 Processing\r\n\r\n";
         return storm;
       }(),
       "fault too_large"},
      {"an identity encoding",
       head + "Content-Encoding: identity\r\nContent-Length: 2\r\n\r\nok",
       "reply 200"},
      {"stacked encodings",
       head + "Content-Encoding: gzip, br\r\nContent-Length: 2\r\n\r\nok",
       "fault protocol 200"},
      {"a terabyte announced",
       head + "Content-Length: 1000000000000\r\n\r\nok",
       "fault truncated 200"},
      {"HTTP/0.9", "<html>hello</html>", "fault protocol"},
  };
  Bench bench;
  for (const Odd& odd : rows) {
    RawPeer peer(bench.io(), odd.reply);
    EXPECT_EQ(in_words(bench.exchange(request_to(peer))), odd.expected) << odd.name;
    EXPECT_EQ(peer.received().heads.size(), 1U) << odd.name;
  }
}

}  // namespace
}  // namespace smokeledger::probes::transport
