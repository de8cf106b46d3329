// Replies and events of responses. https://apidoc.cometapi.com/api/text/responses
#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub::responses {
namespace {

// A stream shows the response, its item and its part when they begin and when they are done.
enum class Stage { begun, done };

// Why the response is incomplete; empty: it is not.
std::string_view cut_by(Shape shape) {
  if (shape == Shape::other_finish) return "content_filter";
  const bool at_length = shape == Shape::cut_at_length || shape == Shape::null_content;
  return at_length ? "max_output_tokens" : "";
}

bool has_item(Shape shape) {
  return shape != Shape::no_answer && shape != Shape::null_content;
}

std::string_view status(Shape shape, Stage stage) {
  if (stage == Stage::begun) return "in_progress";
  return cut_by(shape).empty() ? "completed" : "incomplete";
}

std::string item_id(const Asked& asked) {
  return "msg_stub_" + std::to_string(asked.number);
}

std::string_view said(Shape shape) {
  return shape == Shape::refusal ? refusal_text : completion_text;
}

std::string part(Shape shape, Stage stage) {
  const std::string_view text = stage == Stage::begun ? "" : said(shape);
  core::JsonWriter json;
  json.begin_object();
  if (shape == Shape::refusal) {
    json.key("type").string("refusal").key("refusal").string(text);
  } else {
    json.key("type").string("output_text").key("annotations").raw("[]");
    if (shape != Shape::without_optional) json.key("logprobs").raw("[]");
    json.key("text").string(text);
  }
  json.end_object();
  return json.take();
}

std::string item(const Asked& asked, Shape shape, Stage stage) {
  core::JsonWriter json;
  json.begin_object();
  json.key("id").string(item_id(asked));
  json.key("type").string("message").key("status").string(status(shape, stage));
  json.key("role").string("assistant").key("content").begin_array();
  if (stage == Stage::done) json.raw(part(shape, stage));
  json.end_array();
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

void append_usage(core::JsonWriter& json) {
  json.key("usage").begin_object();
  json.key("input_tokens").integer(input_tokens);
  json.key("input_tokens_details").raw(R"({"cached_tokens":0})");
  json.key("output_tokens").integer(output_tokens);
  json.key("output_tokens_details").raw(R"({"reasoning_tokens":0})");
  json.key("total_tokens").integer(input_tokens + output_tokens).end_object();
}

void append_output(core::JsonWriter& json, const Asked& asked, Shape shape, Stage stage) {
  if (shape == Shape::no_answer) return;
  json.key("output").begin_array();
  if (stage == Stage::done && has_item(shape)) json.raw(item(asked, shape, stage));
  json.end_array();
}

std::string response(const Asked& asked, Shape shape, Stage stage) {
  const bool whole = shape != Shape::without_optional;
  const std::string_view cut = stage == Stage::done ? cut_by(shape) : "";
  core::JsonWriter json;
  json.begin_object();
  json.key("id").string("resp_stub_" + std::to_string(asked.number));
  json.key("object").string("response").key("created_at").integer(created);
  json.key("status").string(status(shape, stage));
  if (whole) {
    json.key("background").boolean(false).key("error").null();
    json.key("incomplete_details");
    if (cut.empty()) {
      json.null();
    } else {
      json.begin_object().key("reason").string(cut).end_object();
    }
    json.key("instructions").null();
  }
  json.key("model").string(asked.model);
  append_output(json, asked, shape, stage);
  if (whole) {
    json.key("parallel_tool_calls").boolean(true).key("temperature").integer(1);
    json.key("tool_choice").string("auto").key("tools").raw("[]").key("top_p").integer(1);
    if (stage == Stage::done) {
      append_usage(json);
    } else {
      json.key("usage").null();
    }
    json.key("metadata").raw("{}");
  }
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

std::string body(const Asked& asked, Shape shape) {
  return response(asked, shape, Stage::done);
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

Event of_response(std::string type, const Asked& asked, Shape shape, Stage stage) {
  return event(std::move(type), shape, [&](core::JsonWriter& json) {
    json.key("response").raw(response(asked, shape, stage));
  });
}

Event of_item(std::string type, const Asked& asked, Shape shape, Stage stage) {
  return event(std::move(type), shape, [&](core::JsonWriter& json) {
    json.key("output_index").integer(0).key("item").raw(item(asked, shape, stage));
  });
}

// `value` is JSON.
Event of_part(std::string type,
              const Asked& asked,
              Shape shape,
              std::string_view member,
              std::string_view value) {
  return event(std::move(type), shape, [&](core::JsonWriter& json) {
    json.key("item_id").string(item_id(asked)).key("output_index").integer(0);
    json.key("content_index").integer(0).key(member).raw(value);
    const bool of_text = member == "delta" || member == "text";
    if (of_text && shape != Shape::refusal && shape != Shape::without_optional) {
      json.key("logprobs").raw("[]");
    }
  });
}

std::string quoted(std::string_view text) {
  std::string out;
  core::append_json_string(out, text);
  return out;
}

void append_item(Events& events, const Asked& asked, Shape shape) {
  const bool refusal = shape == Shape::refusal;
  const std::string kind = refusal ? "response.refusal" : "response.output_text";
  const auto of_this = [&](std::string type, std::string_view member, std::string_view value) {
    events.push_back(of_part(std::move(type), asked, shape, member, value));
  };
  events.push_back(of_item("response.output_item.added", asked, shape, Stage::begun));
  of_this("response.content_part.added", "part", part(shape, Stage::begun));
  for (const auto piece : pieces(said(shape))) of_this(kind + ".delta", "delta", quoted(piece));
  of_this(kind + ".done", refusal ? "refusal" : "text", quoted(said(shape)));
  of_this("response.content_part.done", "part", part(shape, Stage::done));
  events.push_back(of_item("response.output_item.done", asked, shape, Stage::done));
}

Events stream(const Asked& asked, Shape shape) {
  Events events{of_response("response.created", asked, shape, Stage::begun),
                of_response("response.in_progress", asked, shape, Stage::begun)};
  if (has_item(shape)) append_item(events, asked, shape);
  const std::string last = "response." + std::string(status(shape, Stage::done));
  events.push_back(of_response(last, asked, shape, Stage::done));
  return events;
}

Event text(const Asked& asked) {
  const std::string piece = quoted(completion_pieces.back());
  return of_part("response.output_text.delta", asked, Shape::plain, "delta", piece);
}

Event unknown(const Asked&) {
  return event("response.x_stub.noted", Shape::unknown_members, [](core::JsonWriter&) {});
}

Event error(const Asked&, const ProviderError& what) {
  return event("error", Shape::plain, [&](core::JsonWriter& json) {
    json.key("code").string(what.code).key("message").string("Scripted by the stub.");
    json.key("param").null();
  });
}

}  // namespace

const Dialect dialect{.family = core::EndpointFamily::responses,
                      .body = body,
                      .stream = stream,
                      .text = text,
                      .unknown = unknown,
                      .error = error,
                      .numbered = true};

}  // namespace smokeledger::probes::stub::responses
