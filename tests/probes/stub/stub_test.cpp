#include "probes/stub/stub.h"

#include <string>

#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/stub_house.h"

namespace smokeledger::probes::stub {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct FamilyPath {
  const char* path;
  const char* mark;  // stands in its replies only
};
constexpr FamilyPath family_paths[] = {
    {"/v1/chat/completions", R"("object":"chat.completion")"},
    {"/v1/responses", R"("object":"response")"},
    {"/v1/messages", R"("type":"message")"},
    {"/v1/embeddings", R"("object":"list")"},
    {"/v1beta/models/smoke-model:generateContent", R"("modelVersion":"smoke-model")"},
};

TEST_F(StubOverSockets, AnswersEachFamilyInItsDocumentedShapeWithTheModelAskedFor) {
  std::size_t number = 0;
  for (const auto& [path, mark] : family_paths) {
    const std::string id = "X-Request-Id: stub-" + std::to_string(++number) + "\r\n";
    const std::string reply = ask(post(path));
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(reply, HasSubstr(id));
    EXPECT_THAT(reply, HasSubstr(mark));
    EXPECT_THAT(reply, HasSubstr(R"(":"smoke-model")"));
  }
}

TEST_F(StubOverSockets, PlaysScriptsForEveryFamily) {
  for (const auto& [path, mark] : family_paths) {
    EXPECT_THAT(ask(post("/s/throttled" + std::string(path))), StartsWith("HTTP/1.1 429 ")) << path;
    EXPECT_THAT(ask(post("/s/ok" + std::string(path))), HasSubstr(mark)) << path;
  }
}

TEST_F(StubOverSockets, StreamsWhereTheBodyOrThePathAsksForItExceptEmbeddings) {
  const char* wish = R"({"model":"smoke-model","stream":true})";
  const auto head = [&](const char* path, const char* body) {
    return ask(post(path, "", body)).substr(0, 48);
  };
  const auto streamed = HasSubstr("\r\nContent-Type: text/event-stream");
  for (const char* path : {"/v1/chat/completions", "/v1/responses", "/v1/messages"}) {
    EXPECT_THAT(head(path, wish), streamed) << path;
  }
  EXPECT_THAT(head("/v1beta/models/m:streamGenerateContent?alt=sse", "{}"), streamed);
  EXPECT_THAT(head("/v1beta/models/m:generateContent", wish), Not(streamed));
  EXPECT_THAT(head("/v1/embeddings", wish), Not(streamed));
}

TEST_F(StubOverSockets, PlaysAScriptByArrivalsOfOneLogicalRequest) {
  const auto attempt = [&](const char* id) {
    return ask(post("/s/recover-after-2/v1/responses", "X-Request-Id: " + std::string(id) + "\r\n"))
        .substr(9, 3);
  };
  EXPECT_EQ(attempt("run-a.1"), "429");
  EXPECT_EQ(attempt("run-b.1"), "429");
  EXPECT_EQ(attempt("run-a.2"), "429");
  EXPECT_EQ(attempt("run-a.3"), "200");
  EXPECT_EQ(attempt("run-b.2"), "429");
  EXPECT_EQ(attempt("run-a"), "200");
  EXPECT_EQ(stub_->arrivals().of_script("recover-after-2"), 6U);
  ASSERT_EQ(stub_->arrivals().requests().size(), 2U);
  EXPECT_EQ(stub_->arrivals().requests().front().request, "run-a");
  EXPECT_EQ(stub_->arrivals().requests().front().arrivals, 4U);
}

TEST_F(StubOverSockets, StartsAScriptAnewForTheSameRequestUnderAnotherScript) {
  const auto status = [&](const char* script) {
    return ask(post("/s/" + std::string(script) + "/v1/responses", "X-Request-Id: run-a.1\r\n"))
        .substr(9, 3);
  };
  EXPECT_EQ(status("throttled"), "429");
  EXPECT_EQ(status("recover-after-1"), "429");
  EXPECT_EQ(status("recover_after_1"), "200");
}

TEST_F(StubOverSockets, TakesEveryArrivalWithoutARequestIdForItsOwn) {
  EXPECT_EQ(ask(post("/s/recover-after-1/v1/responses")).substr(9, 3), "429");
  EXPECT_EQ(ask(post("/s/recover-after-1/v1/responses")).substr(9, 3), "429");
}

TEST_F(StubOverSockets, GoesOnWithTheNewestRequestOfAClientThatCountsItsRetries) {
  const auto status = [&](const char* count) {
    const std::string header = "X-Stainless-Retry-Count: " + std::string(count) + "\r\n";
    return ask(post("/s/recover-after-1/v1/responses", header)).substr(9, 3);
  };
  EXPECT_EQ(status("0"), "429");
  EXPECT_EQ(status("1"), "200");
  EXPECT_EQ(status("0"), "429");
  EXPECT_EQ(status("many"), "429") << "tells nothing";
}

TEST_F(StubOverSockets, ReadsTheRequestIdFromTheHeaderOfItsChoice) {
  stub_ = std::make_unique<Stub>(io_, StubOptions{.request_header = "x-gateway-trace"});
  port_ = *stub_->listen("127.0.0.1:0");
  const char* headers = "X-Request-Id: another\r\nX-Gateway-Trace: run-a.1\r\n";
  ask(post("/v1/responses", headers));
  EXPECT_EQ(stub_->arrivals().requests().front().request, "run-a");
}

TEST_F(StubOverSockets, RemembersWhenRequestsCameAndWhatItAsked) {
  const char* id = "X-Request-Id: run-a.1\r\n";
  ask(post("/s/throttled-retry-after-ms/v1/responses", id));
  const auto before = std::chrono::steady_clock::now();
  boost::asio::steady_timer timer(io_, std::chrono::milliseconds(20));
  timer.wait();
  ask(post("/s/throttled-retry-after-ms/v1/responses", id));
  const auto at_most = std::chrono::steady_clock::now() - before + std::chrono::seconds(1);
  const auto& seen = stub_->arrivals().requests().front().first;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].asks.wait, core::Milliseconds{50});
  EXPECT_GE(seen[1].at - seen[0].at, core::Milliseconds{20});
  EXPECT_LE(seen[1].at - seen[0].at, at_most);
}

