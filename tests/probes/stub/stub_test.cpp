#include "probes/stub/stub.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/stub/bodies.h"
#include "probes/stub/script.h"

namespace smokeledger::probes::stub {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::chrono::seconds patience{60};

std::string post(std::string_view path,
                 std::string_view extra_headers = "",
                 std::string_view body = R"({"model":"smoke-model"})") {
  std::string text = "POST " + std::string(path) + " HTTP/1.1\r\nHost: stub\r\n";
  text += extra_headers;
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  return text;
}

class StubOverSockets : public testing::Test {
 protected:
  void SetUp() override {
    const auto port = stub_->listen("127.0.0.1:0");
    ASSERT_TRUE(port) << port.error();
    port_ = *port;
  }

  void run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(done());
  }

  tcp::socket connect() {
    tcp::socket socket(io_);
    socket.connect({asio::ip::address_v4::loopback(), port_});
    return socket;
  }

  // Sends, then reads until the stub closes or `enough` stands in what was read.
  std::string say(tcp::socket& socket, std::string_view text, std::string_view enough) {
    asio::write(socket, asio::buffer(text.data(), text.size()));
    std::string read;
    std::array<char, 4096> chunk{};
    bool ended = false;
    const std::function<void()> more = [&] {
      socket.async_read_some(asio::buffer(chunk), [&](auto error, std::size_t size) {
        read.append(chunk.data(), size);
        ended = error || (!enough.empty() && read.find(enough) != std::string::npos);
        if (!ended) more();
      });
    };
    more();
    run_until([&] { return ended; });
    return read;
  }

  std::string ask(std::string_view text) {
    tcp::socket socket = connect();
    std::string request(text);
    request.insert(request.find("\r\n") + 2, "Connection: close\r\n");
    return say(socket, request, "");
  }

  asio::io_context io_;
  std::unique_ptr<Stub> stub_ = std::make_unique<Stub>(io_, StubOptions{});
  std::uint16_t port_ = 0;
};

TEST_F(StubOverSockets, AnswersEachFamilyInItsDocumentedShapeWithTheModelAskedFor) {
  const std::string chat = ask(post("/v1/chat/completions"));
  EXPECT_THAT(chat, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(chat, HasSubstr("X-Request-Id: stub-1\r\n"));
  EXPECT_THAT(chat, HasSubstr(R"("object":"chat.completion")"));
  EXPECT_THAT(chat, HasSubstr(R"("model":"smoke-model")"));
  const std::string response = ask(post("/v1/responses"));
  EXPECT_THAT(response, HasSubstr("X-Request-Id: stub-2\r\n"));
  EXPECT_THAT(response, HasSubstr(R"("object":"response")"));
  EXPECT_THAT(response, HasSubstr(R"("model":"smoke-model")"));
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

TEST_F(StubOverSockets, TellsWhatArrivedWithoutCountingTheQuestionOrShowingACredential) {
  ask(post("/v1/responses", "Authorization: Bearer CNRY-key\r\nX-Request-Id: run-a.1\r\n"));
  ask(post("/s/throttled/v1/responses", "x-api-key: CNRY-key\r\nX-Request-Id: run-b.1\r\n"));
  ask(post("/v1/responses", "X-Request-Id: run-a.2\r\n"));
  const std::string told = ask("GET /stub/arrivals HTTP/1.1\r\nHost: stub\r\n\r\n");
  EXPECT_THAT(told,
              HasSubstr(R"({"arrivals":3,"authorized":2,"by_script":{"ok":2,"throttled":1},)"
                        R"("requests":[{"request":"run-a","arrivals":2,"script":"ok"},)"
                        R"({"request":"run-b","arrivals":1,"script":"throttled"}]})"));
  EXPECT_THAT(told, Not(HasSubstr("CNRY")));
  EXPECT_EQ(stub_->arrivals().total(), 3U);
}

TEST_F(StubOverSockets, AnswersWhatItDoesNotKnowWithAnErrorObject) {
  for (const std::string& request : {post("/v1/embeddings"),
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
