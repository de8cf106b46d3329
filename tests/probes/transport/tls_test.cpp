#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "probes/transport/curl_transport.h"
#include "probes/transport/environment.h"
#include "tests/probes/transport/bench.h"
#include "tests/probes/transport/certificate.h"
#include "tests/probes/transport/raw_peer.h"

namespace smokeledger::probes::transport {
namespace {

namespace fs = std::filesystem;
namespace ssl = boost::asio::ssl;

constexpr const char* plain_reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// A directory of its own, gone with the test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "smokeledger-tls-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path file(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

ssl::context server_context(const Certificate& certificate) {
  ssl::context context(ssl::context::tls_server);
  context.use_certificate(boost::asio::buffer(certificate.certificate_pem), ssl::context::pem);
  context.use_private_key(boost::asio::buffer(certificate.key_pem), ssl::context::pem);
  return context;
}

run::Request request_to(const std::string& host, const RawPeer& peer) {
  run::Request request;
  request.url = "https://" + host + ":" + std::to_string(peer.port()) + "/v1/responses";
  request.timeout = patience;
  return request;
}

struct Trial {
  std::string words;
  std::size_t requests_seen = 0;
};

Trial try_tls(const Scratch& scratch, const std::string& host, bool trusted) {
  const Certificate certificate = make_loopback_certificate();
  std::ofstream(scratch.file("ca.pem")) << certificate.certificate_pem;
  ssl::context context = server_context(certificate);
  Bench bench({.version = "0.0-test", .ca_file = trusted ? scratch.file("ca.pem").string() : ""});
  RawPeer peer(bench.io(), plain_reply, &context);
  Trial trial;
  trial.words = in_words(bench.exchange(request_to(host, peer)));
  trial.requests_seen = peer.received().heads.size();
  return trial;
}

TEST(Tls, CarriesARequestToATrustedServer) {
  const Scratch scratch;
  const Trial trial = try_tls(scratch, "127.0.0.1", true);
  EXPECT_EQ(trial.words, "reply 200");
  EXPECT_EQ(trial.requests_seen, 1U);
}

TEST(Tls, SendsNothingToAServerItCannotTrust) {
  const Scratch scratch;
  const Trial unknown = try_tls(scratch, "127.0.0.1", false);
  EXPECT_EQ(unknown.words, "fault tls");
  EXPECT_EQ(unknown.requests_seen, 0U);
  const Trial other_name = try_tls(scratch, "localhost", true);
  EXPECT_EQ(other_name.words, "fault tls");
  EXPECT_EQ(other_name.requests_seen, 0U);
}

TEST(Tls, SaysTlsWhenTheServerSpeaksPlainHttp) {
  Bench bench;
  StubHouse house(bench.io());
  run::Request request = house.request("ok");
  request.url.replace(0, 4, "https");
  EXPECT_EQ(in_words(bench.exchange(request)), "fault tls");
  EXPECT_EQ(house.stub().arrivals().total(), 0U);
}

// libcurl looks at SSLKEYLOGFILE once per process, so each case runs in a process of its own.
// Exit code 10 + 1 if secrets were written.
[[noreturn]] void log_keys_and_exit(bool clear) {
  const Scratch* scratch = new Scratch;  // outlives the exit below, removed by hand
  ::setenv("SSLKEYLOGFILE", scratch->file("keys").c_str(), 1);
  if (clear) clear_hostile_environment();
  const bool answered = try_tls(*scratch, "127.0.0.1", true).words == "reply 200";
  std::error_code error;
  const bool written =
      fs::exists(scratch->file("keys"), error) && fs::file_size(scratch->file("keys"), error) > 0;
  delete scratch;
  ::_exit(answered ? 10 + (written ? 1 : 0) : 1);
}

TEST(TlsDeathTest, WritesNoKeyLogOnceTheEnvironmentIsCleared) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(log_keys_and_exit(true), testing::ExitedWithCode(10), "");
}

// The control: this libcurl would have written one.
TEST(TlsDeathTest, WouldWriteAKeyLogOtherwise) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(log_keys_and_exit(false), testing::ExitedWithCode(11), "");
}

TEST(Environment, LosesEverythingThatCouldReadOrRedirectTraffic) {
  for (const char* name : {"SSLKEYLOGFILE",
                           "https_proxy",
                           "HTTPS_PROXY",
                           "ALL_PROXY",
                           "SSL_CERT_FILE",
                           "OPENSSL_CONF",
                           "HOSTALIASES"}) {
    ::setenv(name, "/nowhere", 1);
  }
  ::setenv("SMOKELEDGER_TEST_BYSTANDER", "stays", 1);
  clear_hostile_environment();
  for (const char* name : {"SSLKEYLOGFILE",
                           "https_proxy",
                           "HTTPS_PROXY",
                           "ALL_PROXY",
                           "SSL_CERT_FILE",
                           "OPENSSL_CONF",
                           "HOSTALIASES"}) {
    EXPECT_EQ(::getenv(name), nullptr) << name;
  }
  EXPECT_STREQ(::getenv("SMOKELEDGER_TEST_BYSTANDER"), "stays");
  ::unsetenv("SMOKELEDGER_TEST_BYSTANDER");
}

}  // namespace
}  // namespace smokeledger::probes::transport
