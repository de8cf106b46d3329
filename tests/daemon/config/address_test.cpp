#include "daemon/config/address.h"

#include <gtest/gtest.h>

namespace smokeledger::daemon::config {
namespace {

TEST(Url, is_taken_apart_into_what_a_configuration_asks_about) {
  const auto url = parse_url("HTTPS://user@[2001:db8::1]:8443/v1/?a=b#c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "2001:db8::1");
  EXPECT_EQ(url->plain, "https://user@[2001:db8::1]:8443/v1/");
  EXPECT_TRUE(url->user_info);
  EXPECT_TRUE(url->query_or_fragment);
}

TEST(Url, of_another_form_is_refused) {
  for (const auto* text : {"",
                           "api.example.com",
                           "ftp://a.example",
                           "https://",
                           "https:///path",
                           "https://a b.example",
                           "https://a.example:port",
                           "https://a.example:70000",
                           "https://[::1",
                           "https://[nonsense]/",
                           "https://a.example/\n",
                           "https://a%2eexample/",
                           "https://a.example\\b",
                           "//a.example"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Loopback, is_a_host_that_cannot_leave_this_machine) {
  for (const auto* host :
       {"127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const auto* host : {"",
                           "0.0.0.0",
                           "128.0.0.1",
                           "127.1",
                           "0x7f.0.0.1",
                           "127.0.0.1.example.com",
                           "localhost.example.com",
                           "::",
                           "::ffff:127.0.0.1",
                           "::2"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(ListenAddress, is_a_host_or_none_and_a_port) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:9464")->host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address(":9465")->host, "");
  for (const auto* text : {"",
                           "9464",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:x",
                           "::1:9464",
                           "127.0.0.1:65536",
                           "127.0.0.1:9464/"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
