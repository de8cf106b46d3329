// An incremental reader of server-sent events, by the WHATWG HTML standard, section 9.2.6,
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
// One departure: data before the end of the stream that no blank line closed is given out, marked,
// because real streams end so; the standard drops it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::probes::core {

struct ServerSentEvent {
  std::string_view type;  // of the `event` field; empty without one
  std::string_view data;  // `data` lines joined by LF
  std::size_t index = 0;  // of the stream, from 0
  bool closed = true;     // false: the stream ended before its blank line
};

// What the stream's fields left behind; nobody reconnects here.
struct StreamFields {
  std::string last_event_id;
  std::optional<unsigned long long> retry_ms;
  std::size_t comments = 0;
};

// Bytes may be split anywhere: the events are the same. Views in an event last for its callback.
class EventReader {
 public:
  using OnEvent = std::function<void(const ServerSentEvent&)>;
  explicit EventReader(OnEvent on_event) : on_event_(std::move(on_event)) {}

  void feed(std::string_view bytes);
  // No more bytes. Nothing may be fed afterwards.
  void end();
  const StreamFields& fields() const { return fields_; }

 private:
  void take_line(std::string_view line);
  void take_field(std::string_view name, std::string_view value);
  void dispatch(bool closed);

  OnEvent on_event_;
  std::string line_;  // begun in earlier bytes
  bool at_start_ = true;
  bool after_carriage_return_ = false;
  std::string type_;
  std::string data_;
  bool has_data_ = false;
  std::size_t count_ = 0;
  StreamFields fields_;
};

}  // namespace smokeledger::probes::core
