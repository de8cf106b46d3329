// Reply bodies, after the documented examples of each family. Pure; the same input gives the same
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "probes/core/contract.h"

namespace smokeledger::probes::stub {

// What the stub writes as the completion: a fixed text, so that a search can show where it went.
inline constexpr std::string_view completion_text = "A short harmless reply.";

// A successful reply may be one of these. Embeddings can neither refuse nor end early,
// and none of their members is optional: they are plain then.
enum class Shape {
  plain,
  refusal,           // no content, a refusal instead
  cut_at_length,     // ended at the output limit
  other_finish,      // ended by a filter or, messages, a stop sequence
  unknown_members,   // with members no document names
  no_answer,         // without the member that holds the answer: choices, output, content ...
  null_content,      // ended at the output limit before its first word; embeddings: in base64
  without_optional,  // without what may be left out
};

struct Asked {
  core::EndpointFamily family{};
  std::string model;           // echoed
  std::uint64_t number = 0;    // of the arrival, for ids
  bool stream = false;         // wanted; see streams()
  bool include_usage = false;  // stream_options of chat completions
};

// After https://apidoc.cometapi.com/api/text/chat, .../responses, .../anthropic-messages,
// .../gemini-generating-content and .../embeddings
std::string success_body(const Asked&, Shape);

}  // namespace smokeledger::probes::stub
