// Run by silent_dns.sh in namespaces of its own, where the only name server is 127.0.0.1 and this
// test holds that port without ever answering.
#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/ip/udp.hpp>
#include <gtest/gtest.h>

#include "tests/probes/transport/bench.h"

namespace smokeledger::probes::transport {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::udp;
using SteadyTime = std::chrono::steady_clock::time_point;

run::Request request_by_name(std::chrono::milliseconds timeout) {
  run::Request request;
  request.url = "http://provider.example/v1/chat/completions";
  request.timeout = timeout;
  return request;
}

class SilentDns : public testing::Test {
 protected:
  Bench bench_;
  udp::socket name_server_{bench_.io(), {boost::asio::ip::address_v4::loopback(), 53}};
  SteadyTime start_ = std::chrono::steady_clock::now();

  std::chrono::steady_clock::duration elapsed() const {
    return std::chrono::steady_clock::now() - start_;
  }
};

// Far below the 10 s that the system's resolver takes to give up, and far above any busy moment.
constexpr auto before_the_resolver_gives_up = 6s;

TEST_F(SilentDns, EndsARequestAtItsDeadline) {
  EXPECT_EQ(in_words(bench_.exchange(request_by_name(1s))), "fault timeout");
  EXPECT_GE(elapsed(), 900ms);
  EXPECT_LT(elapsed(), before_the_resolver_gives_up);
  EXPECT_GT(name_server_.available(), 0U) << "the name server was never asked";
}

TEST_F(SilentDns, KeepsNothingElseWaiting) {
  StubHouse house(bench_.io());
  std::size_t ended = 0;
  for (int i = 0; i < 5; ++i) {
    bench_.transport().send({.line = {}, .request = request_by_name(1s)},
                            [&](core::Exchange) { ++ended; });
  }
  std::size_t answered = 0;
  while (ended < 5 && answered < 100'000) {
    ASSERT_EQ(in_words(bench_.exchange(house.request("ok"))), "reply 200");
    ++answered;
  }
  EXPECT_EQ(ended, 5U);
  EXPECT_GT(answered, 0U);
  EXPECT_LT(elapsed(), before_the_resolver_gives_up);
}

TEST_F(SilentDns, DoesNotDelayACancelOrTheEnd) {
  const auto id = bench_.transport().send({.line = {}, .request = request_by_name(60s)},
                                          [](core::Exchange) { ADD_FAILURE(); });
  bench_.transport().send({.line = {}, .request = request_by_name(60s)},
                          [](core::Exchange) { ADD_FAILURE(); });
  ASSERT_TRUE(bench_.run_until([&] { return name_server_.available() > 0; }));
  bench_.transport().cancel(id);
  bench_.destroy_transport();
  EXPECT_LT(elapsed(), before_the_resolver_gives_up);
}

}  // namespace
}  // namespace smokeledger::probes::transport