TEST_F(StubOverSockets, RemembersWhichReplyKeptItsCallerWaiting) {
  tcp::socket socket = connect();
  const std::string text = post("/s/hang-before-headers/v1/responses");
  asio::write(socket, asio::buffer(text));
  run_until([&] { return stub_->arrivals().total() == 1; });
  EXPECT_FALSE(stub_->arrivals().requests().front().first.front().answered_at_once);
  ask(post("/s/reset/v1/responses"));
  EXPECT_TRUE(stub_->arrivals().requests().front().first.front().answered_at_once);
}

TEST_F(StubOverSockets, TellsWhatArrivedWithoutCountingTheQuestionOrShowingACredential) {
  ask(post("/v1/responses", "Authorization: Bearer CNRY-key\r\nX-Request-Id: run-a.1\r\n"));
  ask(post("/s/throttled/v1/responses", "x-api-key: CNRY-key\r\nX-Request-Id: run-b.1\r\n"));
  ask(post("/v1/responses", "X-Goog-Api-Key: CNRY-key\r\nX-Request-Id: run-a.2\r\n"));
  ask(post("/v1/responses", "X-Request-Id: run-a.3\r\n"));
  const std::string told = ask("GET /stub/arrivals HTTP/1.1\r\nHost: stub\r\n\r\n");
  EXPECT_THAT(told,
              HasSubstr(R"({"arrivals":4,"authorized":3,"by_script":{"ok":3,"throttled":1},)"
                        R"("requests":[{"request":"run-a","arrivals":3,"script":"ok",)"));
  EXPECT_THAT(told, HasSubstr(R"({"request":"run-b","arrivals":1,"script":"throttled",)"));
  EXPECT_THAT(told, Not(HasSubstr("CNRY")));
  EXPECT_EQ(stub_->arrivals().total(), 4U);
}

