// smokeledger once: runs probes now, or an older check again, through the running service where
// there is one. Exit: by the worst decision (outcome_table.h); 1 when a probe was not run or the
// service could not be asked; otherwise as `run`.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <simdjson.h>

#include "daemon/application.h"
#include "daemon/commands/command.h"
#include "daemon/commands/ledger_door.h"
#include "daemon/commands/log_flags.h"
#include "daemon/commands/once_like.h"
#include "daemon/commands/outcome_table.h"
#include "daemon/commands/output.h"
#include "daemon/credentials.h"
#include "daemon/endpoints.h"
#include "daemon/environment.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;

struct OnceFlags {
  std::string config_file;
  std::vector<std::string> probes;
  std::string like;  // a ledger id; empty: the probes as they are configured
  std::string output;
  LogFlags log{.level = "warning", .format = "logfmt"};
};

// One answer of the service, read back from its JSON.
struct Answer {
  Row row;
  int exit_code = exit_failed;
};

std::string_view text_at(simdjson::dom::element line, std::string_view member) {
  std::string_view text;
  const auto error = line[member].get_string().get(text);
  return error == simdjson::SUCCESS ? text : std::string_view{};
}

// Ours, or in gateway mode the gateway's, as in outcome_row().
std::string shown_retries(simdjson::dom::element line) {
  simdjson::dom::element count;
  simdjson::dom::array attempts;
  if (text_at(line, "mode") == core::word(core::Mode::gateway) &&
      line["attempts"].get(attempts) == simdjson::SUCCESS && attempts.size() > 0) {
    const auto error = attempts.at(attempts.size() - 1)["gateway_retries"].get(count);
    return error == simdjson::SUCCESS && count.is_uint64() ? simdjson::minify(count) : "unknown";
  }
  return line["retry_count"].get(count) == simdjson::SUCCESS ? simdjson::minify(count) : "0";
}

Answer read_answer(simdjson::dom::element result) {
  simdjson::dom::element line;
  if (result["line"].get(line) != simdjson::SUCCESS) {
    std::string why = "not run: " + std::string(text_at(result, "not_run"));
    if (const auto from = text_at(result, "allowed_from"); !from.empty()) {
      why += "; it may run from " + std::string(from);
    }
    return {{"-", "-", std::string(text_at(result, "probe")), "-", "-", "-", "-", "-", why},
            exit_failed};
  }
  const auto decision = core::from_word<core::Decision>(text_at(line, "fallback_decision"));
  return {{std::string(text_at(line, "recorded_at")),
           std::string(text_at(line, "ledger_id")),
           std::string(text_at(line, "probe")),
           std::string(text_at(line, "fallback_decision")),
           std::string(text_at(line, "status_class")),
           shown_retries(line),
           shown_fallback(text_at(line, "fallback_route"),
                          text_at(line, "fallback_taken"),
                          text_at(line, "fallback_layer")),
           std::string(text_at(line, "check_result")),
           std::string(text_at(line, "rule"))},
          decision ? exit_code_of(*decision) : exit_failed};
}

// Prints the answers of {"results":[...]} and gives the worst exit code.
int print_results(const std::string& json, const OnceFlags& flags, Context& context) {
  simdjson::dom::parser parser;
  simdjson::dom::array results;
  if (parser.parse(json)["results"].get_array().get(results) != simdjson::SUCCESS) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_failed;
  }
  const bool as_table = wants_table(flags.output, context);
  std::vector<Row> rows;
  int worst = exit_ok;
  bool any_not_run = false;
  for (const simdjson::dom::element result : results) {
    Answer answer = read_answer(result);
    any_not_run = any_not_run || answer.exit_code == exit_failed;
    if (answer.exit_code != exit_failed) worst = std::max(worst, answer.exit_code);
    simdjson::dom::element line;
    const bool has_line = result["line"].get(line) == simdjson::SUCCESS;
    if (!as_table) context.out << simdjson::minify(has_line ? line : result) << '\n';
    rows.push_back(std::move(answer.row));
  }
  if (as_table) context.out << table(outcome_header, rows);
  return worst == exit_ok && any_not_run ? exit_failed : worst;
}

