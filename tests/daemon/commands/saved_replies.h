// A folder of saved replies, written for these tests.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/ledger_fixtures.h"
#include "tests/support/replaced.h"

namespace smokeledger::tests {

inline constexpr std::string_view good_chat_reply =
    R"({"id":"c-1","object":"chat.completion","created":1,"model":"a-model",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],)"
    R"("note":1})";
inline constexpr std::string_view error_reply =
    R"({"error":{"message":"no","type":"t","code":"c"}})";
inline constexpr std::string_view good_chat_stream =
    R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"a-model",)"
    R"("choices":[{"index":0,"delta":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]})"
    "\n\ndata: [DONE]\n\n";

// good.json (with one additive member), rejected.json (without its model), error.json, good.sse and
// cut.sse (without its end): all of chat_completions.
class SavedReplies {
 public:
  SavedReplies() {
    write("good.json", good_chat_reply);
    write("rejected.json", replaced(std::string(good_chat_reply), R"("model":"a-model",)", ""));
    write("error.json", error_reply);
    write("good.sse", good_chat_stream);
    write("cut.sse", good_chat_stream.substr(0, good_chat_stream.find("data: [DONE]")));
  }

  std::string path(const std::string& name) const { return dir_.path() / name; }
  std::string write(const std::string& name, std::string_view bytes) const {
    write_bytes(path(name), bytes);
    return path(name);
  }

 private:
  ScratchDir dir_;
};

}  // namespace smokeledger::tests
