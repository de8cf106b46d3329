#include "daemon/commands/outbox_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/commands/client_process.h"

namespace smokeledger::daemon::commands {
namespace {

using Code = boost::system::error_code;

class CommandRun {
 public:
  CommandEnd run(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment,
                 std::chrono::milliseconds timeout) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      end_.why = "no pipe: " + std::generic_category().message(errno);
      return std::move(end_);
    }
    // The command's end blocks, as a command expects.
    ::fcntl(pipe[1], F_SETFL, 0);
    output_.assign(pipe[0]);
    signals_.async_wait([this](Code error, int) {
      if (error) return;
      end_.how = CommandEnd::How::interrupted;
      interrupted_ = true;
      process_.kill();
    });
    deadline_.expires_after(timeout);
    deadline_.async_wait([this](Code error) {
      if (error) return;
      late_ = true;
      process_.kill();
    });
    process_.start_apart(command, environment, pipe[1]);
    ::close(pipe[1]);
    read();
    io_.run();
    return std::move(end_);
  }

 private:
  void read() {
    output_.async_read_some(boost::asio::buffer(buffer_), [this](Code error, std::size_t count) {
      if (error) return;
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
    if (output_.is_open()) read_rest();
    Code ignored;
    output_.close(ignored);
    deadline_.cancel();
    signals_.cancel();
    if (interrupted_) return;
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

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  boost::asio::steady_timer deadline_{io_};
  boost::asio::posix::stream_descriptor output_{io_};
  std::array<char, 16 * 1024> buffer_{};
  CommandEnd end_;
  bool late_ = false;
  bool interrupted_ = false;
  ClientProcess process_{io_,
                         [this](Drills::Ended how, const std::string& why) { ended(how, why); }};
};

}  // namespace

CommandEnd run_command(const std::vector<std::string>& command,
                       const std::vector<std::string>& environment,
                       std::chrono::milliseconds timeout) {
  return CommandRun().run(command, environment, timeout);
}

bool wait_uninterrupted(std::chrono::milliseconds time) {
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  boost::asio::steady_timer timer(io, time);
  bool undisturbed = false;
  signals.async_wait([&](Code error, int) {
    if (!error) timer.cancel();
  });
  timer.async_wait([&](Code error) {
    undisturbed = !error;
    signals.cancel();
  });
  io.run();
  return undisturbed;
}

}  // namespace smokeledger::daemon::commands
