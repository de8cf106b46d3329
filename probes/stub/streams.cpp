#include "probes/stub/streams.h"

#include <array>
#include <charconv>
#include <utility>

namespace smokeledger::probes::stub {

bool streams(const Asked& asked) {
  return asked.stream && dialect_of(asked.family).stream != nullptr;
}

Events numbered(const Dialect& dialect, Events events) {
  if (!dialect.numbered) return events;
  std::size_t number = 0;
  for (Event& event : events) {
    event.data.pop_back();  // the object's last brace
    event.data += ",\"sequence_number\":" + std::to_string(number++) + '}';
  }
  return events;
}

std::string event_text(const Dialect& dialect, const Event& event) {
  std::string text;
  if (!event.type.empty()) {
    text += "event: " + event.type;
    text += dialect.line_end;
  }
  text += "data: " + event.data;
  text += dialect.line_end;
  text += dialect.line_end;
  return text;
}

std::vector<std::string> event_texts(const Dialect& dialect, Events events) {
  std::vector<std::string> texts;
  for (const Event& event : numbered(dialect, std::move(events))) {
    texts.push_back(event_text(dialect, event));
  }
  return texts;
}

std::string chunk(std::string_view bytes) {
  std::array<char, 16> size{};
  char* const end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string out(size.data(), end);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
  return out;
}

std::string chunks(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += chunk(text);
  return out;
}

}  // namespace smokeledger::probes::stub
