#include "exporters/web/connection.h"

#include <array>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include "exporters/web/response.h"

namespace smokeledger::exporters::web {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_size = 4096;
// A reply must not be lost to the reset that closing over unread bytes causes.
constexpr std::chrono::seconds drain_at_most{1};

WebRequest to_request(const http::request<http::string_body>& message,
                      std::optional<std::uint32_t> peer_uid) {
  WebRequest request;
  request.method = message.method_string();
  request.path = path_of(message.target());
  request.query = query_of(message.target());
  request.accept = message[http::field::accept];
  request.content_type = message[http::field::content_type];
  request.authorization = message[http::field::authorization];
  request.body = message.body();
  request.peer_uid = peer_uid;
  return request;
}

}  // namespace

Connection::Connection(Socket socket, Shared shared, std::optional<std::uint32_t> peer_uid)
    : socket_(std::move(socket)),
      shared_(std::move(shared)),
      peer_uid_(peer_uid),
      timer_(socket_.get_executor()) {}

void Connection::start() {
  begin_request();
  phase_ = Phase::reading;  // a new connection is given no idle time: it came to ask
  deadline(Seconds(limits().header_seconds));
  read_more();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  // Last, as it may let go of the owner's reference.
  const auto ended = std::move(shared_.ended);
  if (ended) ended(this);
}

bool Connection::owes_us_bytes() const {
  return phase_ == Phase::idle || phase_ == Phase::reading || phase_ == Phase::draining;
}

void Connection::begin_request() {
  ++request_number_;
  phase_ = Phase::idle;
  timed_out_ = false;
  keep_alive_ = false;
  route_ = nullptr;
  parser_.emplace();
  parser_->header_limit(limits().header_bytes);
  parser_->body_limit(limits().body_bytes);
}

void Connection::read_more() {
  socket_.async_read_some(buffer_.prepare(read_size),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            self->on_read(error, size);
                          });
}

void Connection::on_read(const error_code& error, std::size_t size) {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::draining) {
    if (error) return close();
    return read_more();
  }
  if (timed_out_) {
    const bool began = parser_->got_some() || buffer_.size() > 0;
    if (phase_ == Phase::idle || !began) return close();
    return refuse({408, "the request did not come in time"});
  }
  if (error) return close();
  buffer_.commit(size);
  if (phase_ == Phase::idle) {
    phase_ = Phase::reading;
    deadline(Seconds(limits().header_seconds));
  }
  parse();
}

void Connection::parse() {
  do {
    error_code error;
    buffer_.consume(parser_->put(buffer_.cdata(), error));
    if (error && error != http::error::need_more) return on_parse_error(error);
    if (parser_->is_header_done() && route_ == nullptr) {
      if (!admitted()) return;
      deadline(Seconds(limits().request_seconds));
    } else if (error == http::error::need_more) {
      // What the parser leaves unread is one header or one chunk extension: neither may grow.
      if (buffer_.size() > limits().header_bytes) return refuse({431, "the header is too large"});
      return read_more();
    }
  } while (!parser_->is_done() && buffer_.size() > 0);
  if (!parser_->is_done()) return read_more();
  handle();
}

void Connection::on_parse_error(const error_code& error) {
  if (error == http::error::header_limit) return refuse({431, "the header is too large"});
  if (error == http::error::body_limit) return refuse({413, "the body is too large"});
  refuse({400, "this is not an HTTP/1.1 request"});
}

bool Connection::admitted() {
  const Admission admission = admit(*shared_.options, parser_->get().base());
  if (const auto* refusal = std::get_if<Refusal>(&admission)) {
    refuse(*refusal);
    return false;
  }
  route_ = std::get<const WebRoute*>(admission);
  parser_->eager(true);
  return true;
}

void Connection::handle() {
  phase_ = Phase::handling;
  keep_alive_ = parser_->keep_alive() && buffer_.size() == 0;
  deadline(Seconds(limits().request_seconds));
  Reply reply = [mailbox = shared_.mailbox, weak = weak_from_this(), number = request_number_](
                    WebResponse response) {
    mailbox->post([weak, number, response = std::move(response)] {
      const auto self = weak.lock();
      if (!self || self->request_number_ != number || self->phase_ != Phase::handling) return;
      self->write(response, {});
    });
  };
  const WebRequest request = to_request(parser_->get(), peer_uid_);
  route_->handler(request, std::move(reply));
}

void Connection::refuse(const Refusal& refusal) {
  // After a request that was read whole the connection may go on; the next one begins at a known
  // place. After any other nothing on it can be trusted.
  keep_alive_ = parser_->is_done() && parser_->keep_alive() && buffer_.size() == 0 &&
                (refusal.status == 404 || refusal.status == 405);
  write(plain(refusal.status, refusal.sentence), refusal.allow);
}

void Connection::write(WebResponse response, std::string_view allow) {
  phase_ = Phase::writing;
  deadline(Seconds(limits().request_seconds));
  response_ = std::move(response);
  head_ = response_head(response_, {keep_alive_, allow});
  const bool head_only = parser_->is_header_done() && parser_->get().method() == http::verb::head;
  const std::array<asio::const_buffer, 2> bytes{
      asio::buffer(head_), head_only ? asio::const_buffer() : asio::buffer(response_.body)};
  asio::async_write(
      socket_, bytes, [self = shared_from_this()](const error_code& error, std::size_t) {
        self->on_written(error);
      });
}

void Connection::on_written(const error_code& error) {
  if (phase_ == Phase::closed) return;
  if (error) return close();
  response_ = {};
  if (!keep_alive_) return drain();
  begin_request();
  deadline(Seconds(limits().idle_seconds));
  read_more();
}

void Connection::drain() {
  phase_ = Phase::draining;
  parser_.reset();
  buffer_.clear();
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return close();
  deadline(drain_at_most);
  read_more();
}

void Connection::deadline(Seconds after) {
  timer_.expires_after(after);
  timer_.async_wait([self = shared_from_this(), round = ++timer_round_](const error_code& error) {
    if (!error && self->timer_round_ == round) self->on_deadline();
  });
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::idle:
    case Phase::reading: {
      timed_out_ = true;  // the read that is under way ends now, and on_read answers
      error_code ignored;
      socket_.cancel(ignored);
      return;
    }
    case Phase::handling:
      keep_alive_ = false;
      return write(plain(503, "no reply in time"), {});
    case Phase::writing:
    case Phase::draining:
      return close();
    case Phase::closed:
      return;
  }
}

}  // namespace smokeledger::exporters::web
