// Replies and events of messages. https://apidoc.cometapi.com/api/text/anthropic-messages
#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub::messages {
namespace {

constexpr std::string_view ping = R"({"type":"ping"})";
constexpr std::string_view stop_sequence = "END";

std::string_view stop_reason(Shape shape) {
  switch (shape) {
    case Shape::refusal:
      return "refusal";
    case Shape::cut_at_length:
    case Shape::null_content:
      return "max_tokens";
    case Shape::other_finish:
      return "stop_sequence";
    default:
      return "end_turn";
  }
}

bool has_text(Shape shape) {
  return shape != Shape::refusal && shape != Shape::null_content && shape != Shape::no_answer;
}

void append_block(core::JsonWriter& json, Shape shape, std::string_view text) {
  json.begin_object().key("type").string("text").key("text").string(text);
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
}

void append_usage(core::JsonWriter& json, Shape shape, std::uint64_t output) {
  json.key("usage").begin_object().key("input_tokens").integer(input_tokens);
  if (shape != Shape::without_optional) {
    json.key("cache_creation_input_tokens").integer(0).key("cache_read_input_tokens").integer(0);
  }
  json.key("output_tokens").integer(output).end_object();
}

// An empty stop reason stands as null.
void append_stop(core::JsonWriter& json, Shape shape, std::string_view reason) {
  json.key("stop_reason");
  if (reason.empty()) {
    json.null();
  } else {
    json.string(reason);
  }
  if (shape == Shape::without_optional) return;
  json.key("stop_sequence");
  if (reason == "stop_sequence") {
    json.string(stop_sequence);
  } else {
    json.null();
  }
}

// The whole message, or as it stands at the start of a stream.
std::string message(const Asked& asked, Shape shape, bool at_start) {
  core::JsonWriter json;
  json.begin_object();
  json.key("id").string("msg_stub_" + std::to_string(asked.number));
  json.key("type").string("message").key("role").string("assistant");
  json.key("model").string(asked.model);
  if (shape != Shape::no_answer) {
    json.key("content").begin_array();
    if (has_text(shape) && !at_start) append_block(json, shape, completion_text);
    json.end_array();
  }
  append_stop(json, shape, at_start ? "" : stop_reason(shape));
  append_usage(json, shape, at_start ? 1 : output_tokens);
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

std::string body(const Asked& asked, Shape shape) {
  return message(asked, shape, false);
}

// One event; `append` adds its own members.
template <class Append>
Event event(std::string type, Shape shape, const Append& append) {
  core::JsonWriter json;
  json.begin_object().key("type").string(type);
  append(json);
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return {std::move(type), json.take()};
}

Event piece_event(Shape shape, std::string_view piece) {
  return event("content_block_delta", shape, [&](core::JsonWriter& json) {
    json.key("index").integer(0).key("delta").begin_object();
    json.key("type").string("text_delta").key("text").string(piece).end_object();
  });
}

void append_text(Events& events, Shape shape) {
  events.push_back(event("content_block_start", shape, [&](core::JsonWriter& json) {
    json.key("index").integer(0).key("content_block");
    append_block(json, shape, "");
  }));
  if (shape != Shape::without_optional) events.push_back({"ping", std::string(ping)});
  for (const auto piece : completion_pieces) events.push_back(piece_event(shape, piece));
  events.push_back(event(
      "content_block_stop", shape, [](core::JsonWriter& json) { json.key("index").integer(0); }));
}

Events stream(const Asked& asked, Shape shape) {
  Events events{event("message_start", shape, [&](core::JsonWriter& json) {
    json.key("message").raw(message(asked, shape, true));
  })};
  if (has_text(shape)) append_text(events, shape);
  events.push_back(event("message_delta", shape, [&](core::JsonWriter& json) {
    json.key("delta").begin_object();
    append_stop(json, shape, stop_reason(shape));
    json.end_object();
    json.key("usage").begin_object().key("output_tokens").integer(output_tokens).end_object();
  }));
  events.push_back(event("message_stop", shape, [](core::JsonWriter&) {}));
  return events;
}

Event text(const Asked&) {
  return piece_event(Shape::plain, completion_pieces.back());
}

Event unknown(const Asked&) {
  return event("x_stub_noted", Shape::unknown_members, [](core::JsonWriter&) {});
}

Event error(const Asked& asked, const ProviderError& what) {
  return {"error", error_body(asked.family, what, "Scripted by the stub.", asked.number)};
}

}  // namespace

const Dialect dialect{.family = core::EndpointFamily::messages,
                      .body = body,
                      .stream = stream,
                      .text = text,
                      .unknown = unknown,
                      .error = error};

}  // namespace smokeledger::probes::stub::messages
