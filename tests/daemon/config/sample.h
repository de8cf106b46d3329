// A small valid configuration, and what the tests of this folder do with one.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/config/contracts.h"
#include "tests/support/replaced.h"

namespace smokeledger::daemon::config::sample {

inline constexpr std::string_view head = R"(schema = 1
ledger = { name = "staging", dir = "/var/lib/smokeledger/ledger" }
environment = { name = "staging", owner = "oncall" }
)";

inline constexpr std::string_view body = R"(
[providers.main]
base_url = "https://api.example.com/"
auth = "bearer"
credential = "main-key"
non_production = true

[providers.stub]
base_url = "http://127.0.0.1:8080"
auth = "none"
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

[routes.local]
provider = "stub"
family = "chat-completions"
model = "a-model"
model_verified_on = 2026-07-04

[[probes]]
name = "chat-walk"
mode = "walk"
routes = ["chat", "responses"]
)";

inline std::string whole() {
  return std::string(head) + std::string(body);
}

// The sample with one text in place of another. REQUIRES: `from` stands in the sample.
inline std::string with(std::string_view from, std::string_view to) {
  return tests::replaced(whole(), from, to);
}

inline ReadResult read(std::string_view text) {
  return read_config("f.toml", text, load_contracts("").contracts);
}

// Every error as one text a line; empty for a good file.
inline std::string errors(const ReadResult& result) {
  std::string text;
  for (const auto& error : result.errors) text += error.text() + '\n';
  return text;
}

}  // namespace smokeledger::daemon::config::sample
