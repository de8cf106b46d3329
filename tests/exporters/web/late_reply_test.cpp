#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/exporters/web/client.h"
#include "tests/exporters/web/served.h"

namespace smokeledger::exporters::web {
namespace {

constexpr std::string_view later = "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n";

WebResponse text(std::string body) {
  WebResponse response;
  response.body = std::move(body);
  return response;
}

TEST(LateReply, FromAnotherThreadReachesItsClient) {
  Served served;
  std::vector<Client> clients;
  std::vector<Reply> replies;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(Client::tcp(served.port()));
    clients.back().send(later);
    replies.push_back(served.kept().take());
  }
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    threads.emplace_back([&replies, i] { replies[i](text("reply " + std::to_string(i))); });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto reply = clients[i].reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "reply " + std::to_string(i));
  }
}

TEST(LateReply, ToAClientThatHasGoneIsDropped) {
  Served served;
  Reply reply;
  {
    Client client = Client::tcp(served.port());
    client.send(later);
    reply = served.kept().take();
  }
  reply(text("nobody reads this"));
  EXPECT_EQ(ask(served.port(), "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST(LateReply, AfterTheServerIsGoneIsDropped) {
  Reply reply;
  {
    Served served;
    Client client = Client::tcp(served.port());
    client.send(later);
    reply = served.kept().take();
    served.destroy_server();
    EXPECT_TRUE(client.closed_by_server());
    reply(text("the io_context still runs"));
  }
  std::thread([&reply] { reply(text("and now it is gone")); }).join();
}

TEST(LateReply, GivenTwiceIsSentOnce) {
  Served served;
  Client client = Client::tcp(served.port());
  client.send(later);
  const Reply reply = served.kept().take();
  reply(text("first"));
  reply(text("second"));
  ASSERT_EQ(client.reply()->body, "first");
  client.send(later);
  const Reply next = served.kept().take();
  reply(text("third, to the wrong request"));
  next(text("right"));
  EXPECT_EQ(client.reply()->body, "right");
}

TEST(LateReply, AfterTheDeadlineIsDroppedAndTheClientWasToldSo) {
  WebLimits limits;
  limits.request_seconds = 1;
  Served served(limits);
  Client client = Client::tcp(served.port());
  client.send(later);
  const Reply reply = served.kept().take();
  const auto refused = client.reply();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  reply(text("too late"));
  EXPECT_TRUE(client.closed_by_server());
}

}  // namespace
}  // namespace smokeledger::exporters::web
