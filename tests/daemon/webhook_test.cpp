#include "daemon/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/digest.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

struct Target {
  std::string url;
  std::optional<std::string> said;
};

const Target targets[] = {
    {"https://hooks.example.com/services/T0/B0/secret", "https://hooks.example.com"},
    {"https://hooks.example.com:8443/a?sig=" + std::string(1'000, 'a'),
     "https://hooks.example.com"},
    {"http://127.0.0.1:9000/hook", "http://127.0.0.1"},
    {"http://localhost/hook", "http://localhost"},
    {"http://[::1]:9000/hook", "http://::1"},
    {"http://hooks.example.com/hook", std::nullopt},
    {"http://127.0.0.1.example.com/hook", std::nullopt},
    {"https://user:password@hooks.example.com/", std::nullopt},
    {"https://hooks.example.com/#part", std::nullopt},
    {"https://hooks.example.com/?a#part", std::nullopt},
    {"ftp://hooks.example.com/", std::nullopt},
    {"file:///etc/passwd", std::nullopt},
    {"hooks.example.com", std::nullopt},
    {"", std::nullopt},
};

TEST(Webhook, IsPostedToOverTlsOrToThisHostAndNamedBySchemeAndHostAlone) {
  for (const auto& target : targets)
    EXPECT_EQ(sayable_target(target.url), target.said) << target.url;
}

TEST(Webhook, GetsThePacketWithItsIdTheTimeAndASignatureOfBoth) {
  const Webhook webhook{std::make_shared<probes::run::Secret>("https://hooks.example.com/x"),
                        std::make_shared<probes::run::Secret>("the-key"),
                        "https://hooks.example.com"};
  const core::WallTime now{std::chrono::seconds(1'795'336'860)};
  const auto request = webhook_request(webhook, {"staging-0a1b2c3d-57", "{}\n"}, now);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://hooks.example.com/x");
  EXPECT_EQ(request.body, "{}\n");
  EXPECT_EQ(request.secret, nullptr);
  EXPECT_THAT(request.headers,
              ElementsAre(Pair("content-type", "application/json"),
                          Pair("x-smokeledger-packet", "staging-0a1b2c3d-57"),
                          Pair("x-smokeledger-timestamp", "1795336860"),
                          Pair("x-smokeledger-signature",
                               "sha256=" + config::hmac_sha256_hex("the-key", "1795336860.{}\n"))));
}

TEST(Webhook, GetsTheLinesThatProveThePacketAsTheyStand) {
  const exporters::packets::PacketFiles files{"{\"a\":1}\n", "# a", "a.slice.jsonl", "{\"b\":2}\n"};
  EXPECT_EQ(webhook_body(files), "{\"packet\":{\"a\":1},\"slice\":\"{\\\"b\\\":2}\\u000a\"}");
}

struct Defect {
  std::string url;  // empty: no file
  std::string key;
  std::string why;
};
const Defect defects[] = {
    {"", "key", "/url: there is none"},
    {"https://hooks.example.com/secret", "", "/key: there is none"},
    {"https://hooks.example.com/secret", "two words", "/key: it holds a blank"},
    {"http://hooks.example.com/secret", "key", "/url: it holds no URL that is posted to; write"},
};

TEST(Webhook, IsOpenedOrItIsSaidWhichSecretIsWantingAndWhere) {
  for (const auto& defect : defects) {
    const tests::ScratchDir dir;
    config::PacketsConfig config;
    config.webhook_url.file = dir.path() / "url";
    config.webhook_key.file = dir.path() / "key";
    if (!defect.url.empty()) tests::write_bytes(dir.path() / "url", defect.url);
    if (!defect.key.empty()) tests::write_bytes(dir.path() / "key", defect.key);
    std::string why;
    EXPECT_FALSE(open_webhook(config, "", why)) << defect.why;
    EXPECT_THAT(why, HasSubstr(defect.why));
    EXPECT_THAT(why, StartsWith("packets.webhook_"));
    EXPECT_THAT(why, Not(HasSubstr("secret")));
  }
}

// https://www.rfc-editor.org/rfc/rfc4231 test cases 1, 2 and 6
TEST(Webhook, SignsAsTheStandardSays) {
  EXPECT_EQ(config::hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(config::hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(config::hmac_sha256_hex(std::string(131, '\xaa'),
                                    "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace smokeledger::daemon
