// The composition root of everything that probes: `run`, `once` and `demo` are this with different
// options. The thread that calls run() is the io thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/system/result.hpp>

#include "daemon/client_drills.h"
#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/log.h"
#include "daemon/repeater.h"
#include "daemon/service.h"
#include "exporters/ledger/ledger.h"

namespace boost::asio {
class io_context;
}

namespace smokeledger::daemon {

// Exit codes of `run`, beside 0 (stopped on request) and 2 (usage).
enum ExitCode : int {
  exit_config_invalid = 1,
  exit_ledger_locked = 3,
  exit_ledger_unusable = 4,
  exit_ledger_corrupt = 5,
  exit_ledger_io = 6,
  exit_cannot_listen = 7,
};

struct StartError {
  int exit_code = exit_config_invalid;
  std::string message;
};

// The ledger that the configuration names, as this binary opens it: locked, repaired, folded.
// `credentials_directory`: systemd's; where that is empty and the checkpoint key is a credential,
// nothing is signed.
boost::system::result<std::unique_ptr<exporters::ledger::Ledger>, StartError> open_ledger(
    const config::Config&, const std::string& credentials_directory);

struct ApplicationOptions {
  config::Config config;
  std::string credentials_directory;
  bool serve = true;           // listeners, control socket and schedule; false: manual runs only
  bool handle_hangup = false;  // SIGHUP reads config.file again
  // Told of every durable line, on the io thread, after the counters.
  std::function<void(const Records&)> observe;
  // Called on the io thread once everything runs.
  std::function<void()> started;
  // Told of SIGINT and SIGTERM; true: it does what is to be done, and nothing is stopped.
  std::function<bool(int signal)> interrupted = {};
};

class Application {
 public:
  // Opens the ledger. The log outlives the application.
  static boost::system::result<std::unique_ptr<Application>, StartError> open(ApplicationOptions,
                                                                              Log&);
  ~Application();

  // Runs until stop(), SIGTERM, SIGINT or a ledger that cannot be written. Returns the exit code.
  int run();
  // io thread only; ends run() when every outcome line is durable.
  void stop();

  boost::asio::io_context& io();
  Service& service();
  Repeater& repeater();
  ClientDrills& client_drills();
  const std::string& ledger_name() const;
  // In use once started; empty where there is none.
  const std::string& web_address() const;

 private:
  struct Impl;
  explicit Application(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace smokeledger::daemon
