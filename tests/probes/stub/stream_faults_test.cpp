#include "probes/stub/stream_faults.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"
#include "tests/probes/stub/stub_house.h"

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;
using testing::HasSubstr;
using testing::StartsWith;

struct StreamedFamily {
  EndpointFamily family;
  const char* path;
};
constexpr StreamedFamily streamed_families[] = {
    {EndpointFamily::chat_completions, "/v1/chat/completions"},
    {EndpointFamily::responses, "/v1/responses"},
    {EndpointFamily::messages, "/v1/messages"},
    {EndpointFamily::generate_content, "/v1beta/models/smoke-model:streamGenerateContent?alt=sse"},
};

// What came on a connection, read as a stream of the family.
struct Heard {
  Unchunked body;
  Events events;
  Events whole;                      // the family's plain stream with the same ids
  boost::system::error_code ending;  // how the connection ended, if it did
};

std::size_t half(std::size_t events) {
  return (events + 1) / 2;
}

class StreamFaults : public StubOverSockets {
 protected:
  Heard hear(const StreamedFamily& of, std::string_view script) {
    return hear(of, script, "Connection: close\r\n", "");
  }

  // For a stub that does not close: reads until the last of so many events of the plain stream.
  Heard hear_only(const StreamedFamily& of, std::string_view script, std::size_t events) {
    const Events whole = plain(of, stub_->arrivals().total() + 1);
    return hear(of, script, "", event_text(dialect_of(of.family), whole[events - 1]));
  }

  static Events plain(const StreamedFamily& of, std::uint64_t number) {
    const Dialect& dialect = dialect_of(of.family);
    const Asked asked{.family = of.family, .model = "smoke-model", .number = number};
    return numbered(dialect, dialect.stream(asked, Shape::plain));
  }

 private:
  Heard hear(const StreamedFamily& of,
             std::string_view script,
             std::string_view headers,
             std::string_view enough) {
    tcp::socket socket = connect();
    ending_ = {};
    const std::string path = "/s/" + std::string(script) + of.path;
    const std::string reply =
        say(socket, post(path, headers, R"({"model":"smoke-model","stream":true})"), enough);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"));
    Unchunked body = unchunked(body_of(reply));
    Events events = events_in(body.text, dialect_of(of.family).line_end);
    return {std::move(body), std::move(events), plain(of, stub_->arrivals().total()), ending_};
  }
};

Events first_of(const Events& events, std::size_t count) {
  return {events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count)};
}

Events first_half(const Heard& heard) {
  return first_of(heard.whole, half(heard.whole.size()));
}

TEST_F(StreamFaults, AreNotInAStreamThatIsWell) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "ok");
    EXPECT_EQ(heard.events, heard.whole) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
  }
}

TEST_F(StreamFaults, LeaveOutTheTerminalEventAndEndTheTransferInOrder) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-truncated");
    EXPECT_EQ(heard.events, first_of(heard.whole, heard.whole.size() - 1)) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
    EXPECT_EQ(heard.ending, asio::error::eof) << of.path;
  }
}

TEST_F(StreamFaults, CloseInsideAnEvent) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-cut-mid-event");
    EXPECT_EQ(heard.events, first_half(heard)) << of.path;
    EXPECT_FALSE(heard.body.ended) << of.path;
    EXPECT_FALSE(heard.body.text.ends_with('\n')) << of.path;
    EXPECT_EQ(heard.ending, asio::error::eof) << of.path;
  }
}

TEST_F(StreamFaults, ResetTheConnectionBehindSomeEvents) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-reset");
    EXPECT_EQ(heard.events, first_half(heard)) << of.path;
    EXPECT_FALSE(heard.body.ended) << of.path;
    EXPECT_EQ(heard.ending, asio::error::connection_reset) << of.path;
  }
}

TEST_F(StreamFaults, BreakOffWithTheErrorEventOfTheFamily) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-error");
    ASSERT_EQ(heard.events.size(), first_half(heard).size() + 1) << of.path;
    EXPECT_EQ(first_of(heard.events, heard.events.size() - 1), first_half(heard)) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
  }
}

