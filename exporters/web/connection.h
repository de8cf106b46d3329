// One accepted connection: read a request, admit it, ask the handler, write the reply, begin again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "exporters/web/admission.h"
#include "exporters/web/mailbox.h"
#include "exporters/web/server.h"

namespace smokeledger::exporters::web {

// On the io thread only. Lives as long as an operation of it is under way; a Reply holds it weakly.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;  // TCP and Unix alike
  struct Shared {
    std::shared_ptr<const WebServer::Options> options;
    std::shared_ptr<Mailbox> mailbox;
    std::function<void(const Connection*)> ended;  // called once, as the connection's last act
  };

  Connection(Socket, Shared, std::optional<std::uint32_t> peer_uid);
  void start();
  void close();                // at once, whatever is under way
  bool owes_us_bytes() const;  // idle, or its request is not complete, or its end is awaited

 private:
  enum class Phase { idle, reading, handling, writing, draining, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Seconds = std::chrono::seconds;

  const WebLimits& limits() const { return shared_.options->limits; }
  void begin_request();
  void read_more();
  void on_read(const boost::system::error_code&, std::size_t size);
  void parse();
  void on_parse_error(const boost::system::error_code&);
  bool admitted();
  void handle();
  void refuse(const Refusal&);
  void write(WebResponse, std::string_view allow);
  void on_written(const boost::system::error_code&);
  void drain();
  void deadline(Seconds);
  void on_deadline();

  Socket socket_;
  Shared shared_;
  std::optional<std::uint32_t> peer_uid_;
  boost::asio::steady_timer timer_;
  std::uint64_t timer_round_ = 0;     // tells a deadline from one that was replaced as it fired
  std::uint64_t request_number_ = 0;  // tells a reply from one to an earlier request
  Phase phase_ = Phase::idle;
  bool timed_out_ = false;
  bool keep_alive_ = false;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  const WebRoute* route_ = nullptr;  // set once the header is admitted
  std::string head_;
  WebResponse response_;
};

}  // namespace smokeledger::exporters::web
