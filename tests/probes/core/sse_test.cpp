#include "probes/core/sse.h"

#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

struct Event {
  std::string type;
  std::string data;
  bool closed = true;

  bool operator==(const Event&) const = default;
};
using Events = std::vector<Event>;

void PrintTo(const Event& event, std::ostream* out) {
  *out << event.type << '|' << event.data << (event.closed ? "" : " (open)");
}

// The stream in pieces of this size.
Events read(std::string_view stream, std::size_t piece = std::string_view::npos) {
  Events events;
  EventReader reader([&](const ServerSentEvent& event) {
    EXPECT_EQ(event.index, events.size());
    events.push_back({std::string(event.type), std::string(event.data), event.closed});
  });
  for (std::size_t at = 0; at < stream.size(); at += std::min(piece, stream.size())) {
    reader.feed(stream.substr(at, piece));
  }
  reader.end();
  return events;
}

struct Case {
  const char* name;
  std::string stream;
  Events events;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> rows{
      {"nothing", "", {}},
      {"one event", "data: a\n\n", {{"", "a"}}},
      {"the three line ends",
       "data: a\r\rdata: b\n\ndata: c\r\n\r\n",
       {{"", "a"}, {"", "b"}, {"", "c"}}},
      {"line ends mixed inside an event", "data: a\rdata: b\r\ndata: c\n\n", {{"", "a\nb\nc"}}},
      {"data in several lines", "data: a\ndata:\ndata: c\n\n", {{"", "a\n\nc"}}},
      {"one blank taken off, not two", "data:a\n\ndata:  b\n\n", {{"", "a"}, {"", " b"}}},
      {"a named event", "event: ping\ndata: {}\n\n", {{"ping", "{}"}}},
      {"a name that does not outlive its event",
       "event: x\ndata: 1\n\ndata: 2\n\n",
       {{"x", "1"}, {"", "2"}}},
      {"a name without data is no event", "event: x\n\ndata: 2\n\n", {{"", "2"}}},
      {"the last of two names", "event: x\nevent: y\ndata: 1\n\n", {{"y", "1"}}},
      {"comments and blank lines",
       ": hello\n\n\n:\ndata: a\n: inside\ndata: b\n\n",
       {{"", "a\nb"}}},
      {"fields nobody knows", "dat: a\ndatas: b\nDATA: c\n data: d\nfoo\ndata: e\n\n", {{"", "e"}}},
      {"a field without a colon", "data\n\ndata\ndata\n\n", {{"", ""}, {"", "\n"}}},
      {"empty data", "data:\n\n", {{"", ""}}},
      {"a colon in the data", "data: a: b\n\n", {{"", "a: b"}}},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {{"", "a"}}},
      {"a byte order mark later",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {{"", "a"}}},
      {"an event that no blank line closed", "data: a\n\ndata: b\n", {{"", "a"}, {"", "b", false}}},
      {"a line that nothing closed",
       "data: a\n\nevent: e\ndata: {\"b",
       {{"", "a"}, {"e", "{\"b", false}}},
      {"an end behind a name", "data: a\n\nevent: e\n", {{"", "a"}}},
      {"bytes that are not UTF-8", "data: \xFF\n\n", {{"", "\xFF"}}},
      {"a NUL", std::string("data: a\0b\n\n", 11), {{"", std::string("a\0b", 3)}}},
  };
  return rows;
}

TEST(EventReader, ReadsEachStreamAsTheStandardSays) {
  for (const Case& row : cases()) EXPECT_EQ(read(row.stream), row.events) << row.name;
}

TEST(EventReader, ReadsTheSameEventsHoweverTheBytesAreSplit) {
  for (const Case& row : cases()) {
    for (std::size_t piece = 1; piece <= row.stream.size(); ++piece) {
      EXPECT_EQ(read(row.stream, piece), row.events) << row.name << " in pieces of " << piece;
    }
  }
}

TEST(EventReader, KeepsTheLastIdAndTheRetryTimeThatAreWellFormed) {
  const auto fields = [](std::string_view stream) {
    EventReader reader([](const ServerSentEvent&) {});
    reader.feed(stream);
    return reader.fields();
  };
  EXPECT_EQ(fields("id: 7\nretry: 1500\n: note\n\n").last_event_id, "7");
  EXPECT_EQ(fields("id: 7\nid\n").last_event_id, "");
  EXPECT_EQ(fields(std::string_view("id: 7\nid: a\0b\n", 14)).last_event_id, "7");
  EXPECT_EQ(fields("retry: 1500\n").retry_ms, 1500U);
  EXPECT_FALSE(fields("retry: 1.5\n").retry_ms);
  EXPECT_FALSE(fields("retry: -1\nretry:\n").retry_ms);
  EXPECT_FALSE(fields("retry: 99999999999999999999999\n").retry_ms);
  EXPECT_EQ(fields(": a\n:b\n").comments, 2U);
}

}  // namespace
}  // namespace smokeledger::probes::core
