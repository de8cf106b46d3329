// The checkers of Prometheus and Alertmanager, as a test meets them. Debian packages: prometheus,
// prometheus-alertmanager.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::exporters::metrics {

struct ToolResult {
  int exit_code = -1;  // 127: the program is missing
  std::string output;  // both streams
};

// `promtool <arguments> FILE`, or with `< FILE` when `as_input`, where FILE holds `text`.
ToolResult promtool(const std::string& arguments, std::string_view text, bool as_input = false);
// Likewise `amtool <arguments> FILE`.
ToolResult amtool(const std::string& arguments, std::string_view text);

}  // namespace smokeledger::exporters::metrics
