// One connection of the stub.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "probes/stub/arrivals.h"
#include "probes/stub/fault.h"
#include "probes/stub/request.h"
#include "probes/stub/stub.h"

namespace smokeledger::probes::stub {

// What all connections of one stub share.
struct House {
  House();
  core::Milliseconds now() const;  // since it was made

  StubOptions options;
  Arrivals arrivals;
  std::chrono::steady_clock::time_point began;
};

// Answers one request that came `at` since the stub began: counts it and chooses what to do.
Act answer(House&, const Request&, core::Milliseconds at);

// Lives as long as one of its operations is pending. Reads all the time, so that it notices when
// the peer goes away in the middle of a fault.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket, std::shared_ptr<House>);
  void start() { read(); }
  void close();  // no effect on a closed one

 private:
  void read();
  void next_request();
  void play();
  void finish();
  void reset();
  void reset_later();
  void write(std::string_view bytes, void (Session::*then)());
  void trickle();
  void write_again();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<House> house_;
  std::array<char, 16 * 1024> chunk_{};
  std::string received_;
  Act act_;
  std::size_t trickled_ = 0;
  bool busy_ = false;  // an act is being played
  bool keep_alive_ = true;
};

}  // namespace smokeledger::probes::stub
