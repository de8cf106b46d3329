// Runs of a command that is given a file: each in a process group of its own, without a shell, an
// input or our environment, and killed with its group when it is over, late or told to end.
#pragma once

#include <chrono>
#include <csignal>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace smokeledger::daemon::commands {

// Of what a command prints; the rest is read and dropped.
inline constexpr std::size_t max_command_output = 64 * 1024;

struct CommandEnd {
  enum class How { done, failed, interrupted };
  How how = How::failed;
  std::string why;     // of failed
  std::string output;  // both streams, at most max_command_output
  bool output_cut = false;
};

// While it lives SIGINT and SIGTERM to us are noticed, also between runs: from then on everything
// is interrupted. On the calling thread.
class CommandRunner {
 public:
  CommandRunner();
  CommandRunner(const CommandRunner&) = delete;
  CommandRunner& operator=(const CommandRunner&) = delete;

  // To its end; `environment`: NAME=value each.
  CommandEnd run(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment,
                 std::chrono::milliseconds timeout);
  // False: interrupted.
  bool wait(std::chrono::milliseconds);

 private:
  bool interrupted();

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  bool interrupted_ = false;
};

}  // namespace smokeledger::daemon::commands