TEST_F(StreamFaults, SayTheErrorEventInTheWordsOfTheFamily) {
  const auto error = [&](std::size_t family) {
    return hear(streamed_families[family], "stream-error").events.back();
  };
  EXPECT_EQ(error(0).type, "");
  EXPECT_EQ(Json(error(0).data).at("/error/code"), R"("server_error")");
  EXPECT_EQ(error(1).type, "error");
  EXPECT_EQ(Json(error(1).data).at("/code"), R"("server_error")");
  EXPECT_EQ(Json(error(1).data).at("/sequence_number"), "5");
  EXPECT_EQ(error(2).type, "error");
  EXPECT_EQ(Json(error(2).data).at("/error/type"), R"("api_error")");
  EXPECT_EQ(error(3).type, "");
  EXPECT_EQ(Json(error(3).data).at("/error/status"), R"("INTERNAL")");
}

TEST_F(StreamFaults, StallInTheMiddle) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear_only(of, "stream-stalls", half(plain(of, 1).size()));
    EXPECT_EQ(heard.events, first_half(heard)) << of.path;
    EXPECT_FALSE(heard.body.ended) << of.path;
    EXPECT_FALSE(heard.ending) << of.path;
  }
}

TEST_F(StreamFaults, StallUntilTheStubGoes) {
  tcp::socket socket = connect();
  const std::string request =
      post("/s/stream-stalls/v1/messages", "", R"({"model":"smoke-model","stream":true})");
  say(socket, request, "harmless");
  EXPECT_FALSE(ending_);
  stub_.reset();
  say(socket, "", "");
  EXPECT_TRUE(ending_);
}

TEST_F(StreamFaults, HoldTheConnectionOpenBehindTheWholeStream) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear_only(of, "stream-held-open", plain(of, 1).size());
    EXPECT_EQ(heard.events, heard.whole) << of.path;
    EXPECT_FALSE(heard.body.ended) << of.path;
    EXPECT_FALSE(heard.ending) << of.path;
  }
}

TEST_F(StreamFaults, SendTextBehindTheEnd) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-data-after-end");
    ASSERT_EQ(heard.events.size(), heard.whole.size() + 1) << of.path;
    EXPECT_EQ(first_of(heard.events, heard.whole.size()), heard.whole) << of.path;
    EXPECT_THAT(heard.events.back().data, HasSubstr(completion_pieces.back())) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
  }
}

TEST_F(StreamFaults, PutCommentsBetweenTheEvents) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-comments");
    EXPECT_EQ(heard.events, heard.whole) << of.path;
    EXPECT_THAT(heard.body.text, StartsWith(": the stub keeps this alive")) << of.path;
    EXPECT_THAT(heard.body.text, HasSubstr("\n: the stub keeps this alive")) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
  }
}

TEST_F(StreamFaults, PutWhatNoDocumentNamesBetweenAndIntoTheEvents) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-unknown-events");
    ASSERT_EQ(heard.events.size(), heard.whole.size() + 1) << of.path;
    EXPECT_TRUE(Json(heard.events[0].data).has("/x_stub_extra")) << of.path;
    EXPECT_TRUE(Json(heard.events[1].data).has("/x_stub_extra")) << of.path;
    EXPECT_EQ(heard.events[2].type, heard.whole[1].type) << of.path;
    EXPECT_TRUE(heard.body.ended) << of.path;
  }
}

TEST_F(StreamFaults, BeginTwice) {
  for (const auto& of : streamed_families) {
    const Heard heard = hear(of, "stream-two-starts");
    ASSERT_EQ(heard.events.size(), heard.whole.size() + 1) << of.path;
    EXPECT_EQ(heard.events[0], heard.whole[0]) << of.path;
    EXPECT_EQ(heard.events[1].type, heard.whole[0].type) << of.path;
    EXPECT_EQ(heard.events[2].type, heard.whole[1].type) << of.path;
  }
}

TEST_F(StreamFaults, LeaveTheConnectionToTheNextRequestWhereTheTransferEnded) {
  tcp::socket socket = connect();
  const std::string request =
      post("/s/stream-truncated/v1/messages", "", R"({"model":"smoke-model","stream":true})");
  EXPECT_THAT(say(socket, request, "0\r\n\r\n"), HasSubstr("stub-1"));
  EXPECT_THAT(say(socket, request, "0\r\n\r\n"), HasSubstr("stub-2"));
}

}  // namespace
}  // namespace smokeledger::probes::stub
