#include <algorithm>

#include "daemon/application.h"
#include "daemon/commands/drill.h"
#include "daemon/commands/drill_line.h"
#include "daemon/commands/ledger_door.h"
#include "daemon/commands/output.h"
#include "daemon/credentials.h"
#include "daemon/endpoints.h"
#include "daemon/environment.h"

namespace smokeledger::daemon::commands {
namespace {

int print(const std::string& json, const DrillFlags& flags, Context& context) {
  const auto results = read_drill_results(json);
  if (!results) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_could_not_tell;
  }
  if (wants_table(flags.output, context)) {
    std::vector<Row> rows;
    for (const auto& result : *results) rows.push_back(drill_row(result));
    context.out << table(drill_header, rows);
  } else {
    for (const auto& result : *results) context.out << result.json << '\n';
  }
  return exit_code_of(*results);
}

int through_service(const config::Config& config,
                    const std::vector<std::string>& probes,
                    const DrillFlags& flags,
                    Context& context) {
  std::string target = "/v1/once";
  char separator = '?';
  for (const auto& probe : probes) {
    target += separator + ("probe=" + probe);
    separator = '&';
  }
  const auto answer = ask_service(config, target, context);
  return answer ? print(*answer, flags, context) : exit_could_not_tell;
}

// A gateway may want a credential that only the service has.
std::string unfit_to_send(const config::Config& config,
                          const std::vector<std::string>& probes,
                          const std::string& credentials_directory) {
  for (const auto& plan : config.probes) {
    if (std::find(probes.begin(), probes.end(), plan->name) == probes.end()) continue;
    if (plan->drill->live != core::LiveDrill::none) continue;
    for (const auto& route : plan->routes) {
      const core::Provider& provider = *route->provider;
      const bool named = !provider.credential.empty() && provider.credential_file.empty() &&
                         provider.credential != credential_placeholder;
      if (!named || !credentials_directory.empty()) continue;
      return "the credential of provider " + provider.name +
             " is a systemd credential, which only the service has, and no service listens on " +
             config.control.socket + "; start the service, or name a credential_file";
    }
  }
  return {};
}

int on_our_own(config::Config config,
               const std::vector<std::string>& probes,
               const DrillFlags& flags,
               Context& context) {
  const std::string credentials = read_process_environment().credentials_directory;
  std::string why = not_our_ledger(config);
  if (why.empty()) why = unfit_to_send(config, probes, credentials);
  if (!why.empty()) {
    context.err << why << '\n';
    return exit_could_not_tell;
  }
  Log log(flags.log.options(false));
  std::unique_ptr<Application> application;
  std::string results;
  ApplicationOptions options{
      .config = std::move(config),
      .credentials_directory = credentials,
      .serve = false,
      .handle_hangup = false,
      .observe = {},
      .started =
          [&] {
            application->service().run_now(probes, std::nullopt, [&](const auto& answers) {
              results = once_results(answers, application->ledger_name());
              application->stop();
            });
          },
      .interrupted = {}};
  auto opened = Application::open(std::move(options), log);
  if (!opened) {
    context.err << opened.error().message << '\n';
    return opened.error().exit_code;
  }
  application = std::move(*opened);
  const int exit_code = application->run();
  if (exit_code != 0) return exit_code;
  return results.empty() ? exit_could_not_tell : print(results, flags, context);
}

}  // namespace

int drill_runs(config::Config config,
               const std::vector<std::string>& probes,
               const DrillFlags& flags,
               Context& context) {
  if (somebody_listens(config.control.socket)) {
    return through_service(config, probes, flags, context);
  }
  return on_our_own(std::move(config), probes, flags, context);
}

}  // namespace smokeledger::daemon::commands
