// Structured log lines, logfmt or JSON, to stderr (which systemd connects to the journal). Never
// bodies, headers or credentials: callers pass words, ids and counts.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "probes/core/words.h"

namespace spdlog {
class logger;
}

namespace smokeledger::daemon {

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { logfmt, json };

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::logfmt;
  bool journal = false;  // prefix each line with <priority>, as systemd reads it
};

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

class Log {
 public:
  explicit Log(const LogOptions&);

  // Any thread.
  void debug(std::string_view message, LogFields fields = {}) {
    write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, LogFields fields = {}) {
    write(LogLevel::info, message, fields);
  }
  void warning(std::string_view message, LogFields fields = {}) {
    write(LogLevel::warning, message, fields);
  }
  void error(std::string_view message, LogFields fields = {}) {
    write(LogLevel::error, message, fields);
  }

 private:
  void write(LogLevel, std::string_view message, LogFields);

  LogOptions options_;
  std::shared_ptr<spdlog::logger> logger_;
};

// `key="va\"lue"`: quoted where needed, control characters escaped. Pure.
std::string logfmt(LogLevel, std::string_view message, LogFields);
std::string log_json(LogLevel, std::string_view message, LogFields);

}  // namespace smokeledger::daemon

namespace smokeledger::probes::core {

template <>
struct Words<daemon::LogLevel> {
  static constexpr std::array<std::string_view, 5> list{"debug", "info", "warning", "error", "off"};
};

}  // namespace smokeledger::probes::core
