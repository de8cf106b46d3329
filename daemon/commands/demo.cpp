// smokeledger demo: stub and service on loopback, with shortened intervals; no key, no network.
// Ends by itself after --for, verifies the ledger it made. Exit: 0, 1 when the ledger does not
// verify or a decision never occurred in a demo of 30 s or more, otherwise as `run`.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/application.h"
#include "daemon/commands/command.h"
#include "daemon/commands/demo_config.h"
#include "daemon/commands/outcome_table.h"
#include "daemon/commands/plan_table.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/verify.h"
#include "probes/core/disclaimer.h"
#include "probes/stub/stub.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

struct DemoFlags {
  std::string duration;
  std::string dir;
};

// The stub on a thread of its own, as a provider would be.
class StubThread {
 public:
  StubThread() : stub_(io_, {}) {
    port_ = stub_.listen("127.0.0.1:0");
    thread_ = std::thread([this] { io_.run(); });
  }
  ~StubThread() {
    boost::asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }
  StubThread(const StubThread&) = delete;
  StubThread& operator=(const StubThread&) = delete;

  const boost::system::result<std::uint16_t, std::string>& port() const { return port_; }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{
      io_.get_executor()};
  probes::stub::Stub stub_;
  boost::system::result<std::uint16_t, std::string> port_ = std::uint16_t{0};
  std::thread thread_;
};

void replace_all(std::string& text, std::string_view mark, const std::string& by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
}

// An empty folder of its own under the system's one for temporary files, or the one asked for.
std::string make_folder(const std::string& wanted) {
  std::error_code error;
  if (!wanted.empty()) {
    std::filesystem::create_directories(wanted, error);
    return std::filesystem::absolute(wanted, error).string();
  }
  std::string name =
      (std::filesystem::temp_directory_path(error) / "smokeledger-demo-XXXXXX").string();
  return mkdtemp(name.data()) == nullptr ? std::string{} : name;
}

void print_counters(std::ostream& out, const core::Tally& tally) {
  out << "\nCounters (those that have counted):\n";
  for (const auto& [key, count] : tally) {
    const auto& row = core::info(key.counter);
    out << "  " << word(key.counter) << '{';
    for (std::size_t i = 0; i < row.label_count(); ++i) {
      out << (i == 0 ? "" : ",") << row.labels[i] << "=\"" << key.labels[i] << '"';
    }
    out << "} " << count << '\n';
  }
  out << '\n';
}

// What the terminal shows while the demo runs.
class Display {
 public:
  explicit Display(std::ostream& out) : out_(out) {}

  void plan(const config::Config& config) {
    out_ << "smokeledger demo: stub and service on loopback, no key, no network.\n"
         << core::disclaimer << "\n\nPlan of one day, were it to run that long:\n";
    std::vector<Row> rows;
    for (const auto& probe : planned(config, {}, {.now = system_stamp()})) {
      rows.push_back(plan_row(probe));
    }
    out_ << table(plan_header, rows) << std::flush;
  }
  void started(const std::string& address, const DemoFlags& flags) {
    out_ << "\nPages: http://" << address << "/\nMetrics: http://" << address
         << "/metrics\nStop: Ctrl-C";
    if (!flags.duration.empty()) out_ << ", or by itself after " << flags.duration;
    out_ << "\n\n" << table_row(outcome_header, outcome_widths) << std::flush;
  }
  void observe(const Records& records) {
    for (const auto& record : records) {
      core::fold(state_, record.line(), record.recorded_at());
      const auto* outcome = std::get_if<core::OutcomeLine>(&record.line());
      if (outcome == nullptr) continue;
      seen_.insert(outcome->outcome.decision);
      out_ << table_row(outcome_row(record), outcome_widths) << std::flush;
      const bool all = seen_.size() == core::every<core::Decision>().size();
      if (all && !std::exchange(all_shown_, true)) counters();
    }
  }
  void counters() { print_counters(out_, core::total(state_)); }
  // Decisions that no run has come to.
  std::string missing() const {
    std::string names;
    for (const auto decision : core::every<core::Decision>()) {
      if (!seen_.contains(decision)) names += ' ' + std::string(word(decision));
    }
    return names;
  }

