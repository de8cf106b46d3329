#include "exporters/web/server.h"

#include <gtest/gtest.h>

#include "tests/exporters/web/client.h"
#include "tests/exporters/web/served.h"

namespace smokeledger::exporters::web {
namespace {

constexpr std::string_view json_post_head =
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

TEST(WebServer, AnswersAGetWithTheHandlersReply) {
  Served served;
  const auto reply = ask(served.port(), "GET /hello?a=%20b HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hello?a=%20b");
  EXPECT_EQ(reply.headers.at("content-type"), "text/plain; charset=utf-8");
}

TEST(WebServer, AnswersAHeadWithTheLengthAloneAndGoesOn) {
  Served served;
  Client client = Client::tcp(served.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.reply(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.at("content-length"), "6");
  client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto get = client.reply();
  ASSERT_TRUE(get) << "a body of the HEAD reply came in between";
  EXPECT_EQ(get->body, "hello?");
}

TEST(WebServer, PutsTheSecurityHeadersOnEveryReply) {
  Served served;
  for (const auto* request : {"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n",
                              "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
                              "nonsense\r\n\r\n"}) {
    const auto reply = ask(served.port(), request);
    ASSERT_NE(reply.status, 0) << request;
    EXPECT_EQ(reply.headers.at("content-security-policy"),
              "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
              "form-action 'self'");
    EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.headers.at("referrer-policy"), "no-referrer");
    EXPECT_EQ(reply.headers.at("cache-control"), "no-store");
    EXPECT_EQ(reply.headers.at("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(reply.headers.at("cross-origin-resource-policy"), "same-origin");
  }
}

struct Asked {
  const char* what;
  const char* request;
  int status;
};

TEST(WebServer, RefusesWithTheStatusThatNamesTheReason) {
  Served served;
  const Asked table[] = {
      {"an unknown path", "GET /hello/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
      {"another method", "DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"an unknown method", "BREW /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"a GET where only POST is", "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"another host", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
      {"a host that only begins like ours",
       "GET /hello HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n",
       421},
      {"HTTP/1.0 without Host", "GET /hello HTTP/1.0\r\n\r\n", 421},
      {"no Host", "GET /hello HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
      {"a proxy's target", "GET http://localhost/hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"Expect", "GET /hello HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n", 417},
      {"a form's POST",
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
       "Content-Length: 2\r\n\r\n{}",
       415},
      {"a POST without a content type",
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
       415},
      {"a POST from a web page",
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
       "Origin: http://localhost\r\nContent-Length: 2\r\n\r\n{}",
       403},
      {"a POST from another site",
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
       "Sec-Fetch-Site: cross-site\r\nContent-Length: 2\r\n\r\n{}",
       403},
  };
  for (const auto& row : table) {
    EXPECT_EQ(ask(served.port(), row.request).status, row.status) << row.what;
  }
}

TEST(WebServer, ServesWhateverStandsBelowAFolder) {
  auto options = hello_options(std::make_shared<KeptReplies>());
  options.routes.push_back({"GET", "/line/*", [](const WebRequest& request, const Reply& reply) {
                              reply({200, "text/plain", request.path + '?' + request.query});
                            }});
  Served served(options);
  const auto get = [&](const std::string& target) {
    return ask(served.port(), "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  EXPECT_EQ(get("/line/a-1?b=c").body, "/line/a-1?b=c");
  EXPECT_EQ(get("/line/a/../b").body, "/line/a/../b?");
  for (const auto* target : {"/line", "/line/", "/line?x", "/lines/a", "/line/?x", "/x/line/a"}) {
    EXPECT_EQ(get(target).status, 404) << target;
  }
}

TEST(WebServer, NamesTheAllowedMethodsWithA405) {
  Served served;
  const auto get = ask(served.port(), "PUT /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(get.headers.at("allow"), "GET, HEAD");
  const auto post = ask(served.port(), "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(post.headers.at("allow"), "POST");
}

TEST(WebServer, AcceptsItsOwnNamesWithAndWithoutAPort) {
  auto options = hello_options(std::make_shared<KeptReplies>());
  options.hosts = {"staging.example"};
  Served served(options);
  for (const auto* host : {"localhost",
                           "LOCALHOST:9464",
                           "127.0.0.1:9464",
                           "[::1]",
                           "[::1]:9464",
                           "staging.example:9464"}) {
    const auto request = "GET /hello HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
    EXPECT_EQ(ask(served.port(), request).status, 200) << host;
  }
}

TEST(WebServer, TakesAnyHostWhereItIsToldTo) {
  auto options = hello_options(std::make_shared<KeptReplies>());
  options.any_host = true;
  Served served(options);
  EXPECT_EQ(ask(served.port(), "GET /hello HTTP/1.1\r\nHost: a.example\r\n\r\n").status, 200);
}

TEST(WebServer, HandsOverABodyOfKnownLengthAndAChunkedOne) {
  Served served;
  const auto whole =
      ask(served.port(), std::string(json_post_head) + "Content-Length: 7\r\n\r\n{\"a\":1}");
  EXPECT_EQ(whole.body, "{\"a\":1}");
  const auto chunked = ask(served.port(),
                           std::string(json_post_head) +
                               "Transfer-Encoding: chunked\r\n\r\n"
                               "3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.body, "{\"a\":1}");
  const auto with_charset = ask(served.port(),
                                "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                                "Content-Type: Application/JSON ; charset=utf-8\r\n"
                                "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(with_charset.body, "{}");
}

TEST(WebServer, KeepsAConnectionForTheNextRequestUnlessAskedToClose) {
  Served served;
  Client client = Client::tcp(served.port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto reply = client.reply();
    ASSERT_TRUE(reply) << i;
    EXPECT_EQ(reply->headers.at("connection"), "keep-alive");
  }
  client.send("GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(client.reply()) << "a 404 need not end the connection";
  client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto last = client.reply();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->headers.at("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(WebServer, AnswersHttp10AndCloses) {
  Served served;
  Client client = Client::tcp(served.port());
  client.send("GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(client.reply());
  EXPECT_TRUE(client.closed_by_server());
}

TEST(WebServer, ReadsAClientThatSendsAByteAtATime) {
  Served served;
  Client client = Client::tcp(served.port());
  for (const char c : std::string(json_post_head) + "Content-Length: 2\r\n\r\n{}") {
    ASSERT_TRUE(client.send({&c, 1}));
  }
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "{}");
}

TEST(WebServer, DoesNotPipeline) {
  Served served;
  Client client = Client::tcp(served.port());
  client.send(
      "GET /hello?1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /hello?2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "hello?1");
  EXPECT_EQ(reply->headers.at("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(WebServer, AnswersAClientThatHasStoppedSending) {
  Served served;
  Client client = Client::tcp(served.port());
  client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.finish_sending();
  WebResponse response;
  response.body = "at last";
  served.kept().take()(response);
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "at last");
}

}  // namespace
}  // namespace smokeledger::exporters::web
