// URLs and listen addresses, as far as a configuration needs to understand them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::daemon::config {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // without brackets
  std::string plain;   // the URL without query and fragment
  bool user_info = false;
  bool query_or_fragment = false;
};

// Absolute http and https URLs of at most 200 printable ASCII characters; nothing for anything
// else.
std::optional<Url> parse_url(std::string_view);

// 127.0.0.0/8 and ::1 in the forms inet_pton(3) takes, and the name localhost.
bool is_loopback_host(std::string_view host);

struct ListenAddress {
  std::string host;  // empty: every address
};
// `host:port`, `[v6]:port`, `:port`; nothing when it is not of that form.
std::optional<ListenAddress> parse_listen_address(std::string_view);

}  // namespace smokeledger::daemon::config
