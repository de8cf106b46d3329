// A server that answers fixed bytes to every request and keeps the requests' text.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "probes/stub/request.h"

namespace smokeledger::probes::transport {

enum class AfterReply { close, keep_open };

// Heads of requests that arrived, byte for byte, and the connections made for them.
struct Received {
  std::vector<std::string> heads;
  std::size_t connections = 0;
};

template <class Stream>
class RawConversation : public std::enable_shared_from_this<RawConversation<Stream>> {
 public:
  RawConversation(Stream stream,
                  std::string reply,
                  AfterReply after,
                  std::shared_ptr<Received> received)
      : stream_(std::move(stream)),
        reply_(std::move(reply)),
        after_(after),
        received_(std::move(received)) {}

  void read() {
    stream_.async_read_some(boost::asio::buffer(chunk_),
                            [self = this->shared_from_this()](auto error, std::size_t size) {
                              if (error) return;
                              self->text_.append(self->chunk_.data(), size);
                              self->answer();
                            });
  }

  Stream& stream() { return stream_; }

 private:
  void answer() {
    const std::string head = text_.substr(0, text_.find("\r\n\r\n") + 2);
    if (!std::holds_alternative<stub::Request>(stub::read_request(text_))) return read();
    received_->heads.push_back(head);
    boost::asio::async_write(
        stream_, boost::asio::buffer(reply_), [self = this->shared_from_this()](auto, std::size_t) {
          if (self->after_ == AfterReply::keep_open) return self->read();
          self->stream_.lowest_layer().close();
        });
  }

  Stream stream_;
  std::string reply_;
  AfterReply after_;
  std::shared_ptr<Received> received_;
  std::array<char, 4096> chunk_{};
  std::string text_;
};

class RawPeer {
 public:
  using tcp = boost::asio::ip::tcp;

  // Plain without `tls`, which must outlive the io_context's handlers.
  RawPeer(boost::asio::io_context& io,
          std::string reply,
          boost::asio::ssl::context* tls = nullptr,
          AfterReply after = AfterReply::close)
      : acceptor_(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        reply_(std::move(reply)),
        tls_(tls),
        after_(after) {
    accept();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  const Received& received() const { return *received_; }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error) return;
      ++received_->connections;
      if (tls_ == nullptr) {
        std::make_shared<RawConversation<tcp::socket>>(std::move(socket), reply_, after_, received_)
            ->read();
      } else {
        shake_hands(std::move(socket));
      }
      accept();
    });
  }

  void shake_hands(tcp::socket socket) {
    using Secure = boost::asio::ssl::stream<tcp::socket>;
    auto conversation = std::make_shared<RawConversation<Secure>>(
        Secure(std::move(socket), *tls_), reply_, after_, received_);
    conversation->stream().async_handshake(boost::asio::ssl::stream_base::server,
                                           [conversation](boost::system::error_code error) {
                                             if (!error) conversation->read();
                                           });
  }

  tcp::acceptor acceptor_;
  std::string reply_;
  boost::asio::ssl::context* tls_;
  AfterReply after_;
  std::shared_ptr<Received> received_ = std::make_shared<Received>();
};

}  // namespace smokeledger::probes::transport
