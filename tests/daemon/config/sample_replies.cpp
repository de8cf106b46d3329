#include "tests/daemon/config/sample_replies.h"

namespace smokeledger::tests::replies {
namespace {

using probes::core::EndpointFamily;

constexpr std::string_view chat = R"({
  "id": "c-1", "object": "chat.completion", "created": 1780000000, "model": "small-model",
  "choices": [{"index": 0, "finish_reason": "tool_calls", "logprobs": {"content": []},
    "message": {"role": "assistant", "content": "ok", "refusal": null,
      "tool_calls": [{"id": "t-1", "type": "function",
        "function": {"name": "look", "arguments": "{}"}},
        {"id": "t-2", "type": "custom", "custom": {"name": "say", "input": "x"}}],
      "function_call": {"name": "look", "arguments": "{}"}}}],
  "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}})";

constexpr std::string_view response = R"({
  "id": "r-1", "object": "response", "created_at": 1780000000, "model": "small-model",
  "status": "incomplete", "error": null, "incomplete_details": {"reason": "max_output_tokens"},
  "output": [
    {"type": "message", "id": "m-1", "role": "assistant", "status": "completed",
      "content": [{"type": "output_text", "text": "ok", "annotations": []},
                  {"type": "refusal", "refusal": "no"}]},
    {"type": "function_call", "id": "f-1", "call_id": "k-1", "name": "look", "arguments": "{}"}],
  "usage": {"input_tokens": 7, "output_tokens": 2, "total_tokens": 9}})";

constexpr std::string_view message = R"({
  "id": "msg-1", "type": "message", "role": "assistant", "model": "small-model",
  "content": [{"type": "text", "text": "ok"}, {"type": "thinking", "thinking": "so"},
              {"type": "tool_use", "id": "t-1", "name": "look", "input": {}}],
  "stop_reason": "end_turn", "stop_sequence": null,
  "usage": {"input_tokens": 7, "output_tokens": 2}})";

constexpr std::string_view content = R"({
  "candidates": [{"index": 0, "finishReason": "STOP",
    "content": {"role": "model", "parts": [
      {"text": "ok", "functionCall": {"name": "look", "args": {}}}]}}],
  "promptFeedback": {"blockReason": "OTHER"},
  "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 2, "totalTokenCount": 9},
  "modelVersion": "small-model", "responseId": "g-1"})";

constexpr std::string_view embeddings = R"({
  "object": "list", "model": "small-model",
  "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1, 2e-3]}],
  "usage": {"prompt_tokens": 1, "total_tokens": 1}})";

std::vector<Event> chat_events() {
  const std::string head =
      R"({"id":"c-1","object":"chat.completion.chunk","created":1780000000,"model":"small-model",)";
  return {
      {"",
       head + R"("choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant",)"
              R"("content":"o","refusal":null,"tool_calls":[{"index":0,"id":"t-1","function":)"
              R"({"name":"look","arguments":""}}],"function_call":{"arguments":""}}}],"usage":)"
              R"({"prompt_tokens":7,"completion_tokens":0,"total_tokens":7}})"},
      {"", head + R"("choices":[{"index":0,"delta":{"content":"k"}}]})"},
      {"", head + R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"},
      {"",
       head + R"("choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,)"
              R"("total_tokens":9}})"},
      {"", "[DONE]"},
  };
}

// An event of responses: its type stands in the data and in the `event:` line.
Event typed(const std::string& type, int number, const std::string& members) {
  return {type,
          R"({"type":")" + type + R"(","sequence_number":)" + std::to_string(number) +
              (members.empty() ? "}" : ',' + members + '}')};
}

