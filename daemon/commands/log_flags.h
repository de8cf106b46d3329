// --log.level and --log.format, shared by the commands that log.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "daemon/log.h"
#include "probes/core/words.h"

namespace smokeledger::daemon::commands {

struct LogFlags {
  std::string level = "info";
  std::string format = "logfmt";

  void add_to(CLI::App& command) {
    command.add_option("--log.level", level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
        ->capture_default_str();
    command.add_option("--log.format", format, "logfmt or json")
        ->check(CLI::IsMember({"logfmt", "json"}))
        ->capture_default_str();
  }
  LogOptions options(bool journal) const {
    const auto chosen = probes::core::from_word<LogLevel>(level).value_or(LogLevel::info);
    return {chosen, format == "json" ? LogFormat::json : LogFormat::logfmt, journal};
  }
};

}  // namespace smokeledger::daemon::commands
