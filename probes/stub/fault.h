// What the stub does with a request, as data: bytes to write and how to go on. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/arrival.h"
#include "probes/stub/bodies.h"
#include "probes/stub/script.h"

namespace smokeledger::probes::stub {

enum class Ending {
  next_request,  // the connection may carry another request
  close,         // orderly
  reset,         // the bytes, a moment for the peer to read them, a TCP RST
  hold,          // silence, until the peer closes or the stub goes
  trickle,       // the bytes one at a time, ten a second; then close
  endless        // the bytes once, then `again` for ever
};

struct Act {
  std::string bytes{};
  Ending ending = Ending::next_request;
  std::string again{};
  core::Asks asks{};
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body{};
  std::vector<std::string> headers{};  // complete lines without their end
  bool chunked = false;                // the body, if any, stands in chunks already
};
// Status line, headers (with x-request-id: stub-<number>) and body.
std::string http_text(const HttpReply&, std::uint64_t number);

struct Scene {
  Asked asked;
  std::string_view redirect_to{};  // a URL
};

// Every FaultKind has its function here. A request that names no model is answered as a provider
// would answer it (400) where the fault would have been a successful reply.
Act act(FaultKind, const Scene&);

// What is played instead of a fault of streams where the request is not streamed.
std::optional<FaultKind> when_not_streamed(FaultKind);

}  // namespace smokeledger::probes::stub
