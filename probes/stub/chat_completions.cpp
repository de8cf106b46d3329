// Replies and chunks of chat completions. https://apidoc.cometapi.com/api/text/chat
#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub::chat_completions {
namespace {

bool ends_at_length(Shape shape) {
  return shape == Shape::cut_at_length || shape == Shape::null_content;
}

std::string_view finish_reason(Shape shape) {
  if (shape == Shape::other_finish) return "content_filter";
  return ends_at_length(shape) ? "length" : "stop";
}

void append_head(core::JsonWriter& json, const Asked& asked, std::string_view object) {
  json.key("id").string("chatcmpl-stub-" + std::to_string(asked.number));
  json.key("object").string(object).key("created").integer(created);
  json.key("model").string(asked.model);
}

void append_tail(core::JsonWriter& json, Shape shape) {
  if (shape == Shape::without_optional) return;
  json.key("service_tier").string("default").key("system_fingerprint").string("fp_stub");
  if (shape == Shape::unknown_members) append_unknown_members(json);
}

void append_usage(core::JsonWriter& json) {
  json.key("usage").begin_object();
  json.key("prompt_tokens").integer(input_tokens).key("completion_tokens").integer(output_tokens);
  json.key("total_tokens").integer(input_tokens + output_tokens).end_object();
}

void append_message(core::JsonWriter& json, Shape shape) {
  json.key("message").begin_object().key("role").string("assistant").key("content");
  if (shape == Shape::refusal || shape == Shape::null_content) {
    json.null();
  } else {
    json.string(completion_text);
  }
  if (shape != Shape::without_optional) {
    json.key("refusal");
    if (shape == Shape::refusal) {
      json.string(refusal_text);
    } else {
      json.null();
    }
    json.key("annotations").raw("[]");
  }
  json.end_object();
}

std::string body(const Asked& asked, Shape shape) {
  core::JsonWriter json;
  json.begin_object();
  append_head(json, asked, "chat.completion");
  if (shape != Shape::no_answer) {
    json.key("choices").begin_array().begin_object().key("index").integer(0);
    append_message(json, shape);
    if (shape != Shape::without_optional) json.key("logprobs").null();
    json.key("finish_reason").string(finish_reason(shape));
    if (shape == Shape::unknown_members) append_unknown_members(json);
    json.end_object().end_array();
  }
  if (shape != Shape::without_optional) append_usage(json);
  append_tail(json, shape);
  json.end_object();
  return json.take();
}

// One chunk of a stream; `choices` is an array.
Event chunk(const Asked& asked, Shape shape, std::string_view choices, bool with_usage = false) {
  core::JsonWriter json;
  json.begin_object();
  append_head(json, asked, "chat.completion.chunk");
  if (shape != Shape::no_answer) json.key("choices").raw(choices);
  // Where usage comes at the end, every chunk before says that it has none.
  if (with_usage) {
    append_usage(json);
  } else if (asked.include_usage && shape != Shape::without_optional) {
    json.key("usage").null();
  }
  append_tail(json, shape);
  json.end_object();
  return {"", json.take()};
}

// `delta` is an object; an empty `finish` stands as null.
std::string choices(Shape shape, std::string_view delta, std::string_view finish = "") {
  core::JsonWriter json;
  json.begin_array().begin_object().key("index").integer(0).key("delta").raw(delta);
  if (shape != Shape::without_optional) json.key("logprobs").null();
  json.key("finish_reason");
  if (finish.empty()) {
    json.null();
  } else {
    json.string(finish);
  }
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object().end_array();
  return json.take();
}

std::string delta(std::string_view member, std::string_view text) {
  core::JsonWriter json;
  json.begin_object().key(member).string(text).end_object();
  return json.take();
}

std::string_view role_delta(Shape shape) {
  switch (shape) {
    case Shape::refusal:
      return R"({"role":"assistant","content":null,"refusal":""})";
    case Shape::null_content:
      return R"({"role":"assistant","content":null,"refusal":null})";
    case Shape::without_optional:
      return R"({"role":"assistant","content":""})";
    default:
      return R"({"role":"assistant","content":"","refusal":null})";
  }
}

Events stream(const Asked& asked, Shape shape) {
  const auto said = [&](std::string_view member, std::string_view text) {
    return chunk(asked, shape, choices(shape, delta(member, text)));
  };
  Events events{chunk(asked, shape, choices(shape, role_delta(shape)))};
  if (shape == Shape::refusal) {
    for (const auto piece : pieces(refusal_text)) events.push_back(said("refusal", piece));
  } else if (shape != Shape::null_content) {
    for (const auto piece : completion_pieces) events.push_back(said("content", piece));
  }
  events.push_back(chunk(asked, shape, choices(shape, "{}", finish_reason(shape))));
  if (asked.include_usage && shape != Shape::without_optional) {
    events.push_back(chunk(asked, shape, "[]", true));
  }
  events.push_back({"", "[DONE]"});
  return events;
}

Event text(const Asked& asked) {
  const std::string said = delta("content", completion_pieces.back());
  return chunk(asked, Shape::plain, choices(Shape::plain, said));
}

// As vendors send their annotations: a chunk without choices that is not the usage.
Event unknown(const Asked& asked) {
  return chunk(asked, Shape::unknown_members, "[]");
}

Event error(const Asked& asked, const ProviderError& what) {
  return {"", error_body(asked.family, what, "Scripted by the stub.", asked.number)};
}

}  // namespace

const Dialect dialect{.family = core::EndpointFamily::chat_completions,
                      .body = body,
                      .stream = stream,
                      .text = text,
                      .unknown = unknown,
                      .error = error};

}  // namespace smokeledger::probes::stub::chat_completions
