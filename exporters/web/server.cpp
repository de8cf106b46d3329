#include "exporters/web/server.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <utility>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include "exporters/web/address.h"
#include "exporters/web/connection.h"
#include "exporters/web/mailbox.h"
#include "exporters/web/unix_listener.h"

namespace smokeledger::exporters::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

// After a failed accept (no descriptor left) the caller still waits in the queue: asking again at
// once would spin.
constexpr std::chrono::milliseconds accept_pause{100};

error_code open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool both_families) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && both_families) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

}  // namespace

struct WebServer::Impl : std::enable_shared_from_this<Impl> {
  struct Listener {
    Listener(Acceptor a, asio::io_context& io) : acceptor(std::move(a)), pause(io) {}
    Acceptor acceptor;
    asio::steady_timer pause;
  };
  struct SocketFile {
    std::string path;
    std::optional<FileIdentity> identity;
  };

  Impl(asio::io_context& context, Options o)
      : io(context),
        options(std::make_shared<const Options>(std::move(o))),
        mailbox(std::make_shared<Mailbox>(context)) {}

  void add(Acceptor acceptor) {
    listeners.emplace_back(std::move(acceptor), io);
    accept(listeners.back());
  }

  // A listener outlives its handlers' use of it: they look for the server first, and it goes with
  // it.
  void accept(Listener& listener) {
    listener.acceptor.async_accept(
        [weak = weak_from_this(), &listener](const error_code& error, Connection::Socket socket) {
          const auto self = weak.lock();
          if (!self || self->closed || error == asio::error::operation_aborted) return;
          if (!error) {
            self->welcome(std::move(socket));
          } else if (error != asio::error::connection_aborted) {
            return self->accept_later(listener);
          }
          self->accept(listener);
        });
  }

  void accept_later(Listener& listener) {
    listener.pause.expires_after(accept_pause);
    listener.pause.async_wait([weak = weak_from_this(), &listener](const error_code& error) {
      const auto self = weak.lock();
      if (self && !self->closed && !error) self->accept(listener);
    });
  }

  void welcome(Connection::Socket socket) {
    if (connections.size() >= options->limits.connections && !displace()) return;
    Connection::Shared shared{options, mailbox, [weak = weak_from_this()](const Connection* gone) {
                                if (const auto self = weak.lock()) self->forget(gone);
                              }};
    const auto uid = peer_uid_of(socket.native_handle());
    connections.push_back(std::make_shared<Connection>(std::move(socket), std::move(shared), uid));
    connections.back()->start();
  }

  bool displace() {
    const auto slow = std::find_if(connections.begin(), connections.end(), [](const auto& one) {
      return one->owes_us_bytes();
    });
    if (slow == connections.end()) return false;
    const auto kept = *slow;  // close() takes it out of the list
    kept->close();
    return true;
  }

  void forget(const Connection* gone) {
    std::erase_if(connections, [gone](const auto& one) { return one.get() == gone; });
  }

  void close() {
    if (closed) return;
    closed = true;
    mailbox->shut();
    for (Listener& listener : listeners) {
      error_code ignored;
      listener.acceptor.close(ignored);
      listener.pause.cancel();
    }
    for (const SocketFile& file : files) {
      if (file.identity && identity_of(file.path) == file.identity) ::unlink(file.path.c_str());
    }
    const auto open_ones = std::exchange(connections, {});
    for (const auto& connection : open_ones) connection->close();
  }

  asio::io_context& io;
  std::shared_ptr<const Options> options;
  std::shared_ptr<Mailbox> mailbox;
  std::list<Listener> listeners;                       // a handler keeps a reference: never erased
  std::list<std::shared_ptr<Connection>> connections;  // oldest first
  std::vector<SocketFile> files;
  bool closed = false;
};

WebServer::WebServer(asio::io_context& io, Options options)
    : impl_(std::make_shared<Impl>(io, std::move(options))) {}

WebServer::~WebServer() {
  impl_->close();
}

void WebServer::close() {
  impl_->close();
}

boost::system::result<std::string, std::string> WebServer::listen(std::string_view address) {
  using boost::system::in_place_error;
  using boost::system::in_place_value;
  const auto parsed = parse_listen_address(address);
  if (!parsed) return {in_place_error, parsed.error()};
  tcp::acceptor acceptor(impl_->io);
  error_code error = open(acceptor, parsed->endpoint, parsed->every_interface);
  if (error == asio::error::address_family_not_supported && parsed->every_interface) {
    error = open(acceptor, {asio::ip::address_v4::any(), parsed->endpoint.port()}, false);
  }
  if (error) {
    return {in_place_error, "cannot listen on " + std::string(address) + ": " + error.message()};
  }
  const std::string in_use = format(acceptor.local_endpoint(error));
  impl_->add(std::move(acceptor));
  return {in_place_value, in_use};
}

boost::system::result<void, std::string> WebServer::listen_unix(const std::string& path) {
  auto acceptor = open_unix_listener(impl_->io, path);
  if (!acceptor) return acceptor.error();
  impl_->files.push_back({path, identity_of(path)});
  impl_->add(std::move(*acceptor));
  return {};
}

}  // namespace smokeledger::exporters::web
