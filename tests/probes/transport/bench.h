// A transport and a stub on one io_context, turned by the test.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "probes/stub/stub.h"
#include "probes/transport/curl_transport.h"

namespace smokeledger::probes::transport {

// Generous: nothing here depends on how fast the machine is.
inline constexpr std::chrono::seconds patience{60};

class Bench {
 public:
  explicit Bench(TransportOptions options = {.version = "0.0-test"})
      : transport_(std::make_unique<CurlTransport>(
            [this](std::function<void()> work) { boost::asio::post(io_, std::move(work)); },
            std::move(options))) {}

  boost::asio::io_context& io() { return io_; }
  CurlTransport& transport() { return *transport_; }
  void destroy_transport() { transport_.reset(); }

  // Turns the io_context until `done`; false when patience ends first.
  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    return done();
  }

  core::Exchange exchange(run::Request request) {
    std::optional<core::Exchange> got;
    transport_->send({.line = {}, .request = std::move(request)},
                     [&](core::Exchange exchange) { got = std::move(exchange); });
    if (!run_until([&] { return got.has_value(); })) ADD_FAILURE() << "no callback came";
    return got ? std::move(*got) : core::Exchange{core::Fault{.reason = core::Reason::aborted}};
  }

 private:
  boost::asio::io_context io_;
  std::unique_ptr<CurlTransport> transport_;
};

// A listening stub and requests to it.
class StubHouse {
 public:
  explicit StubHouse(boost::asio::io_context& io, stub::StubOptions options = {})
      : stub_(io, std::move(options)) {
    const auto port = stub_.listen("127.0.0.1:0");
    if (!port) ADD_FAILURE() << port.error();
    port_ = port ? *port : std::uint16_t{0};
  }

  stub::Stub& stub() { return stub_; }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  run::Request request(std::string_view script,
                       std::chrono::milliseconds timeout = patience) const {
    run::Request request;
    request.url = url("/s/" + std::string(script) + "/v1/chat/completions");
    request.headers = {{"Content-Type", "application/json"}};
    request.body = R"({"model":"smoke-model","messages":[{"role":"user","content":"ping"}]})";
    request.timeout = timeout;
    return request;
  }

 private:
  stub::Stub stub_;
  std::uint16_t port_ = 0;
};

// In words: `reply 200`, `fault timeout`, `fault truncated 200`.
inline std::string in_words(const core::Exchange& exchange) {
  if (const auto* reply = std::get_if<core::Reply>(&exchange)) {
    return "reply " + std::to_string(reply->http_status);
  }
  const auto& fault = std::get<core::Fault>(exchange);
  std::string words = "fault " + std::string(core::word(fault.reason));
  if (fault.http_status) words += " " + std::to_string(*fault.http_status);
  return words;
}

}  // namespace smokeledger::probes::transport
