// A server of the real kind on a free loopback port, its io_context turned by a thread of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {

// Replies that a handler kept, for the test to give when it likes. Thread-safe.
class KeptReplies {
 public:
  void keep(Reply);
  Reply take();  // waits for one
 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Reply> replies_;
};

// Routes: GET and HEAD /hello (`hello?<query>`), POST /echo (the body), GET /later (kept), GET
// /whoami (the caller's uid).
WebServer::Options hello_options(const std::shared_ptr<KeptReplies>&);

class Served {
 public:
  Served() : Served(WebLimits{}) {}
  explicit Served(const WebLimits&);
  explicit Served(WebServer::Options);
  explicit Served(const std::string& unix_path);  // there as well
  ~Served();
  std::uint16_t port() const { return port_; }
  const std::string& unix_error() const { return unix_error_; }
  KeptReplies& kept() { return *kept_; }
  void destroy_server();  // on the io thread, while it runs

 private:
  Served(const WebLimits&, const std::string& unix_path);
  void start(WebServer::Options, const std::string& unix_path);

  std::shared_ptr<KeptReplies> kept_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<WebServer> server_;
  std::uint16_t port_ = 0;
  std::string unix_error_;
  std::thread thread_;
};

}  // namespace smokeledger::exporters::web
