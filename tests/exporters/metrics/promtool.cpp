#include "tests/exporters/metrics/promtool.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace smokeledger::exporters::metrics {
namespace {

ToolResult run(const std::string& begin, std::string_view text, bool as_input) {
  char path[] = "/tmp/smokeledger-promtool-XXXXXX";
  ::close(::mkstemp(path));
  std::ofstream(path) << text;
  const std::string command = begin + (as_input ? " < " : " ") + path + " 2>&1";
  ToolResult result;
  if (FILE* pipe = ::popen(command.c_str(), "r"); pipe != nullptr) {
    char bytes[4096];
    while (const std::size_t size = ::fread(bytes, 1, sizeof bytes, pipe)) {
      result.output.append(bytes, size);
    }
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  }
  std::filesystem::remove(path);
  return result;
}

}  // namespace

ToolResult promtool(const std::string& arguments, std::string_view text, bool as_input) {
  return run("promtool " + arguments, text, as_input);
}

ToolResult amtool(const std::string& arguments, std::string_view text) {
  return run("amtool " + arguments, text, false);
}

}  // namespace smokeledger::exporters::metrics
