#include "probes/stub/stub.h"

#include <cassert>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "probes/stub/session.h"

namespace smokeledger::probes::stub {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Out of file descriptors: time for others to give some back, without a busy loop.
constexpr std::chrono::milliseconds accept_pause{100};

std::optional<tcp::endpoint> endpoint_from(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string host(address.substr(0, colon));
  const std::string_view port_text = address.substr(colon + 1);
  std::uint16_t port = 0;
  const char* last = port_text.data() + port_text.size();
  const auto [end, failed] = std::from_chars(port_text.data(), last, port);
  if (port_text.empty() || failed != std::errc{} || end != last) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return tcp::endpoint(ip, port);
}

}  // namespace

// One address listened on.
struct Door {
  explicit Door(asio::io_context& io) : acceptor(io), pause(io) {}

  void close() {
    error_code ignored;
    pause.cancel();
    acceptor.close(ignored);
  }

  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

struct Stub::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& context, StubOptions options)
      : io(context), house(std::make_shared<House>()) {
    house->options = std::move(options);
  }

  void accept(const std::shared_ptr<Door>& door) {
    door->acceptor.async_accept(
        [self = shared_from_this(), door](error_code error, tcp::socket socket) {
          if (self->closed) return;
          if (error) return self->accept_later(door);
          auto session = std::make_shared<Session>(std::move(socket), self->house);
          std::erase_if(self->sessions, [](const auto& known) { return known.expired(); });
          self->sessions.push_back(session);
          session->start();
          self->accept(door);
        });
  }

  void accept_later(const std::shared_ptr<Door>& door) {
    door->pause.expires_after(accept_pause);
    door->pause.async_wait([self = shared_from_this(), door](error_code) {
      if (!self->closed) self->accept(door);
    });
  }

  void close() {
    closed = true;
    for (const auto& door : doors) door->close();
    for (const auto& known : sessions) {
      if (const auto session = known.lock()) session->close();
    }
  }

  asio::io_context& io;
  std::shared_ptr<House> house;
  std::vector<std::shared_ptr<Door>> doors;
  std::vector<std::weak_ptr<Session>> sessions;
  bool closed = false;
};

Stub::Stub(asio::io_context& io, StubOptions options)
    : impl_(std::make_shared<Impl>(io, std::move(options))) {
  assert(find_script(impl_->house->options.script) != nullptr);
}

Stub::~Stub() {
  impl_->close();
}

boost::system::result<std::uint16_t, std::string> Stub::listen(std::string_view address) {
  const auto endpoint = endpoint_from(address);
  if (!endpoint) return "'" + std::string(address) + "' is not an address such as 127.0.0.1:8080";
  if (!endpoint->address().is_loopback()) {
    return "'" + std::string(address) +
           "' is not a loopback address; the stub answers this host only";
  }
  const auto door = std::make_shared<Door>(impl_->io);
  tcp::acceptor& acceptor = door->acceptor;
  error_code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return "cannot listen on " + std::string(address) + ": " + error.message();
  impl_->doors.push_back(door);
  impl_->accept(door);
  return acceptor.local_endpoint(error).port();
}

Arrivals& Stub::arrivals() {
  return impl_->house->arrivals;
}

core::Milliseconds Stub::now() const {
  return impl_->house->now();
}

}  // namespace smokeledger::probes::stub
