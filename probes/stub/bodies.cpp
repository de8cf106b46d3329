#include "probes/stub/bodies.h"

#include "probes/core/json_writer.h"

namespace smokeledger::probes::stub {
namespace {

// A fixed moment: the stub needs no clock.
constexpr std::uint64_t created = 1'782'000'000;

constexpr std::string_view refusal_text = "The stub declines.";

void append_unknown_members(core::JsonWriter& json) {
  json.key("x_stub_extra").begin_object();
  json.key("note").string("no document names this member");
  json.key("values").raw("[1,2,3]").end_object();
}

void append_choice(core::JsonWriter& json, Shape shape) {
  json.begin_object().key("index").integer(0).key("message").begin_object();
  json.key("role").string("assistant");
  if (shape == Shape::refusal) {
    json.key("content").null().key("refusal").string(refusal_text);
  } else {
    json.key("content").string(completion_text).key("refusal").null();
  }
  json.key("annotations").raw("[]").end_object();
  json.key("logprobs").null();
  json.key("finish_reason").string(shape == Shape::cut_at_length ? "length" : "stop");
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
}

std::string chat_completion(const Asked& asked, Shape shape) {
  core::JsonWriter json;
  json.begin_object();
  json.key("id").string("chatcmpl-stub-" + std::to_string(asked.number));
  json.key("object").string("chat.completion");
  json.key("created").integer(created);
  json.key("model").string(asked.model);
  if (shape != Shape::no_answer) {
    json.key("choices").begin_array();
    append_choice(json, shape);
    json.end_array();
  }
  json.key("usage").begin_object();
  json.key("prompt_tokens").integer(9).key("completion_tokens").integer(5);
  json.key("total_tokens").integer(14).end_object();
  json.key("service_tier").string("default");
  json.key("system_fingerprint").string("fp_stub");
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

void append_output(core::JsonWriter& json, const Asked& asked, Shape shape) {
  const bool cut = shape == Shape::cut_at_length;
  json.begin_object();
  json.key("id").string("msg_stub_" + std::to_string(asked.number));
  json.key("type").string("message").key("status").string(cut ? "incomplete" : "completed");
  json.key("role").string("assistant").key("content").begin_array().begin_object();
  if (shape == Shape::refusal) {
    json.key("type").string("refusal").key("refusal").string(refusal_text);
  } else {
    json.key("type").string("output_text").key("annotations").raw("[]");
    json.key("logprobs").raw("[]").key("text").string(completion_text);
  }
  json.end_object().end_array();
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
}

void append_response_usage(core::JsonWriter& json) {
  json.key("usage").begin_object();
  json.key("input_tokens").integer(9);
  json.key("input_tokens_details").raw(R"({"cached_tokens":0})");
  json.key("output_tokens").integer(5);
  json.key("output_tokens_details").raw(R"({"reasoning_tokens":0})");
  json.key("total_tokens").integer(14).end_object();
}

std::string response(const Asked& asked, Shape shape) {
  const bool cut = shape == Shape::cut_at_length;
  core::JsonWriter json;
  json.begin_object();
  json.key("id").string("resp_stub_" + std::to_string(asked.number));
  json.key("object").string("response").key("created_at").integer(created);
  json.key("status").string(cut ? "incomplete" : "completed");
  json.key("background").boolean(false).key("error").null();
  json.key("incomplete_details").raw(cut ? R"({"reason":"max_output_tokens"})" : "null");
  json.key("instructions").null().key("model").string(asked.model);
  if (shape != Shape::no_answer) {
    json.key("output").begin_array();
    append_output(json, asked, shape);
    json.end_array();
  }
  json.key("parallel_tool_calls").boolean(true).key("temperature").integer(1);
  json.key("tool_choice").string("auto").key("tools").raw("[]").key("top_p").integer(1);
  append_response_usage(json);
  json.key("metadata").raw("{}");
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

}  // namespace

std::string success_body(const Asked& asked, Shape shape) {
  switch (asked.family) {
    case core::EndpointFamily::chat_completions:
      return chat_completion(asked, shape);
    case core::EndpointFamily::responses:
      return response(asked, shape);
  }
  return {};
}

std::string error_body(std::string_view message, std::string_view type, std::string_view code) {
  core::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("message").string(message).key("type").string(type).key("param").null().key("code");
  if (code.empty()) {
    json.null();
  } else {
    json.string(code);
  }
  json.end_object().end_object();
  return json.take();
}

}  // namespace smokeledger::probes::stub
