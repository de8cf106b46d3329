// Hands work from any thread to the io thread for as long as the server stands.
#pragma once

#include <functional>
#include <mutex>

#include <boost/asio/io_context.hpp>

namespace smokeledger::exporters::web {

// Thread-safe. Shared by a server and every Reply it gave out: a reply that comes after shut() is
// dropped, even when the io_context is gone by then.
class Mailbox {
 public:
  explicit Mailbox(boost::asio::io_context& io) : io_(&io) {}
  void post(std::function<void()>);
  void shut();

 private:
  std::mutex mutex_;
  boost::asio::io_context* io_;  // null once shut
};

}  // namespace smokeledger::exporters::web
