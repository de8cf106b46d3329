// Prometheus's own checker, as a test meets it. Debian package: prometheus.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::exporters::metrics {

struct ToolResult {
  int exit_code = -1;  // 127: promtool is missing
  std::string output;  // both streams
};

// `promtool <arguments> FILE`, or with `< FILE` when `as_input`, where FILE holds `text`.
ToolResult promtool(const std::string& arguments, std::string_view text, bool as_input = false);

}  // namespace smokeledger::exporters::metrics
