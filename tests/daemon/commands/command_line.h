// The command line as a person types it, inside this process.
#pragma once

#include <string>
#include <vector>

#include "daemon/commands/commands.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {

struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
  std::vector<std::string> after_dashes;
};

// `words` without the program's name.
Ran command(const std::vector<std::string>& words, bool out_is_terminal = false);

// A stale socket file, as a killed service leaves it.
void leave_socket(const std::string& path);

// A folder with a valid configuration: one walk probe `chat-walk` every half hour and one direct
// probe `chat-direct`, both on a provider whose credential is still the placeholder, so that no
// command sends anything.
class Host {
 public:
  Host();

  const std::string& config_file() const { return config_file_; }
  std::string path(const std::string& name) const { return dir_.path() / name; }
  std::string text() const;
  // The configuration from now on. REQUIRES: `from` stands in the one in use.
  void change(std::string_view from, std::string_view to);

 private:
  ScratchDir dir_;
  std::string config_file_;
};

}  // namespace smokeledger::tests
