#include "daemon/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "probes/core/json_writer.h"

namespace smokeledger::daemon {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

// https://www.freedesktop.org/software/systemd/man/sd-daemon.html
std::string_view journal_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "<7>";
    case LogLevel::warning:
      return "<4>";
    case LogLevel::error:
      return "<3>";
    default:
      return "<6>";
  }
}

void append_value(std::string& out, std::string_view value) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/+";
  if (!value.empty() && value.find_first_not_of(plain) == std::string_view::npos) {
    out += value;
  } else {
    probes::core::append_json_string(out, value);
  }
}

}  // namespace

std::string logfmt(LogLevel level, std::string_view message, LogFields fields) {
  std::string line = "level=";
  line += probes::core::word(level);
  line += " msg=";
  append_value(line, message);
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += key;
    line += '=';
    append_value(line, value);
  }
  return line;
}

std::string log_json(LogLevel level, std::string_view message, LogFields fields) {
  probes::core::JsonWriter out;
  out.begin_object().key("level").string(probes::core::word(level)).key("msg").string(message);
  for (const auto& [key, value] : fields) out.key(key).string(value);
  out.end_object();
  return out.take();
}

Log::Log(const LogOptions& options)
    : options_(options),
      logger_(std::make_shared<spdlog::logger>("smokeledger",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(spdlog_level(options.level));
  logger_->flush_on(spdlog::level::debug);
  // The journal stamps its lines itself.
  const bool json = options.format == LogFormat::json;
  const std::string pattern = options.journal ? "%v"
                              : json          ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v)"
                                              : "ts=%Y-%m-%dT%H:%M:%S.%eZ %v";
  logger_->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
}

void Log::write(LogLevel level, std::string_view message, LogFields fields) {
  if (!logger_->should_log(spdlog_level(level))) return;
  std::string line;
  if (options_.journal) line = journal_priority(level);
  if (options_.format == LogFormat::logfmt) {
    line += logfmt(level, message, fields);
  } else {
    const std::string json = log_json(level, message, fields);
    // The pattern has opened the object for the time stamp.
    line += options_.journal ? json : json.substr(1);
  }
  logger_->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace smokeledger::daemon
