// The service inside this process.
#pragma once

#include <future>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "daemon/application.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::tests {

// A service in this process, on a thread of its own.
class RunningService {
 public:
  explicit RunningService(const Host& host) {
    daemon::ApplicationOptions options{
        .config = *daemon::config::load_config(host.config_file()).config,
        .credentials_directory = {},
        .serve = true,
        .handle_hangup = false,
        .observe = {},
        .started = [this] { started_.set_value(); }};
    application_ = *daemon::Application::open(std::move(options), log_);
    thread_ = std::thread([this] { application_->run(); });
    started_.get_future().wait();
  }
  ~RunningService() {
    application_->io().get_executor().execute([this] { application_->stop(); });
    thread_.join();
  }

 private:
  daemon::Log log_{{.level = daemon::LogLevel::off}};
  std::promise<void> started_;
  std::unique_ptr<daemon::Application> application_;
  std::thread thread_;
};

}  // namespace smokeledger::tests
