#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/exporters/web/client.h"
#include "tests/exporters/web/served.h"

namespace smokeledger::exporters::web {
namespace {

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view json_post =
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

WebLimits quick() {
  WebLimits limits;
  limits.header_seconds = 1;
  limits.request_seconds = 1;
  limits.idle_seconds = 1;
  return limits;
}

TEST(Limits, ABodyThatSaysItIsTooLargeIsRefusedBeforeItIsSent) {
  WebLimits limits;
  limits.body_bytes = 100;
  Served served(limits);
  const auto request = std::string(json_post) + "Content-Length: 101\r\n\r\n";
  EXPECT_EQ(ask(served.port(), request).status, 413);
  const auto fits = std::string(json_post) + "Content-Length: 100\r\n\r\n" + std::string(100, 'x');
  EXPECT_EQ(ask(served.port(), fits).status, 200);
}

TEST(Limits, AChunkedBodyIsRefusedWhereItGrowsTooLarge) {
  WebLimits limits;
  limits.body_bytes = 100;
  Served served(limits);
  auto request = std::string(json_post) + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 11; ++i) request += "a\r\n0123456789\r\n";
  EXPECT_EQ(ask(served.port(), request).status, 413);
}

TEST(Limits, AReplyToATooLargeBodyIsNotLostToTheUnreadRest) {
  Served served;
  Client client = Client::tcp(served.port());
  EXPECT_TRUE(client.send(std::string(json_post) + "Content-Length: 4000000\r\n\r\n" +
                          std::string(1'000'000, 'x')));
  client.finish_sending();
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, AChunkExtensionCannotGrowWithoutEnd) {
  Served served;
  const auto request =
      std::string(json_post) + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(50'000, 'x');
  EXPECT_EQ(ask(served.port(), request).status, 431);
}

TEST(Limits, AHeaderTooLargeIsRefused) {
  Served served;
  const std::string big(9 * 1024, 'x');
  EXPECT_EQ(
      ask(served.port(), "GET /hello HTTP/1.1\r\nHost: localhost\r\nA: " + big + "\r\n\r\n").status,
      431);
  EXPECT_EQ(ask(served.port(), "GET /" + big + " HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 431);
  EXPECT_EQ(ask(served.port(), "GET /" + big).status, 431) << "without an end";
}

TEST(Limits, TooManyHeaderFieldsAreRefused) {
  Served served;
  std::string request = "GET /hello HTTP/1.1\r\nHost: localhost\r\n";
  for (int i = 0; i < 63; ++i) request += "A" + std::to_string(i) + ": b\r\n";
  EXPECT_EQ(ask(served.port(), request + "\r\n").status, 200);
  EXPECT_EQ(ask(served.port(), request + "One-more: b\r\n\r\n").status, 431);
}

TEST(Limits, AnUnfinishedHeaderEndsAtItsDeadline) {
  Served served(quick());
  Client client = Client::tcp(served.port());
  client.send("GET /hello HTTP/1.1\r\nHost: local");
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, AnUnfinishedBodyEndsAtItsDeadline) {
  Served served(quick());
  Client client = Client::tcp(served.port());
  client.send(std::string(json_post) + "Content-Length: 2\r\n\r\n{");
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, AConnectionThatNeverAsksIsClosedWithoutAWord) {
  Served served(quick());
  Client client = Client::tcp(served.port());
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, AKeptConnectionThatStaysIdleIsClosedWithoutAWord) {
  Served served(quick());
  Client client = Client::tcp(served.port());
  client.send(hello);
  ASSERT_TRUE(client.reply());
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, SlowHeadersDoNotKeepAScrapeOut) {
  Served served;  // 64 connections, header deadline 5 s
  std::vector<Client> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(Client::tcp(served.port()));
    slow.back().send("GET /hello HTTP/1.1\r\nHost: ");
  }
  EXPECT_EQ(ask(served.port(), hello).status, 200);
  EXPECT_TRUE(slow.front().closed_by_server()) << "the oldest made room";
}

TEST(Limits, WhenEveryConnectionAwaitsItsReplyANewOneIsClosedAtOnce) {
  WebLimits limits;
  limits.connections = 2;
  Served served(limits);
  std::vector<Client> waiting;
  std::vector<Reply> replies;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(Client::tcp(served.port()));
    waiting.back().send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
    replies.push_back(served.kept().take());
  }
  EXPECT_TRUE(Client::tcp(served.port()).closed_by_server());
  for (int i = 0; i < 2; ++i) replies[static_cast<std::size_t>(i)](WebResponse{});
  for (auto& client : waiting) {
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
  }
  EXPECT_EQ(ask(served.port(), hello).status, 200) << "an idle one made room";
}

// Every descriptor of this process taken, until it goes.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (int one = 0; (one = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) {
      taken_.push_back(one);
    }
  }
  ~NoDescriptorLeft() {
    for (const int one : taken_) ::close(one);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptorLeft(const NoDescriptorLeft&) = delete;
  NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

std::chrono::microseconds cpu_used() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

TEST(Limits, RunningOutOfDescriptorsNeitherSpinsNorEndsTheListener) {
  Served served;
  Client client = Client::open_tcp();
  {
    const NoDescriptorLeft none;
    ASSERT_TRUE(client.connect_tcp(served.port()));
    client.send(hello);
    const auto before = cpu_used();
    // The state under test is one that lasts: a second of nothing being possible.
    std::this_thread::sleep_for(std::chrono::seconds(1));
    EXPECT_LT(cpu_used() - before, std::chrono::milliseconds(50)) << "a spin would use it all";
  }
  const auto reply = client.reply();
  ASSERT_TRUE(reply) << "accepted once there was a descriptor again";
  EXPECT_EQ(reply->status, 200);
}

}  // namespace
}  // namespace smokeledger::exporters::web
