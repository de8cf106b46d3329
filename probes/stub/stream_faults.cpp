#include "probes/stub/stream_faults.h"

#include <utility>

namespace smokeledger::probes::stub {
namespace {

const Dialect& voice_in(const Scene& scene) {
  return dialect_of(scene.asked.family);
}

Events events_of(const Scene& scene, Shape shape = Shape::plain) {
  return voice_in(scene).stream(scene.asked, shape);
}

std::size_t half_of(const Events& events) {
  return (events.size() + 1) / 2;
}

Events first_half(const Scene& scene) {
  Events events = events_of(scene);
  events.resize(half_of(events));
  return events;
}

std::string head(const Scene& scene, std::vector<std::string> headers = {}) {
  return http_text(
      {.content_type = "text/event-stream", .headers = std::move(headers), .chunked = true},
      scene.asked.number);
}

// Head and events; the transfer stays open.
std::string open_stream(const Scene& scene, Events events) {
  return head(scene) + chunks(event_texts(voice_in(scene), std::move(events)));
}

Act ended(std::string bytes) {
  bytes += last_chunk;
  return {.bytes = std::move(bytes)};
}

}  // namespace

Act whole_stream(const Scene& scene, Shape shape, std::vector<std::string> headers) {
  const auto texts = event_texts(voice_in(scene), events_of(scene, shape));
  return ended(head(scene, std::move(headers)) + chunks(texts));
}

Act stream_with_cut_json(const Scene& scene) {
  Events events = numbered(voice_in(scene), events_of(scene));
  std::string& data = events[half_of(events) - 1].data;
  data.resize(data.size() / 2);
  std::string bytes = head(scene);
  for (const Event& event : events) bytes += chunk(event_text(voice_in(scene), event));
  return ended(std::move(bytes));
}

Act stream_truncated(const Scene& scene) {
  Events events = events_of(scene);
  events.pop_back();
  return ended(open_stream(scene, std::move(events)));
}

Act stream_cut_mid_event(const Scene& scene) {
  const auto texts = event_texts(voice_in(scene), events_of(scene));
  const auto half = static_cast<std::ptrdiff_t>((texts.size() + 1) / 2);
  const std::string next = chunk(texts[static_cast<std::size_t>(half)]);
  return {.bytes = head(scene) + chunks({texts.begin(), texts.begin() + half}) +
                   next.substr(0, next.size() / 2),
          .ending = Ending::close};
}

Act stream_reset(const Scene& scene) {
  return {.bytes = open_stream(scene, first_half(scene)), .ending = Ending::reset};
}

Act stream_error(const Scene& scene) {
  Events events = first_half(scene);
  events.push_back(voice_in(scene).error(scene.asked, provider_error::server_error));
  return ended(open_stream(scene, std::move(events)));
}

Act stream_stalls(const Scene& scene) {
  return {.bytes = open_stream(scene, first_half(scene)), .ending = Ending::hold};
}

Act stream_held_open(const Scene& scene) {
  return {.bytes = open_stream(scene, events_of(scene)), .ending = Ending::hold};
}

Act stream_data_after_end(const Scene& scene) {
  Events events = events_of(scene);
  events.push_back(voice_in(scene).text(scene.asked));
  return ended(open_stream(scene, std::move(events)));
}

Act stream_comments(const Scene& scene) {
  const std::string_view line_end = voice_in(scene).line_end;
  std::string comment = ": the stub keeps this alive";
  comment.append(line_end).append(line_end);
  std::string bytes = head(scene);
  for (const std::string& text : event_texts(voice_in(scene), events_of(scene))) {
    bytes += chunk(comment) + chunk(text);
  }
  return ended(std::move(bytes));
}

Act stream_unknown_events(const Scene& scene) {
  Events events = events_of(scene, Shape::unknown_members);
  events.insert(events.begin() + 1, voice_in(scene).unknown(scene.asked));
  return ended(open_stream(scene, std::move(events)));
}

Act stream_two_starts(const Scene& scene) {
  Events events = events_of(scene);
  const Event first = events.front();
  events.insert(events.begin(), first);
  return ended(open_stream(scene, std::move(events)));
}

}  // namespace smokeledger::probes::stub
