// Replies and chunks of generateContent and streamGenerateContent. Empty members are left out, as
// its servers do. https://ai.google.dev/api/generate-content
#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub::generate_content {
namespace {

std::string_view finish_reason(Shape shape) {
  switch (shape) {
    case Shape::refusal:
      return "SAFETY";
    case Shape::cut_at_length:
    case Shape::null_content:
      return "MAX_TOKENS";
    case Shape::other_finish:
      return "RECITATION";
    default:
      return "STOP";
  }
}

bool has_text(Shape shape) {
  return shape != Shape::refusal && shape != Shape::null_content && shape != Shape::no_answer;
}

void append_content(core::JsonWriter& json, Shape shape, std::string_view text) {
  json.key("content").begin_object();
  if (has_text(shape)) {
    json.key("parts").begin_array().begin_object().key("text").string(text);
    if (shape == Shape::unknown_members) append_unknown_members(json);
    json.end_object().end_array();
  }
  if (shape != Shape::refusal) json.key("role").string("model");
  json.end_object();
}

void append_candidate(core::JsonWriter& json, Shape shape, std::string_view text, bool last) {
  json.key("candidates").begin_array().begin_object();
  append_content(json, shape, text);
  if (last) json.key("finishReason").string(finish_reason(shape));
  if (shape != Shape::without_optional) json.key("index").integer(0);
  if (shape == Shape::refusal) {
    json.key("safetyRatings").begin_array().begin_object();
    json.key("category").string("HARM_CATEGORY_DANGEROUS_CONTENT");
    json.key("probability").string("HIGH").key("blocked").boolean(true);
    json.end_object().end_array();
  }
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object().end_array();
}

// Thinking, too, is paid for: it may spend the whole limit.
void append_usage(core::JsonWriter& json, Shape shape) {
  const bool only_thought = shape == Shape::null_content;
  json.key("usageMetadata").begin_object().key("promptTokenCount").integer(input_tokens);
  if (has_text(shape)) json.key("candidatesTokenCount").integer(output_tokens);
  if (only_thought) json.key("thoughtsTokenCount").integer(output_tokens);
  const auto output = has_text(shape) || only_thought ? output_tokens : 0;
  json.key("totalTokenCount").integer(input_tokens + output).end_object();
}

void append_tail(core::JsonWriter& json, const Asked& asked, Shape shape) {
  if (shape == Shape::without_optional) return;
  json.key("modelVersion").string(asked.model);
  json.key("responseId").string("stub-" + std::to_string(asked.number));
  if (shape == Shape::unknown_members) append_unknown_members(json);
}

std::string reply(const Asked& asked, Shape shape, std::string_view text, bool last) {
  core::JsonWriter json;
  json.begin_object();
  if (shape != Shape::no_answer) append_candidate(json, shape, text, last);
  if (last && shape != Shape::without_optional) append_usage(json, shape);
  append_tail(json, asked, shape);
  json.end_object();
  return json.take();
}

std::string body(const Asked& asked, Shape shape) {
  return reply(asked, shape, completion_text, true);
}

// What has no text is one chunk.
Events stream(const Asked& asked, Shape shape) {
  if (!has_text(shape)) return {{"", body(asked, shape)}};
  return {{"", reply(asked, shape, completion_pieces[0], false)},
          {"", reply(asked, shape, completion_pieces[1], true)}};
}

Event text(const Asked& asked) {
  return {"", reply(asked, Shape::plain, completion_pieces.back(), false)};
}

// Usage alone may stand in a chunk, too.
Event unknown(const Asked& asked) {
  core::JsonWriter json;
  json.begin_object();
  append_usage(json, Shape::no_answer);
  append_tail(json, asked, Shape::unknown_members);
  json.end_object();
  return {"", json.take()};
}

Event error(const Asked& asked, const ProviderError& what) {
  return {"", error_body(asked.family, what, "Scripted by the stub.", asked.number)};
}

}  // namespace

const Dialect dialect{.family = core::EndpointFamily::generate_content,
                      .body = body,
                      .stream = stream,
                      .text = text,
                      .unknown = unknown,
                      .error = error,
                      .line_end = "\r\n"};

}  // namespace smokeledger::probes::stub::generate_content
