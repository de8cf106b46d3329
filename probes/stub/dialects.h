// How each family writes: its body, the events of its stream, its error. One file each.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/json_writer.h"
#include "probes/stub/bodies.h"
#include "probes/stub/errors.h"

namespace smokeledger::probes::stub {

// One server-sent event, before it is numbered and written.
struct Event {
  std::string type;  // empty: the family writes no `event:` line
  std::string data;

  bool operator==(const Event&) const = default;
};
using Events = std::vector<Event>;

struct Dialect {
  core::EndpointFamily family{};
  std::string (*body)(const Asked&, Shape) = nullptr;
  Events (*stream)(const Asked&, Shape) = nullptr;  // null: the family has no streams
  Event (*text)(const Asked&) = nullptr;            // one more piece of the completion
  Event (*unknown)(const Asked&) = nullptr;         // of a type, or a content, no document names
  Event (*error)(const Asked&, const ProviderError&) = nullptr;
  std::string_view line_end = "\n";
  bool numbered = false;  // each event says its place as `sequence_number`
};
const Dialect& dialect_of(core::EndpointFamily);

// A fixed moment: the stub needs no clock.
inline constexpr std::uint64_t created = 1'782'000'000;
inline constexpr std::string_view refusal_text = "The stub declines.";
inline constexpr std::uint64_t input_tokens = 9;
inline constexpr std::uint64_t output_tokens = 5;

// A text as a stream brings it: in two pieces.
constexpr std::array<std::string_view, 2> pieces(std::string_view text) {
  const auto space = text.rfind(' ');
  return {text.substr(0, space), text.substr(space)};
}
inline constexpr auto completion_pieces = pieces(completion_text);

// The member `x_stub_extra`, which no document names.
void append_unknown_members(core::JsonWriter&);

namespace chat_completions {
extern const Dialect dialect;
}
namespace responses {
extern const Dialect dialect;
}
namespace messages {
extern const Dialect dialect;
}
namespace generate_content {
extern const Dialect dialect;
}
namespace embeddings {
extern const Dialect dialect;
}

}  // namespace smokeledger::probes::stub
