// smokeledger outbox --dir D [--timeout 60s] [--once] -- COMMAND ARGUMENTS: hands each packet in
// the outbox folder to a command, as its last argument. Exit codes: 0 nothing is left; 1 a packet
// went to failed/, or it was told to end; 2 usage; 4 the folder cannot be used.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/ledger_query.h"
#include "daemon/commands/outbox_run.h"
#include "daemon/config/secrets.h"
#include "daemon/environment.h"
#include "probes/core/packet.h"
#include "probes/core/time.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace fs = std::filesystem;

constexpr int tries = 3;
constexpr std::chrono::milliseconds pause_before_another{1'000};
constexpr std::chrono::milliseconds look_every{1'000};
constexpr std::size_t longest_printed_line = 500;

struct OutboxFlags {
  std::string dir;
  std::string timeout = "60s";
  bool once = false;
};

// What the path unit sees, so that nothing starts it for ever; the oldest first.
std::vector<fs::path> waiting_in(const fs::path& dir, std::error_code& error) {
  std::vector<std::pair<fs::file_time_type, fs::path>> found;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code gone;
    if (path.extension() != ".json" || path.filename().string().starts_with('.')) continue;
    found.emplace_back(it->last_write_time(gone), path);
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> files;
  for (auto& [time, path] : found) files.push_back(std::move(path));
  return files;
}

std::vector<std::string> bare_environment() {
  std::vector<std::string> kept = process_variables();
  std::erase_if(kept, [](const std::string& variable) { return !variable.starts_with("PATH="); });
  return kept;
}

class Outbox {
 public:
  Outbox(fs::path dir, std::chrono::milliseconds timeout, Context& context)
      : dir_(std::move(dir)),
        timeout_(timeout),
        context_(context),
        environment_(bare_environment()),
        lock_(::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  ~Outbox() {
    if (lock_ >= 0) ::close(lock_);
  }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  int run(bool once) {
    if (lock_ < 0) return unusable(std::generic_category().message(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) return unusable("another process works on it");
    bool quiet = false;
    while (true) {
      std::error_code error;
      const auto files = waiting_in(dir_, error);
      if (error) return unusable(error.message());
      for (const auto& file : files) {
        if (!hand_over(file)) return usable_ ? exit_failed : exit_unreadable;
      }
      if (once && quiet && files.empty()) return exit_code_;
      quiet = files.empty();
      if (!wait_uninterrupted(look_every)) return exit_code_;
    }
  }

 private:
  int unusable(const std::string& why) {
    context_.err << "smokeledger: " << dir_.string() << " cannot be used: " << why << '\n';
    return exit_unreadable;
  }

  // False: we are to end; the file stays where it is.
  bool hand_over(const fs::path& file) {
    std::error_code gone;
    if (!fs::is_regular_file(fs::symlink_status(file, gone))) return give_up(file, "it is no file");
    auto command = context_.after_dashes;
    command.push_back(file.string());
    auto pause = pause_before_another;
    for (int tried = 1; tried <= tries; ++tried) {
      const CommandEnd end = run_command(command, environment_, timeout_);
      print(end);
      if (end.how == CommandEnd::How::interrupted) return false;
      if (end.how == CommandEnd::How::done) {
        context_.out << file.filename().string() << " was handed over" << std::endl;
        return move_to("done", file);
      }
      context_.err << file.filename().string() << ", try " << tried << " of " << tries << ": "
                   << end.why << std::endl;
      if (tried == tries) break;
      if (!wait_uninterrupted(pause)) return false;
      pause *= 2;
    }
    return give_up(file, "no try succeeded");
  }

  bool give_up(const fs::path& file, std::string_view why) {
    exit_code_ = exit_failed;
    context_.err << file.filename().string() << " goes to failed/: " << why << std::endl;
    return move_to("failed", file);
  }

  // What a command prints is shown harmless, one line each.
  void print(const CommandEnd& end) {
    const auto secret = [](std::string_view text) { return config::looks_like_secret(text); };
    std::string_view rest = end.output;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      context_.err << "| " << core::harmless(line, longest_printed_line, secret) << '\n';
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    if (end.output_cut) context_.err << "| (it printed more)\n";
  }

  // The JSON first: once it has gone the packet is not handed over again.
  bool move_to(const std::string& folder, const fs::path& file) {
    std::error_code error;
    fs::create_directory(dir_ / folder, error);
    fs::rename(file, dir_ / folder / file.filename(), error);
    if (error) {
      usable_ = false;
      unusable(file.filename().string() + " cannot be moved to " + folder +
               "/: " + error.message());
      return false;
    }
    const fs::path beside = fs::path(file).replace_extension(".md");
    std::error_code there_is_none;
    fs::rename(beside, dir_ / folder / beside.filename(), there_is_none);
    return true;
  }

  fs::path dir_;
  std::chrono::milliseconds timeout_;
  Context& context_;
  std::vector<std::string> environment_;
  int lock_;
  int exit_code_ = exit_ok;
  bool usable_ = true;
};

int run(const OutboxFlags& flags, Context& context) {
  if (context.after_dashes.empty()) {
    context.err << "outbox: write the command after --, as in: smokeledger outbox --dir "
                << flags.dir << " -- /usr/local/bin/hand-over\n";
    return exit_usage;
  }
  const auto timeout = core::parse_duration(flags.timeout);
  if (!timeout || *timeout <= core::Milliseconds{0}) {
    context.err << "outbox: --timeout '" << flags.timeout << "' is not a duration; like 60s\n";
    return exit_usage;
  }
  std::error_code error;
  const fs::path dir = fs::absolute(flags.dir, error);
  return Outbox(dir, *timeout, context).run(flags.once);
}

}  // namespace

void add_outbox(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("outbox", "Hand each packet in the outbox folder to a command (after --)");
  auto flags = std::make_shared<OutboxFlags>();
  command->add_option("--dir", flags->dir, "the folder that [packets] outbox names")->required();
  command->add_option("--timeout", flags->timeout, "the command is killed then; 60s");
  command->add_flag("--once", flags->once, "end when nothing has come for a second");
  command->callback([flags, &context] { context.exit_code = run(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
