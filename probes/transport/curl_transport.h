// Transport over libcurl's multi interface, on a thread of its own. One send is one HTTP request:
// nothing is resent, redirected, reused or cached behind the ledger's back.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "probes/run/seams.h"

namespace smokeledger::probes::transport {

struct TransportOptions {
  std::string version{};  // sent as `User-Agent: smokeledger/<version>`
  std::string ca_file{};  // PEM file of trusted authorities; empty: the system's
  std::size_t max_reply_bytes = core::reply_byte_cap;  // of the body; more is a Fault `too_large`
  std::size_t max_header_bytes = 64 * 1024;            // likewise, with all interim (1xx) replies
};

// send(), cancel() and the destructor are called on one thread, the caller's, on which `post` runs
// what it is given. `post` itself is called on the transport thread and must not call back at once.
//
// The timeout of a request covers everything from name resolution to the last byte. The attempt
// line of an Outgoing is not looked at: making it durable comes before. The credential stands in
// one header, made here; libcurl's own buffers that held it are not overwritten.
//
// A Reply is any complete HTTP reply, redirects and errors included, with the headers of the last
// (not interim) one. A Fault carries the status if its line had arrived:
//   timeout        the request's timeout is over
//   dns            the name did not resolve
//   connect        no connection, or it broke before a status line
//   tls            no trusted TLS session
//   truncated      it broke after the status line
//   too_large      more than max_reply_bytes or max_header_bytes
//   local_network  this host could not send: no route, no file descriptor, no memory
//   protocol       not HTTP, an encoding that was not asked for, or a request that cannot be sent
class CurlTransport final : public run::Transport {
 public:
  using Post = std::function<void(std::function<void()>)>;

  CurlTransport(Post post, TransportOptions options);
  // Drops what is in flight; those callbacks never come. Waits for the transport thread, which
  // waits for nothing (a name resolution under way is left to itself).
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  SendId send(run::Outgoing, std::function<void(core::Exchange)>) override;
  void cancel(SendId) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smokeledger::probes::transport
