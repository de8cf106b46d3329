// Reads what the stub wrote, by itself: no code of the product that reads replies.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub {

inline constexpr Shape every_shape[] = {Shape::plain,
                                        Shape::refusal,
                                        Shape::cut_at_length,
                                        Shape::other_finish,
                                        Shape::unknown_members,
                                        Shape::no_answer,
                                        Shape::null_content,
                                        Shape::without_optional};

inline std::string_view body_of(std::string_view reply) {
  const auto head_end = reply.find("\r\n\r\n");
  return head_end == reply.npos ? std::string_view{} : reply.substr(head_end + 4);
}

struct Unchunked {
  std::string text;
  bool ended = false;  // by the chunk of size 0
};
inline Unchunked unchunked(std::string_view body) {
  Unchunked out;
  while (!body.empty() && !out.ended) {
    const auto size_end = body.find("\r\n");
    const std::size_t size = std::stoul(std::string(body.substr(0, size_end)), nullptr, 16);
    body.remove_prefix(size_end + 2);
    out.text += body.substr(0, size);
    out.ended = size == 0;
    body.remove_prefix(std::min(body.size(), size + 2));
  }
  return out;
}

// The complete events of a stream; comments are passed over, an unfinished event is left out.
inline Events events_in(std::string_view text, std::string_view line_end) {
  Events events;
  Event event;
  while (!text.empty()) {
    const auto end = text.find(line_end);
    if (end == text.npos) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + line_end.size());
    if (line.starts_with("event: ")) event.type = line.substr(7);
    if (line.starts_with("data: ")) event.data = line.substr(6);
    if (line.empty() && !event.data.empty()) events.push_back(std::exchange(event, {}));
  }
  return events;
}

// A parsed JSON text and what stands at its JSON pointers.
class Json {
 public:
  explicit Json(const std::string& text) {
    EXPECT_EQ(parser_.parse(text).get(root_), simdjson::SUCCESS) << text;
  }
  bool has(std::string_view pointer) const {
    return root_.at_pointer(pointer).error() == simdjson::SUCCESS;
  }
  // Minified: `"text"`, `7`, `null`, `[...]`; nothing where nothing stands.
  std::string at(std::string_view pointer) const {
    simdjson::dom::element found;
    if (root_.at_pointer(pointer).get(found) != simdjson::SUCCESS) return "nothing";
    return simdjson::minify(found);
  }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

}  // namespace smokeledger::probes::stub
