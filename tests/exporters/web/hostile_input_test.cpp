#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/exporters/web/client.h"
#include "tests/exporters/web/served.h"

namespace smokeledger::exporters::web {
namespace {

using namespace std::string_literals;

struct Hostile {
  const char* what;
  std::string bytes;
  int status;
};

const std::string post =
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

std::vector<Hostile> table() {
  return {
      {"NUL in the target", "GET /he\0llo HTTP/1.1\r\nHost: localhost\r\n\r\n"s, 400},
      {"NUL in a header", "GET /hello HTTP/1.1\r\nHost: local\0host\r\n\r\n"s, 400},
      {"NUL bytes alone", "\0\0\0\0\r\n\r\n"s, 400},
      {"bare LF after the request line", "GET /hello HTTP/1.1\nHost: localhost\r\n\r\n", 400},
      {"bare LF in a header", "GET /hello HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n", 400},
      {"bare CR in a header", "GET /hello HTTP/1.1\r\nHost: localhost\rA: b\r\n\r\n", 400},
      {"a version to come", "GET /hello HTTP/2.0\r\nHost: localhost\r\n\r\n", 400},
      {"a version that never was", "GET /hello HTTP/0.9\r\nHost: localhost\r\n\r\n", 400},
      {"no version", "GET /hello\r\nHost: localhost\r\n\r\n", 400},
      {"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s, 400},
      {"a space before the colon", "GET /hello HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},
      {"a header without a name", "GET /hello HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n", 400},
      {"a negative length", post + "Content-Length: -1\r\n\r\n", 400},
      {"a length with a sign", post + "Content-Length: +2\r\n\r\n{}", 400},
      {"a length in hex", post + "Content-Length: 0x2\r\n\r\n{}", 400},
      {"a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"two lengths that differ", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", 400},
      {"two lengths that agree", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"chunked, then a length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
       400},
      {"a length, then chunked",
       post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"a coding we do not know beside a length",
       post + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
       400},
      {"chunked twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunked, but not last", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400},
      {"chunked with a wrong spelling", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
      {"a chunk size that is no number",
       post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
       400},
      {"a negative chunk size",
       post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
       400},
      {"a chunk longer than it says",
       post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
       400},
      {"a path that climbs", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
      {"an encoded path", "GET /%68ello HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
      {"a tunnel", "CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a Host that is a list", "GET /hello HTTP/1.1\r\nHost: localhost, evil\r\n\r\n", 421},
      {"a Host with a user", "GET /hello HTTP/1.1\r\nHost: localhost@evil\r\n\r\n", 421},
      {"a Host that is an open bracket", "GET /hello HTTP/1.1\r\nHost: [::1\r\n\r\n", 421},
  };
}

TEST(HostileInput, IsRefusedAndTheServerGoesOn) {
  WebLimits limits;
  limits.header_seconds = 2;
  Served served(limits);
  for (const auto& row : table()) {
    Client client = Client::tcp(served.port());
    client.send(row.bytes);
    const auto reply = client.reply();
    EXPECT_EQ(reply ? reply->status : 0, row.status) << row.what;
    EXPECT_EQ(ask(served.port(), "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200)
        << "after " << row.what;
  }
}

TEST(HostileInput, CutAnywhereIsAClosedConnectionAndNoMore) {
  Served served;
  const std::string whole = post + "Content-Length: 12\r\n\r\n{\"a\": [1, 2]";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Client client = Client::tcp(served.port());
    client.send(std::string_view(whole).substr(0, size));
    client.finish_sending();
    EXPECT_TRUE(client.closed_by_server()) << size;
  }
  EXPECT_EQ(ask(served.port(), "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace smokeledger::exporters::web