int print(const std::string& json, const OnceFlags& flags, Context& context) {
  return flags.like.empty() ? print_results(json, flags, context)
                            : print_like(json, wants_table(flags.output, context), context);
}

int through_service(const config::Config& config, const OnceFlags& flags, Context& context) {
  std::string target = "/v1/once";
  char separator = '?';
  if (!flags.like.empty()) target += "?like=" + flags.like;
  for (const auto& probe : flags.probes) {
    target += separator + ("probe=" + probe);
    separator = '&';
  }
  const auto answer = ask_service(config, target, context);
  return answer ? print(*answer, flags, context) : exit_failed;
}

// Why this process should not write the ledger itself; empty: it may.
std::string unfit_to_write(const config::Config& config, const std::string& credentials_directory) {
  if (const std::string why = not_our_ledger(config); !why.empty()) return why;
  for (const auto& provider : config.providers) {
    const bool named = !provider->credential.empty() &&
                       provider->credential != credential_placeholder &&
                       provider->credential_file.empty();
    if (named && credentials_directory.empty()) {
      return "the credential of provider " + provider->name +
             " is a systemd credential, which only the service has, and no service listens on " +
             config.control.socket + "; start the service, or name a credential_file";
    }
  }
  return {};
}

// What was asked for, in a process of our own; `done` gets the answer that a service would give.
void run(Application& application,
         const OnceFlags& flags,
         const std::function<void(std::string)>& done) {
  const std::string& ledger = application.ledger_name();
  if (!flags.like.empty()) {
    return application.repeater().repeat(
        flags.like, std::nullopt, [&ledger, done](const Repeated& repeated) {
          done(like_results(repeated, ledger));
        });
  }
  application.service().run_now(flags.probes, std::nullopt, [&ledger, done](const auto& answers) {
    done(once_results(answers, ledger));
  });
}

int on_our_own(config::Config config, const OnceFlags& flags, Context& context) {
  const std::string credentials_directory = read_process_environment().credentials_directory;
  if (const std::string why = unfit_to_write(config, credentials_directory); !why.empty()) {
    context.err << why << '\n';
    return exit_failed;
  }
  Log log(flags.log.options(false));
  std::unique_ptr<Application> application;
  std::string results;
  ApplicationOptions options{.config = std::move(config),
                             .credentials_directory = credentials_directory,
                             .serve = false,
                             .handle_hangup = false,
                             .observe = {},
                             .started = [&] {
                               run(*application, flags, [&](std::string answer) {
                                 results = std::move(answer);
                                 application->stop();
                               });
                             }};
  auto opened = Application::open(std::move(options), log);
  if (!opened) {
    context.err << opened.error().message << '\n';
    return opened.error().exit_code;
  }
  application = std::move(*opened);
  const int exit_code = application->run();
  return exit_code != 0 || results.empty() ? std::max(exit_code, exit_failed)
                                           : print(results, flags, context);
}

int once(const OnceFlags& flags, Context& context) {
  if (!flags.like.empty() && !is_ledger_id(flags.like)) {
    context.err << "--like takes the ledger_id of an outcome, staging-0a1b2c3d-17\n";
    return exit_usage;
  }
  auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_config_invalid;
  for (const auto& name : flags.probes) {
    const auto& probes = read.config->probes;
    if (std::none_of(
            probes.begin(), probes.end(), [&](const auto& plan) { return plan->name == name; })) {
      context.err << flags.config_file << ": no probe is named " << name << '\n';
      return exit_usage;
    }
  }
  if (somebody_listens(read.config->control.socket)) {
    return through_service(*read.config, flags, context);
  }
  return on_our_own(std::move(*read.config), flags, context);
}

}  // namespace

void add_once(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("once", "Run probes now; the exit code is the worst decision");
  auto flags = std::make_shared<OnceFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  auto* probes = command->add_option("probes", flags->probes, "names of probes; none: all");
  command
      ->add_option("--like",
                   flags->like,
                   "ledger_id of an outcome: repeat its check by its own policy, and compare")
      ->excludes(probes);
  add_output_option(*command, flags->output, "table, or json (ledger lines)");
  flags->log.add_to(*command);
  command->callback([flags, &context] { context.exit_code = once(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
