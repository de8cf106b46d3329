// Saved replies to check, as a manifest lists them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/reading.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

struct SavedReply {
  std::string name;   // of the file, as it was written
  std::string path;   // where it is
  std::string where;  // for errors: `manifest.jsonl:3`, or the name
  core::EndpointFamily family{};
  bool stream = false;
  int http_status = 200;
  std::string content_type;
  std::optional<core::Verdict> expected;  // none was written
};

// The Content-Type that a reply of that kind is documented to have.
std::string_view documented_content_type(bool stream);

struct Manifest {
  std::vector<SavedReply> replies;
  std::vector<std::string> errors;  // `file:line: problem; fix`, every one
};

// Pure. JSON Lines: `file` (relative to the manifest) and `family`; where wanted `stream` (false),
// `http_status` (200), `content_type` (the documented one) and `expected` (a verdict). Other
// members are ignored, and empty lines.
Manifest read_manifest(const std::string& path, std::string_view bytes);

}  // namespace smokeledger::daemon::commands