std::vector<Event> response_events() {
  const std::string begun = R"("response":{"id":"r-1","object":"response","status":"in_progress"})";
  const std::string part = R"("output_index":0,"content_index":0,"item_id":"m-1")";
  const std::string call = R"("output_index":1,"item_id":"f-1")";
  std::string ended(response);
  const std::string was = "\"incomplete\"";
  ended.replace(ended.find(was), was.size(), "\"completed\"");
  std::erase(ended, '\n');
  return {
      typed("response.created", 0, begun),
      typed("response.in_progress", 1, begun),
      typed("response.output_item.added", 2, R"("output_index":0,"item":{"type":"message"})"),
      typed("response.content_part.added", 3, part + R"(,"part":{"type":"output_text"})"),
      typed("response.output_text.delta", 4, part + R"(,"delta":"ok")"),
      typed("response.output_text.done", 5, part + R"(,"text":"ok")"),
      typed("response.refusal.delta", 6, part + R"(,"delta":"n")"),
      typed("response.refusal.done", 7, part + R"(,"refusal":"no")"),
      typed("response.content_part.done", 8, part + R"(,"part":{"type":"output_text"})"),
      typed("response.output_item.done", 9, R"("output_index":0,"item":{"type":"message"})"),
      typed(
          "response.output_item.added", 10, R"("output_index":1,"item":{"type":"function_call"})"),
      typed("response.function_call_arguments.delta", 11, call + R"(,"delta":"{")"),
      typed("response.function_call_arguments.done", 12, call + R"(,"arguments":"{}")"),
      typed("response.output_item.done", 13, R"("output_index":1,"item":{"type":"function_call"})"),
      typed("response.completed", 14, "\"response\":" + ended),
  };
}

Event named(const std::string& type, const std::string& members) {
  return {type, R"({"type":")" + type + '"' + (members.empty() ? "}" : ',' + members + '}')};
}

std::vector<Event> message_events() {
  return {
      named("message_start",
            R"("message":{"id":"msg-1","type":"message","role":"assistant","model":"small-model",)"
            R"("content":[],"stop_reason":null,"usage":{"input_tokens":7,"output_tokens":1}})"),
      named("content_block_start", R"("index":0,"content_block":{"type":"text","text":""})"),
      named("ping", ""),
      named("content_block_delta", R"("index":0,"delta":{"type":"text_delta","text":"ok"})"),
      named("content_block_stop", R"("index":0)"),
      named("content_block_start", R"("index":1,"content_block":{"type":"thinking"})"),
      named("content_block_delta", R"("index":1,"delta":{"type":"thinking_delta","thinking":"s"})"),
      named("content_block_stop", R"("index":1)"),
      named("content_block_start",
            R"("index":2,"content_block":{"type":"tool_use","id":"t-1","name":"look"})"),
      named("content_block_delta",
            R"("index":2,"delta":{"type":"input_json_delta","partial_json":"{}"})"),
      named("content_block_stop", R"("index":2)"),
      named(
          "message_delta",
          R"("delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2})"),
      named("message_stop", ""),
  };
}

std::vector<Event> content_events() {
  std::string first(content);
  const std::string ending = R"("finishReason": "STOP",)";
  first.erase(first.find(ending), ending.size());
  const std::string block = R"("promptFeedback": {"blockReason": "OTHER"},)";
  first.erase(first.find(block), block.size());
  std::erase(first, '\n');
  return {{"", first},
          {"",
           R"({"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[)"
           R"({"text":""}]}}],"promptFeedback":{"blockReason":"OTHER"},)"
           R"("usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}})"}};
}

}  // namespace

std::string_view whole(EndpointFamily family) {
  switch (family) {
    case EndpointFamily::chat_completions:
      return chat;
    case EndpointFamily::responses:
      return response;
    case EndpointFamily::messages:
      return message;
    case EndpointFamily::generate_content:
      return content;
    case EndpointFamily::embeddings:
      return embeddings;
  }
  return {};
}

std::string_view error(EndpointFamily family) {
  if (family == EndpointFamily::messages) {
    return R"({"type":"error","error":{"type":"overloaded_error","message":"later"},)"
           R"("request_id":"req-1"})";
  }
  if (family == EndpointFamily::generate_content) {
    return R"({"error":{"code":429,"message":"later","status":"RESOURCE_EXHAUSTED","details":[]}})";
  }
  return R"({"error":{"message":"later","type":"server_error","param":null,"code":"busy"}})";
}

std::vector<Event> events(EndpointFamily family) {
  switch (family) {
    case EndpointFamily::chat_completions:
      return chat_events();
    case EndpointFamily::responses:
      return response_events();
    case EndpointFamily::messages:
      return message_events();
    case EndpointFamily::generate_content:
      return content_events();
    case EndpointFamily::embeddings:
      break;
  }
  return {};
}

std::string text(const std::vector<Event>& events) {
  std::string out;
  for (const Event& event : events) {
    if (!event.name.empty()) out += "event: " + event.name + '\n';
    out += "data: " + event.data + "\n\n";
  }
  return out;
}

}  // namespace smokeledger::tests::replies
