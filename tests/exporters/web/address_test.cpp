#include "exporters/web/address.h"

#include <gtest/gtest.h>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {
namespace {

TEST(LoopbackAddress, IsOneThatNoOtherHostCanReach) {
  for (const auto* address : {"127.0.0.1:9464", "127.255.3.4:1", "[::1]:9464", "localhost:0"}) {
    EXPECT_TRUE(is_loopback_address(address)) << address;
  }
}

TEST(LoopbackAddress, IsNothingElse) {
  for (const auto* address : {":9464",
                              "0.0.0.0:9464",
                              "[::]:9464",
                              "192.0.2.1:9464",
                              "127.0.0.1",
                              "127.0.0.1:",
                              "127.0.0.1:65536",
                              "127.0.0.1:-1",
                              "127.0.0.1:9464 ",
                              "127.0.0.1.example.com:80",
                              "127.1:80",
                              "::1:80",
                              "[::1]",
                              "localhost.example.com:80",
                              ""}) {
    EXPECT_FALSE(is_loopback_address(address)) << address;
  }
}

TEST(ListenAddress, WithoutHostMeansEveryInterface) {
  const auto parsed = parse_listen_address(":9464");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_TRUE(parsed->every_interface);
  EXPECT_EQ(parsed->endpoint.port(), 9464);
}

TEST(ListenAddress, IsWrittenAsItIsRead) {
  for (const auto* address : {"127.0.0.1:9464", "[::1]:80", "[2001:db8::7]:65535"}) {
    const auto parsed = parse_listen_address(address);
    ASSERT_TRUE(parsed.has_value()) << address;
    EXPECT_EQ(format(parsed->endpoint), address);
  }
}

TEST(ListenAddress, ThatIsANameIsRefusedWithWhatToWriteInstead) {
  const auto parsed = parse_listen_address("metrics.example.com:9464");
  ASSERT_TRUE(parsed.has_error());
  EXPECT_EQ(parsed.error(),
            "`metrics.example.com:9464` does not begin with an IP address; write 127.0.0.1, "
            "[::1] or localhost");
}

TEST(Listening, OnAnAddressInUseSaysSo) {
  boost::asio::io_context io;
  WebServer first(io, {});
  const auto address = first.listen("localhost:0");
  ASSERT_TRUE(address.has_value());
  WebServer second(io, {});
  const auto refused = second.listen(*address);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error(), "cannot listen on " + *address + ": Address already in use");
}

}  // namespace
}  // namespace smokeledger::exporters::web
