#include "exporters/web/address.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {
namespace {

namespace ip = boost::asio::ip;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

std::optional<ip::address> parse_host(std::string_view host) {
  boost::system::error_code error;
  if (host == "localhost") return ip::address_v4::loopback();
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto v6 = ip::make_address_v6(std::string(host.substr(1, host.size() - 2)), error);
    if (!error) return v6;
    return std::nullopt;
  }
  const auto v4 = ip::make_address_v4(std::string(host), error);
  if (!error) return v4;
  return std::nullopt;
}

}  // namespace

boost::system::result<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string shown(text);
  if (colon == std::string_view::npos) {
    return "`" + shown + "` has no port; write host:port, such as 127.0.0.1:9464";
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return "`" + shown + "` does not end in a port from 0 to 65535";
  const auto host = text.substr(0, colon);
  if (host.empty()) return ListenAddress{{ip::address_v6::any(), *port}, true};
  const auto address = parse_host(host);
  if (!address) {
    return "`" + shown + "` does not begin with an IP address; write 127.0.0.1, [::1] or localhost";
  }
  return ListenAddress{{*address, *port}, false};
}

std::string format(const ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

bool is_loopback_address(std::string_view address) {
  const auto parsed = parse_listen_address(address);
  return parsed.has_value() && !parsed->every_interface && parsed->endpoint.address().is_loopback();
}

}  // namespace smokeledger::exporters::web
