#include "tests/daemon/commands/command_line.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sstream>

#include "tests/support/replaced.h"

namespace smokeledger::tests {
namespace {

std::string sample(const std::string& dir) {
  return R"(schema = 1
ledger = { name = "staging", dir = ")" +
         dir + R"(/ledger" }
web = { listen_address = "127.0.0.1:0" }
control = { socket = ")" +
         dir + R"(/control.sock" }
environment = { name = "staging", owner = "oncall" }

[schedule]
interval = "30m"

[providers.main]
base_url = "http://127.0.0.1:9"
auth = "bearer"
credential = "<API_KEY_PLACEHOLDER>"
non_production = true

[routes.chat]
provider = "main"
family = "chat_completions"
model = "a-model"
model_verified_on = 2026-07-04

[routes.responses]
provider = "main"
family = "responses"
model = "b-model"
model_verified_on = 2026-07-04

[[probes]]
name = "chat-walk"
mode = "walk"
routes = ["chat", "responses"]

[[probes]]
name = "chat-direct"
mode = "direct"
routes = ["chat"]
)";
}

}  // namespace

Ran command(const std::vector<std::string>& words, bool out_is_terminal) {
  std::vector<const char*> argv{"smokeledger"};
  for (const auto& word : words) argv.push_back(word.c_str());
  std::ostringstream out;
  std::ostringstream err;
  daemon::commands::Context context{out, err, out_is_terminal, {}, 0};
  const int code = daemon::commands::dispatch(static_cast<int>(argv.size()), argv.data(), context);
  return {code, out.str(), err.str(), context.after_dashes};
}

void leave_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  ::close(descriptor);
}

Host::Host() : config_file_(dir_.path() / "smokeledger.toml") {
  write_bytes(config_file_, sample(dir_.path()));
}

std::string Host::text() const {
  return read_bytes(config_file_);
}

void Host::change(std::string_view from, std::string_view to) {
  write_bytes(config_file_, replaced(text(), from, to));
}

}  // namespace smokeledger::tests
