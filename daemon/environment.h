// The only place that reads the process environment.
#pragma once

#include <string>
#include <vector>

namespace smokeledger::daemon {

struct ProcessEnvironment {
  std::string credentials_directory;  // of systemd's LoadCredential=; empty: none
  bool journal_stream = false;        // stderr is connected to the journal
};
ProcessEnvironment read_process_environment();

// Every variable as NAME=value, for a child process.
std::vector<std::string> process_variables();

}  // namespace smokeledger::daemon
