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
#include <optional>
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
    if (const auto code = take_lock(once)) return *code;
    if (!make_folders()) return exit_unreadable;
    bool quiet = false;
    while (true) {
      std::error_code error;
      const auto files = waiting_in(dir_, error);
      if (error) return unusable(error.message());
      for (const auto& file : files) {
        if (!hand_over(file)) return exit_failed;
      }
      if (once && quiet && files.empty()) return exit_code_;
      quiet = files.empty();
      if (!runner_.wait(look_every)) return exit_code_;
    }
  }

 private:
  int unusable(const std::string& why) {
    context_.err << "smokeledger: " << dir_.string() << " cannot be used: " << why << std::endl;
    return exit_unreadable;
  }

  // Nothing: it is ours. A run of the unit waits while a person's is at work, and does not fail.
  std::optional<int> take_lock(bool patient) {
    while (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return unusable(std::generic_category().message(errno));
      if (!patient) return unusable("another process works on it");
      if (!runner_.wait(look_every)) return exit_code_;
    }
    return std::nullopt;
  }

  // Before any command runs: what was handed over must have somewhere to go.
  bool make_folders() {
    for (const auto* name : {"done", "failed"}) {
      std::error_code error;
      fs::create_directory(dir_ / name, error);
      if (!error && ::access((dir_ / name).c_str(), W_OK | X_OK) == 0) continue;
      if (!error) error = {errno, std::generic_category()};
      unusable(std::string(name) + "/: " + error.message());
      return false;
    }
    return true;
  }

  // False: we are to end; the file stays where it is.
  bool hand_over(const fs::path& file) {
    std::error_code gone;
    if (!fs::is_regular_file(fs::symlink_status(file, gone))) return give_up(file, "it is no file");
    auto command = context_.after_dashes;
    command.push_back(file.string());
    auto pause = pause_before_another;
    for (int tried = 1; tried <= tries; ++tried) {
      const CommandEnd end = runner_.run(command, environment_, timeout_);
      print(end);
      if (end.how == CommandEnd::How::interrupted) return false;
      if (end.how == CommandEnd::How::done) {
        context_.out << name_of(file) << " was handed over" << std::endl;
        return move_to("done", file);
      }
      context_.err << name_of(file) << ", try " << tried << " of " << tries << ": " << end.why
                   << std::endl;
      if (tried == tries) break;
      if (!runner_.wait(pause)) return false;
      pause *= 2;
    }
    return give_up(file, "no try succeeded");
  }

  bool give_up(const fs::path& file, std::string_view why) {
    exit_code_ = exit_failed;
    context_.err << name_of(file) << " goes to failed/: " << why << std::endl;
    return move_to("failed", file);
  }

  // What a command prints is shown harmless, one line each.
  void print(const CommandEnd& end) {
    std::string_view rest = end.output;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      context_.err << "| " << shown(line) << '\n';
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    if (end.output_cut) context_.err << "| (it printed more)\n";
  }

  static std::string shown(std::string_view text) {
    const auto secret = [](std::string_view part) { return config::looks_like_secret(part); };
    return core::harmless(text, longest_printed_line, secret);
  }
  static std::string name_of(const fs::path& file) { return shown(file.filename().string()); }

  // The JSON first: once it has gone the packet is not handed over again. Until it has, nothing
  // else is: whoever got it once shall not get it with every start. False: we are to end.
  bool move_to(const std::string& folder, const fs::path& file) {
    std::string told;
    while (const auto error = moved(file, dir_ / folder)) {
      const std::string why =
          name_of(file) + " cannot be moved to " + folder + "/, and waits for that: ";
      if (std::exchange(told, error.message()) != error.message()) unusable(why + error.message());
      if (!runner_.wait(look_every)) return false;
    }
    for (const auto* kind : {".md", ".slice.jsonl"}) {
      const fs::path beside = fs::path(file).replace_extension(kind);
      std::error_code there_is_none;
      fs::rename(beside, dir_ / folder / beside.filename(), there_is_none);
    }
    return true;
  }

  // A file takes the place of one of that name; a folder that is in the way stays. What somebody
  // else took away needs no move.
  static std::error_code moved(const fs::path& file, const fs::path& folder) {
    fs::path to = folder / file.filename();
    std::error_code error;
    for (int other = 2; fs::is_directory(fs::symlink_status(to, error)); ++other) {
      to = folder / (file.filename().string() + '.' + std::to_string(other));
    }
    fs::rename(file, to, error);
    std::error_code gone;
    const bool is_there = fs::exists(fs::symlink_status(file, gone));
    return is_there ? error : std::error_code();
  }

  fs::path dir_;
  std::chrono::milliseconds timeout_;
  Context& context_;
  std::vector<std::string> environment_;
  CommandRunner runner_;
  int lock_;
  int exit_code_ = exit_ok;
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
