// The world as a run sees it: time, chance, and sending. Each has a real implementation in daemon/
// or probes/transport and a twin in tests/support. All calls and callbacks are on one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/line.h"
#include "probes/core/time.h"

namespace smokeledger::probes::run {

class Clock {
 public:
  using TimerId = std::uint64_t;

  virtual ~Clock() = default;
  virtual core::Stamp stamp() const = 0;  // now, in both kinds of time
  core::Instant now() const { return stamp().boot; }
  // Calls back once, never from inside at(). A past instant means as soon as possible.
  virtual TimerId at(core::Instant, std::function<void()>) = 0;
  virtual void cancel(TimerId) = 0;  // no effect on one that has fired
};

class Random {
 public:
  virtual ~Random() = default;
  virtual core::Draw draw() = 0;
};

// A secret's bytes. Not copyable, not printable, overwritten when it goes.
class Secret {
 public:
  explicit Secret(std::string value) : value_(std::move(value)) {}
  ~Secret();
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  const std::string& reveal() const { return value_; }  // for the one header it belongs in

 private:
  std::string value_;
};

struct Request {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  // without the credential
  std::string body;
  core::AuthScheme auth = core::AuthScheme::none;
  std::shared_ptr<const Secret> secret;  // null with AuthScheme::none
  core::Milliseconds timeout{0};         // total, from now to the last byte
};

// A request with the attempt line that must be durable before it leaves.
struct Outgoing {
  core::AttemptLine line;
  Request request;
};

class Transport {
 public:
  using SendId = std::uint64_t;

  virtual ~Transport() = default;
  // Calls back exactly once unless cancelled, never from inside send(), at the latest when the
  // request's timeout is over.
  virtual SendId send(Outgoing, std::function<void(core::Exchange)>) = 0;
  virtual void cancel(SendId) = 0;  // the callback will not come
};

}  // namespace smokeledger::probes::run
