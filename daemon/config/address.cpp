#include "daemon/config/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t longest_url = 200;

struct Authority {
  std::string host;
  std::optional<std::string_view> port;
};

bool host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value <= 65'535 &&
         text.size() <= 5;
}

bool is_v6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// host, host:port, [v6], [v6]:port, :port.
std::optional<Authority> split_authority(std::string_view text) {
  Authority authority;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    authority.host = text.substr(1, close - 1);
    if (!is_v6(authority.host)) return std::nullopt;
    rest = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, colon);
    if (!std::all_of(authority.host.begin(), authority.host.end(), host_character)) {
      return std::nullopt;
    }
    rest = text.substr(colon);
  }
  if (rest.empty()) return authority;
  if (rest[0] != ':' || !is_port(rest.substr(1))) return std::nullopt;
  authority.port = rest.substr(1);
  return authority;
}

std::string lowered(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return copy;
}

bool url_character(char c) {
  return c > 0x20 && c < 0x7F && std::string_view("\"'<>\\^`{|}").find(c) == std::string_view::npos;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  if (text.size() > longest_url || !std::all_of(text.begin(), text.end(), url_character)) {
    return std::nullopt;
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Url url;
  url.scheme = lowered(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  const std::size_t end = std::min(text.find_first_of("?#"), text.size());
  url.query_or_fragment = end < text.size();
  const std::string_view plain = text.substr(0, end);
  const std::string_view below = plain.substr(colon + 3);
  std::string_view authority = below.substr(0, below.find('/'));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.user_info = true;
    authority.remove_prefix(at + 1);
  }
  const auto parts = split_authority(authority);
  if (!parts || parts->host.empty()) return std::nullopt;
  url.host = parts->host;
  url.plain = url.scheme + std::string(plain.substr(colon));
  return url;
}

bool is_loopback_host(std::string_view host) {
  const std::string name = lowered(host);
  if (name == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto parts = split_authority(text);
  if (!parts || !parts->port) return std::nullopt;
  // No name is looked up for a listener.
  in_addr v4{};
  in6_addr v6{};
  const bool address = parts->host.empty() || lowered(parts->host) == "localhost" ||
                       inet_pton(AF_INET, parts->host.c_str(), &v4) == 1 ||
                       inet_pton(AF_INET6, parts->host.c_str(), &v6) == 1;
  if (!address) return std::nullopt;
  return ListenAddress{parts->host};
}

}  // namespace smokeledger::daemon::config
