// One run of a command that is given a file: in a process group of its own, without a shell, an
// input or our environment, and killed with its group when it is over, late or told to end.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

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

// To its end, on the calling thread; `environment`: NAME=value each. SIGINT and SIGTERM to us kill
// it: interrupted.
CommandEnd run_command(const std::vector<std::string>& command,
                       const std::vector<std::string>& environment,
                       std::chrono::milliseconds timeout);

// Waits; false: SIGINT or SIGTERM came.
bool wait_uninterrupted(std::chrono::milliseconds);

}  // namespace smokeledger::daemon::commands
