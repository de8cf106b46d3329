// A client command as a child process. Its input and output are ours, unless it is kept apart.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/drills.h"

namespace smokeledger::daemon::commands {

class ClientProcess {
 public:
  // Called once; `why` says why it could not be started, or by what it was killed.
  using Ended = std::function<void(Drills::Ended, const std::string& why)>;

  ClientProcess(boost::asio::io_context&, Ended);
  ~ClientProcess();  // kills it
  ClientProcess(const ClientProcess&) = delete;
  ClientProcess& operator=(const ClientProcess&) = delete;

  // `command` as a shell would find it, without a shell. `environment`: NAME=value each.
  void start(const std::vector<std::string>& command, const std::vector<std::string>& environment);

  // Likewise, apart from us: in a process group of its own, with nothing to read, and all that it
  // prints into the descriptor `output`. When it has ended, what is left of its group is killed.
  void start_apart(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment,
                   int output);

  // At once, with its group where it has one.
  void kill();

  // We were told to end: the client is given time to do so, and killed when told again. A terminal
  // sends SIGINT to the client by itself.
  void interrupt(int signal);

 private:
  void spawn(const std::vector<std::string>& command,
             const std::vector<std::string>& environment,
             std::optional<int> output);
  void look();
  void end(Drills::Ended, const std::string& why);

  boost::asio::signal_set children_;
  boost::asio::steady_timer patience_;
  Ended ended_;
  int pid_ = 0;  // 0: not running
  bool apart_ = false;
  bool interrupted_ = false;
};

// What the client finds in its environment: ours, and where the stub is. Keys that its libraries
// ask for are placeholders where there are none. Pure.
std::vector<std::string> client_environment(std::vector<std::string> ours,
                                            const std::string& stub_url);

}  // namespace smokeledger::daemon::commands
