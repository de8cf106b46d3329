// A plain blocking client that sends any bytes and reads what comes: what a browser would never do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::exporters::web {

struct RawReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
};

// Every wait ends after 20 s, as if the server had closed.
class Client {
 public:
  static Client tcp(std::uint16_t port);
  static Client unix_socket(const std::string& path);
  // A socket that is not connected yet, for tests that run out of descriptors.
  static Client open_tcp();
  bool connect_tcp(std::uint16_t port);

  Client(Client&&) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  bool send(std::string_view bytes);
  void finish_sending();  // the server sees the end of the stream
  // One complete reply; `head_only` after a HEAD. Empty: closed or malformed.
  std::optional<RawReply> reply(bool head_only = false);
  // Waits until it is: in order, with nothing more to read, and not by a reset.
  bool closed_by_server();

 private:
  explicit Client(int descriptor) : descriptor_(descriptor) {}
  bool read_some();

  int descriptor_;
  std::string unread_;
};

// One request on a connection of its own; status 0 when no reply came.
RawReply ask(std::uint16_t port, std::string_view bytes);

}  // namespace smokeledger::exporters::web
