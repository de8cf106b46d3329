#include "daemon/commands/client_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace smokeledger::daemon::commands {
namespace {

constexpr std::chrono::seconds time_to_end{2};

// Signals and mask as a shell would hand them on: we may ignore some, and wait for others.
class SpawnAttributes {
 public:
  explicit SpawnAttributes(bool own_group) {
    ::posix_spawnattr_init(&attributes_);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::posix_spawnattr_setsigmask(&attributes_, &usual);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) {
      ::sigaddset(&usual, signal);
    }
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    const int flags =
        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0);
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// What we hold open is ours: a process left behind would keep the stub's port, and the next client
// would wait there for ever.
class SpawnActions {
 public:
  explicit SpawnActions(std::optional<int> output) {
    ::posix_spawn_file_actions_init(&actions_);
    if (output) {
      ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      ::posix_spawn_file_actions_adddup2(&actions_, *output, STDOUT_FILENO);
      ::posix_spawn_file_actions_adddup2(&actions_, *output, STDERR_FILENO);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (const auto& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

void set(std::vector<std::string>& variables, std::string_view name, const std::string& value) {
  std::erase_if(variables, [&](const std::string& known) { return name_of(known) == name; });
  variables.push_back(std::string(name) + '=' + value);
}

void set_if_absent(std::vector<std::string>& variables, std::string_view name) {
  const bool present = std::any_of(variables.begin(), variables.end(), [&](const auto& known) {
    return name_of(known) == name;
  });
  if (!present) set(variables, name, "smokeledger-drill");
}

}  // namespace

ClientProcess::ClientProcess(boost::asio::io_context& io, Ended ended)
    : children_(io, SIGCHLD), patience_(io), ended_(std::move(ended)) {}

ClientProcess::~ClientProcess() {
  if (pid_ == 0) return;
  kill();
  ::waitpid(pid_, nullptr, 0);
}

void ClientProcess::start(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment) {
  spawn(command, environment, std::nullopt);
}

void ClientProcess::start_apart(const std::vector<std::string>& command,
                                const std::vector<std::string>& environment,
                                int output) {
  apart_ = true;
  spawn(command, environment, output);
}

void ClientProcess::kill() {
  if (pid_ != 0) ::kill(apart_ ? -pid_ : pid_, SIGKILL);
}

void ClientProcess::spawn(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment,
                          std::optional<int> output) {
  const SpawnActions actions(output);
  const SpawnAttributes attributes(apart_);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid,
                                   command.front().c_str(),
                                   actions.get(),
                                   attributes.get(),
                                   pointers(command).data(),
                                   pointers(environment).data());
  if (error != 0) {
    return end({core::ClientEnd::not_started, 0},
               command.front() + " cannot be started: " + std::generic_category().message(error));
  }
  pid_ = pid;
  look();
}

// It may have ended before the first SIGCHLD was waited for.
void ClientProcess::look() {
  // Its number is not given to another process before it is waited for: the group is still its own.
  siginfo_t ended{};
  const bool has_ended =
      ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
      ended.si_pid == pid_;
  if (!has_ended) {
    children_.async_wait([this](boost::system::error_code error, int) {
      if (!error) look();
    });
    return;
  }
  if (apart_) kill();
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = 0;
  if (WIFEXITED(status)) return end({core::ClientEnd::exited, WEXITSTATUS(status)}, "");
  const int signal = WTERMSIG(status);
  end({core::ClientEnd::killed, 0}, std::string("the client was killed: ") + ::strsignal(signal));
}

void ClientProcess::end(Drills::Ended how, const std::string& why) {
  patience_.cancel();
  children_.cancel();
  std::exchange(ended_, nullptr)(how, why);
}

void ClientProcess::interrupt(int signal) {
  if (pid_ == 0) return;
  if (std::exchange(interrupted_, true)) {
    kill();
    return;
  }
  if (signal == SIGTERM) ::kill(pid_, SIGTERM);
  patience_.expires_after(time_to_end);
  patience_.async_wait([this](boost::system::error_code error) {
    if (!error && pid_ != 0) ::kill(pid_, SIGTERM);
  });
}

std::vector<std::string> client_environment(std::vector<std::string> ours,
                                            const std::string& stub_url) {
  set(ours, "SMOKELEDGER_STUB_URL", stub_url);
  set(ours, "OPENAI_BASE_URL", stub_url + "/v1");
  set(ours, "ANTHROPIC_BASE_URL", stub_url);
  set_if_absent(ours, "OPENAI_API_KEY");
  set_if_absent(ours, "ANTHROPIC_API_KEY");
  return ours;
}

}  // namespace smokeledger::daemon::commands
