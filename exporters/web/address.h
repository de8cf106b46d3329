// Listen addresses as people write them.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

namespace smokeledger::exporters::web {

struct ListenAddress {
  boost::asio::ip::tcp::endpoint endpoint;
  bool every_interface = false;  // `:port`: IPv6 and IPv4 at once
};

// No name is ever looked up. Pure.
boost::system::result<ListenAddress, std::string> parse_listen_address(std::string_view);

// `127.0.0.1:9464`, `[::1]:9464`
std::string format(const boost::asio::ip::tcp::endpoint&);

}  // namespace smokeledger::exporters::web
