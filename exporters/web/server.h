// A small HTTP/1.1 server with hard limits (Boost.Beast parses). It knows handlers, not content.
//
// One request at a time on a connection; keep-alive, but no pipelining: bytes that follow a request
// before its reply are not read as another one, and the connection closes after the reply.
//
// What a request meets, in this order: 408 too slow, 431 header too large or of too many fields,
// 413 body too large, 400 malformed or ambiguous (no Host, two of them, both Transfer-Encoding and
// Content-Length), 417 any Expect, 421 a Host that is not ours, 404 no such path, 405 another
// method (with Allow), and for POST 403 from a browser (any Origin, or another Sec-Fetch-Site than
// same-origin or none), 415 another content type than application/json. 503 when the handler does
// not reply in time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace boost::asio {
class io_context;
}

namespace smokeledger::exporters::web {

struct WebRequest {
  std::string method;  // GET, HEAD, POST
  std::string path;    // without the query
  std::string query;   // after `?`, still encoded
  std::string accept;
  std::string content_type;
  std::string authorization;
  std::string body;
  std::optional<std::uint32_t> peer_uid;  // of a Unix socket's caller, from the kernel
};

struct WebResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Called on the io thread; the request is valid during the call only. `reply` is called exactly
// once, on any thread, now or later. A reply that comes too late (the request timed out, its
// connection or the whole server is gone) is dropped; a second one likewise.
using Reply = std::function<void(WebResponse)>;
using Handler = std::function<void(const WebRequest&, Reply)>;

struct WebRoute {
  std::string method;  // GET also answers HEAD
  std::string path;    // exact; or `/line/*`: whatever stands, not empty, behind `/line/`
  Handler handler;
};

struct WebLimits {
  // When all are taken, a new connection displaces the oldest that still owes us bytes (idle, or a
  // request that is not complete), so that slow clients cannot keep a scrape out. When every one
  // waits for its reply, the new one is closed at once.
  std::uint32_t connections = 64;
  std::uint32_t header_bytes = 8 * 1024;
  std::uint32_t header_fields = 64;
  std::uint32_t body_bytes = 256 * 1024;
  std::uint32_t header_seconds = 5;
  std::uint32_t request_seconds = 10;  // each of: reading a request, the handler, writing the reply
  std::uint32_t idle_seconds = 15;     // between two requests of a connection
};

// On the io thread, or before it runs. The io_context must outlive the server; replies may outlive
// both.
class WebServer {
 public:
  // `hosts`: accepted Host names beside localhost, 127.0.0.1 and [::1]; `any_host` turns the check
  // off (metrics-only listener, Unix socket).
  struct Options {
    std::vector<WebRoute> routes;
    std::vector<std::string> hosts;
    bool any_host = false;
    WebLimits limits;
  };
  WebServer(boost::asio::io_context&, Options);
  ~WebServer();  // closes everything

  // `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464` (127.0.0.1), `:9464` (every interface); no
  // other names. Port 0 takes a free one. The address in use, or why not.
  boost::system::result<std::string, std::string> listen(std::string_view address);
  // Replaces a stale socket file nobody listens on; refuses one that is in use and any other kind
  // of file. Mode 0660 before the first caller can connect.
  boost::system::result<void, std::string> listen_unix(const std::string& path);
  void close();  // stops listening, drops every connection, removes its socket file

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// True for `127.x.y.z:p`, `[::1]:p` and `localhost:p`; false for anything malformed. Pure.
bool is_loopback_address(std::string_view address);

// One blocking request to a server on a Unix socket; for the command line. A non-empty `json_body`
// is sent as application/json. Any status is a response; an error is a sentence for a person.
boost::system::result<WebResponse, std::string> call_unix(const std::string& path,
                                                          std::string_view method,
                                                          std::string_view target,
                                                          std::string_view json_body,
                                                          std::uint32_t timeout_seconds);

}  // namespace smokeledger::exporters::web
