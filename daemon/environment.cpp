#include "daemon/environment.h"

#include <cstdlib>

namespace smokeledger::daemon {

ProcessEnvironment read_process_environment() {
  ProcessEnvironment environment;
  if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) {
    environment.credentials_directory = directory;
  }
  environment.journal_stream = std::getenv("JOURNAL_STREAM") != nullptr;
  return environment;
}

}  // namespace smokeledger::daemon
