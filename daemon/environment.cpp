#include "daemon/environment.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace smokeledger::daemon {
namespace {

// The variable is inherited; only where it names our own stderr does the journal read us.
// https://www.freedesktop.org/software/systemd/man/systemd.exec.html
bool is_standard_error(const std::string& device_and_inode) {
  struct stat status {};
  if (fstat(STDERR_FILENO, &status) != 0) return false;
  return device_and_inode == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

}  // namespace

ProcessEnvironment read_process_environment() {
  ProcessEnvironment environment;
  if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) {
    environment.credentials_directory = directory;
  }
  if (const char* stream = std::getenv("JOURNAL_STREAM")) {
    environment.journal_stream = is_standard_error(stream);
  }
  return environment;
}

std::vector<std::string> process_variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

}  // namespace smokeledger::daemon
