#include "daemon/commands/outbox_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/commands/client_process.h"

namespace smokeledger::daemon::commands {
namespace {

using Code = boost::system::error_code;
namespace asio = boost::asio;

// One run, until over().
class CommandRun {
 public:
  CommandRun(asio::io_context& io, CommandEnd& end)
      : end_(end),
        deadline_(io),
        output_(io),
        process_(io, [this](auto how, const auto& why) { ended(how, why); }) {}

  void start(const std::vector<std::string>& command,
             const std::vector<std::string>& environment,
             std::chrono::milliseconds timeout) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      end_.why = "no pipe: " + std::generic_category().message(errno);
      over_ = true;
      return;
    }
    // The command's end blocks, as a command expects.
    ::fcntl(pipe[1], F_SETFL, 0);
    output_.assign(pipe[0]);
    deadline_.expires_after(timeout);
    deadline_.async_wait([this](Code error) {
      if (error) return;
      late_ = true;
      process_.kill();
    });
    process_.start_apart(command, environment, pipe[1]);
    ::close(pipe[1]);
    read();
  }
  bool over() const { return over_; }
  void kill() { process_.kill(); }

 private:
  void read() {
    output_.async_read_some(asio::buffer(buffer_), [this](Code error, std::size_t count) {
      if (error || over_) return;
      keep(count);
      read();
    });
  }
  void keep(std::size_t count) {
    const std::size_t room = max_command_output - end_.output.size();
    end_.output.append(buffer_.data(), std::min(room, count));
    end_.output_cut = end_.output_cut || count > room;
  }
  // What it left in the pipe; whoever else may hold the other end is not waited for.
  void read_rest() {
    while (!end_.output_cut) {
      const ssize_t count = ::read(output_.native_handle(), buffer_.data(), buffer_.size());
      if (count <= 0) return;
      keep(static_cast<std::size_t>(count));
    }
  }
  void ended(Drills::Ended how, const std::string& why) {
    over_ = true;
    if (output_.is_open()) read_rest();
    Code ignored;
    output_.close(ignored);
    deadline_.cancel();
    if (late_) {
      end_.why = "it did not end in time and was killed";
    } else if (how.client != core::ClientEnd::exited) {
      end_.why = why;
    } else if (how.exit_code != 0) {
      end_.why = "it ended with exit code " + std::to_string(how.exit_code);
    } else {
      end_.how = CommandEnd::How::done;
    }
  }

  CommandEnd& end_;
  asio::steady_timer deadline_;
  asio::posix::stream_descriptor output_;
  std::array<char, 16 * 1024> buffer_{};
  bool late_ = false;
  bool over_ = false;
  ClientProcess process_;
};

}  // namespace

CommandRunner::CommandRunner() {
  signals_.async_wait([this](Code error, int) { interrupted_ = interrupted_ || !error; });
}

CommandEnd CommandRunner::run(const std::vector<std::string>& command,
                              const std::vector<std::string>& environment,
                              std::chrono::milliseconds timeout) {
  CommandEnd end;
  if (interrupted()) {
    end.how = CommandEnd::How::interrupted;
    return end;
  }
  CommandRun run(io_, end);
  run.start(command, environment, timeout);
  while (!run.over()) {
    io_.run_one();
    if (interrupted_) run.kill();
  }
  // What it had begun to wait for was cancelled.
  io_.poll();
  if (interrupted_ && end.how != CommandEnd::How::done) end.how = CommandEnd::How::interrupted;
  return end;
}

bool CommandRunner::wait(std::chrono::milliseconds time) {
  bool over = false;
  asio::steady_timer timer(io_, time);
  timer.async_wait([&over](Code) { over = true; });
  io_.restart();
  while (!over && !interrupted_) io_.run_one();
  timer.cancel();
  while (!over) io_.run_one();
  return !interrupted_;
}

bool CommandRunner::interrupted() {
  io_.restart();
  io_.poll();
  return interrupted_;
}

}  // namespace smokeledger::daemon::commands
