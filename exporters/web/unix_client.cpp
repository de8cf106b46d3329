#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {
namespace {

namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using Failure = std::optional<std::string>;

constexpr std::size_t read_size = 64 * 1024;
constexpr std::size_t reply_at_most = std::size_t{64} << 20;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

// One call, from connecting to the last byte of the reply, by one deadline.
class Call {
 public:
  Call(const std::string& path, std::chrono::seconds timeout)
      : path_(path),
        timeout_(timeout),
        deadline_(Clock::now() + timeout),
        socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}

  Failure connect();
  Failure send(std::string_view bytes);
  Failure receive(std::string& reply);

 private:
  Failure wait_for(short events);
  std::string failed(int error) const {
    return "cannot talk to the daemon on " + path_ + ": " + std::generic_category().message(error);
  }

  std::string path_;
  std::chrono::seconds timeout_;
  Clock::time_point deadline_;
  Descriptor socket_;
};

Failure Call::wait_for(short events) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    pollfd one{socket_.get(), events, 0};
    const int ready = left <= 0 ? 0 : ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0) return std::nullopt;
    if (ready == 0) {
      return "the daemon on " + path_ + " did not answer within " +
             std::to_string(timeout_.count()) + " s";
    }
    if (errno != EINTR) return failed(errno);
  }
}

Failure Call::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.empty() || path_.size() >= sizeof address.sun_path) {
    return "`" + path_ + "` cannot name a Unix socket; it must have 1 to 107 characters";
  }
  std::memcpy(address.sun_path, path_.data(), path_.size());
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return std::nullopt;
  }
  switch (errno) {
    case ENOENT:
    case ECONNREFUSED:
      return "no daemon listens on " + path_;
    case EACCES:
    case EPERM:
      return "no permission to use " + path_ + "; join the group that owns it";
    case EAGAIN:
      return "the daemon on " + path_ + " has too many callers; try again";
    default:
      return failed(errno);
  }
}

Failure Call::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (auto failure = wait_for(POLLOUT)) return failure;
    } else if (errno == EPIPE) {
      return std::nullopt;  // it has answered already, and the answer says why
    } else if (errno != EINTR) {
      return failed(errno);
    }
  }
  return std::nullopt;
}

Failure Call::receive(std::string& reply) {
  while (reply.size() <= reply_at_most) {
    const std::size_t before = reply.size();
    reply.resize(before + read_size);
    const ssize_t size = ::recv(socket_.get(), reply.data() + before, read_size, 0);
    const int error = errno;
    reply.resize(before + (size > 0 ? static_cast<std::size_t>(size) : 0));
    if (size == 0) return std::nullopt;
    if (size > 0 || error == EINTR) continue;
    if (error == ECONNRESET && !reply.empty()) return std::nullopt;
    if (error != EAGAIN) return failed(error);
    if (auto failure = wait_for(POLLIN)) return failure;
  }
  return "the reply of the daemon on " + path_ + " is too large";
}

std::string request_text(std::string_view method,
                         std::string_view target,
                         std::string_view json_body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  text.append("Host: localhost\r\nConnection: close\r\n");
  if (!json_body.empty() || method == "POST") {
    text.append("Content-Type: application/json\r\nContent-Length: ");
    text.append(std::to_string(json_body.size())).append("\r\n");
  }
  text.append("\r\n").append(json_body);
  return text;
}

std::optional<WebResponse> parse_reply(const std::string& bytes, bool head_only) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.skip(head_only);
  parser.body_limit(reply_at_most);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(bytes), error);
  if (error || !parser.is_done()) return std::nullopt;
  auto message = parser.release();
  return WebResponse{static_cast<int>(message.result_int()),
                     message[http::field::content_type],
                     std::move(message.body())};
}

}  // namespace

boost::system::result<WebResponse, std::string> call_unix(const std::string& path,
                                                          std::string_view method,
                                                          std::string_view target,
                                                          std::string_view json_body,
                                                          std::uint32_t timeout_seconds) {
  Call call(path, std::chrono::seconds(timeout_seconds));
  std::string reply;
  auto failure = call.connect();
  if (!failure) failure = call.send(request_text(method, target, json_body));
  if (!failure) failure = call.receive(reply);
  if (failure) return *failure;
  auto response = parse_reply(reply, method == "HEAD");
  if (!response) return "the daemon on " + path + " closed without a complete reply";
  return *std::move(response);
}

}  // namespace smokeledger::exporters::web
