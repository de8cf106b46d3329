// Structured log lines, logfmt or JSON, to stderr (which systemd connects to the journal). Never
// bodies, headers or credentials: callers pass words, ids and counts.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/logger.h>

namespace smokeledger::daemon {

enum class LogFormat { logfmt, json };

struct LogOptions {
  spdlog::level::level_enum level = spdlog::level::info;
  LogFormat format = LogFormat::logfmt;
  bool journal = false;  // prefix each line with <priority>, as systemd reads it
};

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

class Log {
 public:
  explicit Log(const LogOptions&);

  // Any thread.
  void debug(std::string_view message, LogFields fields = {}) {
    write(spdlog::level::debug, message, fields);
  }
  void info(std::string_view message, LogFields fields = {}) {
    write(spdlog::level::info, message, fields);
  }
  void warning(std::string_view message, LogFields fields = {}) {
    write(spdlog::level::warn, message, fields);
  }
  void error(std::string_view message, LogFields fields = {}) {
    write(spdlog::level::err, message, fields);
  }

 private:
  void write(spdlog::level::level_enum, std::string_view message, LogFields);

  LogOptions options_;
  std::shared_ptr<spdlog::logger> logger_;
};

// `key="va\"lue"`: quoted where needed, control characters escaped. Pure.
std::string logfmt(spdlog::level::level_enum, std::string_view message, LogFields);
std::string log_json(spdlog::level::level_enum, std::string_view message, LogFields);

}  // namespace smokeledger::daemon
