#include "tests/exporters/web/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace smokeledger::exporters::web {
namespace {

void limit_waits(int descriptor) {
  const timeval at_most{20, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &at_most, sizeof at_most);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &at_most, sizeof at_most);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

RawReply parse_head(std::string_view head) {
  RawReply reply;
  if (head.size() < 12 || !head.starts_with("HTTP/1.1 ")) return reply;
  reply.status = std::stoi(std::string(head.substr(9, 3)));
  auto from = head.find("\r\n");
  while (from != std::string_view::npos && from + 2 < head.size()) {
    const auto to = head.find("\r\n", from + 2);
    const auto line = head.substr(from + 2, to - from - 2);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos) {
      reply.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
    }
    from = to;
  }
  return reply;
}

}  // namespace

Client Client::open_tcp() {
  Client client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  limit_waits(client.descriptor_);
  return client;
}

bool Client::connect_tcp(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Client Client::tcp(std::uint16_t port) {
  Client client = open_tcp();
  client.connect_tcp(port);
  return client;
}

Client Client::unix_socket(const std::string& path) {
  Client client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  limit_waits(client.descriptor_);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ::connect(client.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return client;
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), unread_(std::move(other.unread_)) {}

Client::~Client() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::finish_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool Client::read_some() {
  char bytes[4096];
  const ssize_t size = ::recv(descriptor_, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  unread_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::optional<RawReply> Client::reply(bool head_only) {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_some()) return std::nullopt;
  }
  RawReply reply = parse_head(std::string_view(unread_).substr(0, end + 2));
  unread_.erase(0, end + 4);
  if (reply.status == 0 || !reply.headers.contains("content-length")) return std::nullopt;
  const std::size_t size = head_only ? 0 : std::stoul(reply.headers["content-length"]);
  while (unread_.size() < size) {
    if (!read_some()) return std::nullopt;
  }
  reply.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return reply;
}

bool Client::closed_by_server() {
  if (!unread_.empty()) return false;
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, 0) == 0;
}

RawReply ask(std::uint16_t port, std::string_view bytes) {
  Client client = Client::tcp(port);
  client.send(bytes);
  return client.reply().value_or(RawReply{});
}

}  // namespace smokeledger::exporters::web
