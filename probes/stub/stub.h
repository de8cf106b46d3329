// The stub: a loopback provider that speaks the documented families over plain HTTP/1.1, plays
// scripted faults and counts what arrives. Raw sockets, because it must be able to misbehave.
//
//   POST /v1/chat/completions, /v1/responses,   by the default script; streamed where the body
//        /v1/messages, /v1/embeddings           says "stream": true, embeddings never
//   POST /v1beta/models/{model}:generateContent, :streamGenerateContent?alt=sse
//   POST /s/<script>/v1/..., /v1beta/...        by that script
//   GET  /stub/arrivals                         what arrived so far, as JSON; not itself an arrival
//
// A script's steps are played by arrival number of the same logical request: its id (the header
// x-request-id, or another one by choice) without a trailing `.<number>`, under one script. Without
// an id, x-stainless-retry-count 0 begins a logical request and a higher one goes on with the
// newest under the script; without that, too, every arrival is its own. Anything else is answered
// 404. Replies carry x-request-id: stub-<arrival>.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "probes/stub/arrivals.h"

namespace boost::asio {
class io_context;
}

namespace smokeledger::probes::stub {

struct StubOptions {
  std::string script = "ok";  // REQUIRES: find_script(script)
  std::string redirect_to = "http://redirect.invalid/elsewhere";
  std::string request_header = "x-request-id";  // in lower case
};

// Everything happens on the io_context's one thread; construct, call and destroy it there (or while
// that thread does not run). No request outlives the stub: its destruction closes every connection,
// the hanging ones too. The io_context must outlive the stub.
class Stub {
 public:
  Stub(boost::asio::io_context&, StubOptions);
  ~Stub();
  Stub(const Stub&) = delete;
  Stub& operator=(const Stub&) = delete;

  // `127.0.0.1:8080`, `[::1]:0`; port 0 takes a free one. Loopback addresses only. The port in use,
  // or why not. May be called more than once.
  boost::system::result<std::uint16_t, std::string> listen(std::string_view address);

  Arrivals& arrivals();
  core::Milliseconds now() const;  // since the stub began, as arrivals are timed

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace smokeledger::probes::stub
