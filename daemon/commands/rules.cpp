// smokeledger rules: Prometheus alert and recording rules whose windows fit the configured
// intervals. Exit: 0, or 1 for an invalid configuration.
#include "exporters/metrics/rules.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/config/config.h"

namespace smokeledger::daemon::commands {
namespace {

// Where `cmake --install --prefix /usr` puts docs/, as the unit's Documentation= says.
constexpr const char* installed_docs = "file:///usr/share/doc/smokeledger";

struct RulesFlags {
  std::string config_file;
  std::string docs = installed_docs;
};

int rules(const RulesFlags& flags, Context& context) {
  const auto read = config::load_config(flags.config_file);
  for (const auto& error : read.errors) context.err << error.text() << '\n';
  if (!read.config) return exit_failed;
  context.out << exporters::metrics::rules_text(read.config->probes, flags.docs);
  return exit_ok;
}

// What stands between the quotes of a YAML string as it is.
std::string plain_address(const std::string& text) {
  const bool plain = text.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                         ":/._~%?=&@+-") == std::string::npos;
  return plain ? "" : "write a folder or a URL";
}

}  // namespace

void add_rules(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("rules", "Print Prometheus rules for a configuration");
  auto flags = std::make_shared<RulesFlags>();
  command->add_option("--config.file", flags->config_file, "configuration file")->required();
  command
      ->add_option("--docs", flags->docs, "folder or URL of operations.md, for the links of alerts")
      ->check(plain_address)
      ->capture_default_str();
  command->callback([flags, &context] { context.exit_code = rules(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
