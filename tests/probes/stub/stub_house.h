// A listening stub on an io_context that the test turns, and plain sockets to it.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "probes/stub/stub.h"

namespace smokeledger::probes::stub {

namespace asio = boost::asio;
using asio::ip::tcp;

inline constexpr std::chrono::seconds patience{60};

inline std::string post(std::string_view path,
                        std::string_view extra_headers = "",
                        std::string_view body = R"({"model":"smoke-model"})") {
  std::string text = "POST " + std::string(path) + " HTTP/1.1\r\nHost: stub\r\n";
  text += extra_headers;
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  return text;
}

class StubOverSockets : public testing::Test {
 protected:
  void SetUp() override {
    const auto port = stub_->listen("127.0.0.1:0");
    ASSERT_TRUE(port) << port.error();
    port_ = *port;
  }

  void run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(done());
  }

  tcp::socket connect() {
    tcp::socket socket(io_);
    socket.connect({asio::ip::address_v4::loopback(), port_});
    return socket;
  }

  // Sends, then reads until the stub closes or `enough` stands in what was read. Says in `ending_`
  // how the connection ended, if it did.
  std::string say(tcp::socket& socket, std::string_view text, std::string_view enough) {
    asio::write(socket, asio::buffer(text.data(), text.size()));
    std::string read;
    std::array<char, 4096> chunk{};
    bool ended = false;
    const std::function<void()> more = [&] {
      socket.async_read_some(asio::buffer(chunk), [&](auto error, std::size_t size) {
        read.append(chunk.data(), size);
        ending_ = error;
        ended = error || (!enough.empty() && read.find(enough) != std::string::npos);
        if (!ended) more();
      });
    };
    more();
    run_until([&] { return ended; });
    return read;
  }

  std::string ask(std::string_view text) {
    tcp::socket socket = connect();
    std::string request(text);
    request.insert(request.find("\r\n") + 2, "Connection: close\r\n");
    return say(socket, request, "");
  }

  asio::io_context io_;
  std::unique_ptr<Stub> stub_ = std::make_unique<Stub>(io_, StubOptions{});
  std::uint16_t port_ = 0;
  boost::system::error_code ending_;
};

}  // namespace smokeledger::probes::stub
