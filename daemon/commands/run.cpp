// smokeledger run: the service. Exit: 0 stopped on request, 1 configuration invalid, 2 usage, 3
// ledger locked, 4 ledger unusable, 5 ledger corrupt, 6 ledger not writable, 7 cannot listen.
#include <csignal>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/application.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_flags.h"
#include "daemon/environment.h"
#include "exporters/web/server.h"

namespace smokeledger::daemon::commands {
namespace {

struct RunFlags {
  std::string config_file;
  std::string listen_address;
  LogFlags log;
};

int run(const RunFlags& flags, Context& context) {
  auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  if (!flags.listen_address.empty()) {
    if (!exporters::web::is_loopback_address(flags.listen_address)) {
      context.err << "--web.listen-address: " << flags.listen_address
                  << " is not a loopback address and a port; write for example 127.0.0.1:9464\n";
      return exit_usage;
    }
    read.config->web.listen_address = flags.listen_address;
  }

  // A full disk quota or a closed stderr is an error of a call, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  const ProcessEnvironment environment = read_process_environment();
  Log log(flags.log.options(environment.journal_stream));
  ApplicationOptions options{.config = std::move(*read.config),
                             .credentials_directory = environment.credentials_directory,
                             .serve = true,
                             .handle_hangup = true,
                             .observe = {},
                             .started = {}};
  auto application = Application::open(std::move(options), log);
  if (!application) {
    log.error(application.error().message);
    return application.error().exit_code;
  }
  return (*application)->run();
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("run", "Run the service: scheduled probes, ledger, metrics");
  auto flags = std::make_shared<RunFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command->add_option("--web.listen-address",
                      flags->listen_address,
                      "loopback address of the page and metrics, instead of the file's");
  flags->log.add_to(*command);
  command->callback([flags, &context] { context.exit_code = run(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