 private:
  std::ostream& out_;
  core::State state_;
  std::set<core::Decision> seen_;
  bool all_shown_ = false;
};

int verify_ledger(const std::string& dir, Context& context) {
  const auto verified = exporters::ledger::verify(dir);
  if (!verified) {
    context.err << verified.error().message << '\n';
    return exit_failed;
  }
  context.out << sentence(*verified) << '\n';
  return verified->problem ? exit_failed : exit_ok;
}

int finish(const std::string& folder,
           Display& display,
           core::Milliseconds duration,
           Context& context) {
  display.counters();
  const std::string ledger = folder + "/ledger";
  const int verified = verify_ledger(ledger, context);
  context.out << "Look at it: smokeledger ledger query --ledger " << ledger << '\n';
  constexpr core::Milliseconds long_enough = std::chrono::seconds{30};
  if (const auto missing = display.missing(); duration >= long_enough && !missing.empty()) {
    context.err << "the demo is meant to show every decision; these did not occur:" << missing
                << '\n';
    return exit_failed;
  }
  return verified;
}

int run_application(config::Config config,
                    const DemoFlags& flags,
                    core::Milliseconds duration,
                    Display& display) {
  Log log({.level = LogLevel::warning});
  std::unique_ptr<Application> application;
  std::unique_ptr<boost::asio::steady_timer> timer;
  ApplicationOptions options{.config = std::move(config),
                             .credentials_directory = {},
                             .serve = true,
                             .handle_hangup = false,
                             .observe = [&](const Records& records) { display.observe(records); },
                             .started =
                                 [&] {
                                   display.started(application->web_address(), flags);
                                   if (duration <= core::Milliseconds{0}) return;
                                   timer = std::make_unique<boost::asio::steady_timer>(
                                       application->io(), duration);
                                   timer->async_wait([&](const boost::system::error_code& error) {
                                     if (!error) application->stop();
                                   });
                                 }};
  auto opened = Application::open(std::move(options), log);
  if (!opened) {
    log.error(opened.error().message);
    return opened.error().exit_code;
  }
  application = std::move(*opened);
  const int exit_code = application->run();
  timer.reset();
  return exit_code;
}

int demo(const DemoFlags& flags, Context& context) {
  const auto duration = flags.duration.empty()
                            ? core::Milliseconds{0}
                            : core::parse_duration(flags.duration).value_or(core::Milliseconds{0});
  if (!flags.duration.empty() && duration <= core::Milliseconds{0}) {
    context.err << "--for: " << flags.duration
                << " is not a duration; write for example 30s or 2m\n";
    return exit_usage;
  }
  const std::string folder = make_folder(flags.dir);
  if (folder.empty()) {
    context.err << "cannot make a folder for temporary files; name one with --dir\n";
    return exit_failed;
  }
  const StubThread stub;
  if (!stub.port()) {
    context.err << "the stub cannot listen: " << stub.port().error() << '\n';
    return exit_failed;
  }
  std::string text(demo_config);
  replace_all(text, "@STUB@", "127.0.0.1:" + std::to_string(*stub.port()));
  replace_all(text, "@DIR@", folder);
  const std::string file = folder + "/demo.toml";
  std::ofstream(file) << text;
  auto read = config::load_config(file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_failed;

  Display display(context.out);
  display.plan(*read.config);
  const int exit_code = run_application(std::move(*read.config), flags, duration, display);
  return exit_code != 0 ? exit_code : finish(folder, display, duration, context);
}

}  // namespace

void add_demo(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("demo", "Show everything on loopback: no key, no network");
  auto flags = std::make_shared<DemoFlags>();
  command->add_option(
      "--for", flags->duration, "end after this long, e.g. 30s; none: until Ctrl-C");
  command->add_option("--dir", flags->dir, "folder for its files; none: a temporary one");
  command->callback([flags, &context] { context.exit_code = demo(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