TEST_F(StubOverSockets, AnswersWhatItDoesNotKnowWithAnErrorObject) {
  for (const std::string& request : {post("/v1/images/generations"),
                                     post("/v1beta/models/m:streamGenerateContent"),
                                     post("/s/no-such-script/v1/responses"),
                                     post("/s/ok"),
                                     std::string("GET /v1/responses HTTP/1.1\r\n\r\n")}) {
    const std::string reply = ask(request);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 404 Not Found\r\n")) << request;
    EXPECT_THAT(reply, HasSubstr(R"({"error":{"message":)")) << request;
  }
}

TEST_F(StubOverSockets, RefusesABodyWithoutAModelAsAProviderWould) {
  for (const char* body : {"", "not json", "[]", R"({"messages":[]})", R"({"model":7})"}) {
    EXPECT_THAT(ask(post("/v1/responses", "", body)), StartsWith("HTTP/1.1 400 ")) << body;
  }
  const char* wish = R"({"stream":true})";
  for (const char* path : {"/v1/messages", "/s/stream-stalls/v1/messages"}) {
    EXPECT_THAT(ask(post(path, "", wish)), StartsWith("HTTP/1.1 400 ")) << path;
  }
  EXPECT_THAT(ask(post("/v1beta/models/:generateContent")), StartsWith("HTTP/1.1 400 "));
}

TEST_F(StubOverSockets, RefusesWhatIsNotARequest) {
  tcp::socket socket = connect();
  EXPECT_THAT(say(socket, "nonsense\r\n\r\n", ""), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(stub_->arrivals().total(), 0U);
}

TEST_F(StubOverSockets, CarriesSeveralRequestsOnOneConnection) {
  tcp::socket socket = connect();
  EXPECT_THAT(say(socket, post("/v1/responses"), "\"metadata\":{}}"), HasSubstr("stub-1"));
  EXPECT_THAT(say(socket, post("/v1/responses") + post("/v1/responses"), "resp_stub_3"),
              HasSubstr("resp_stub_2"));
}

TEST_F(StubOverSockets, ReadsAChunkedRequest) {
  const std::string body = R"({"model":"smoke-model"})";
  const std::string reply =
      ask("POST /v1/responses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
          "9;note=x\r\n" +
          body.substr(0, 9) + "\r\ne\r\n" + body.substr(9) + "\r\n0\r\nX-Trailer: 1\r\n\r\n");
  EXPECT_THAT(reply, HasSubstr(R"("model":"smoke-model")"));
}

TEST_F(StubOverSockets, DoesNotCountARequestUntilItsBodyIsComplete) {
  tcp::socket socket = connect();
  const std::string whole = post("/v1/responses");
  asio::write(socket, asio::buffer(whole.data(), whole.size() - 1));
  ASSERT_THAT(ask(post("/v1/responses")), HasSubstr("stub-1"));
  EXPECT_EQ(stub_->arrivals().total(), 1U);
  EXPECT_THAT(say(socket, whole.substr(whole.size() - 1), "resp_stub"), HasSubstr("stub-2"));
}

TEST_F(StubOverSockets, EndsEveryHangWhenItGoes) {
  tcp::socket socket = connect();
  const std::string text = post("/s/hang-before-headers/v1/responses");
  asio::write(socket, asio::buffer(text));
  run_until([&] { return stub_->arrivals().total() == 1; });
  stub_.reset();
  EXPECT_EQ(say(socket, "", ""), "");
}

TEST_F(StubOverSockets, ListensOnLoopbackOnly) {
  for (const char* address : {"0.0.0.0:0",
                              "[::]:0",
                              "192.0.2.1:80",
                              "8080",
                              "",
                              "127.0.0.1:",
                              "127.0.0.1:70000",
                              "127.0.0.1:8x",
                              "example.org:80"}) {
    EXPECT_FALSE(stub_->listen(address)) << address;
  }
  EXPECT_THAT(stub_->listen("0.0.0.0:0").error(), HasSubstr("not a loopback address"));
  EXPECT_THAT(stub_->listen("127.0.0.1:" + std::to_string(port_)).error(),
              HasSubstr("cannot listen on"));
}

}  // namespace
}  // namespace smokeledger::probes::stub
