#include "probes/stub/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;
using testing::HasSubstr;
using testing::StartsWith;

Act played(FaultKind kind, EndpointFamily family, bool stream) {
  return act(kind,
             {.asked = {.family = family, .model = "smoke-model", .number = 7, .stream = stream},
              .redirect_to = "http://redirect.invalid/elsewhere"});
}

bool is_same(const Act& one, const Act& other) {
  return one.bytes == other.bytes && one.ending == other.ending && one.again == other.again;
}

TEST(FaultsOfStreams, PlayAnotherFaultWhereTheRequestIsNotStreamedAndSayWhich) {
  for (const FaultKind kind : core::every<FaultKind>()) {
    const auto other = when_not_streamed(kind);
    const std::string_view name = core::word(kind);
    EXPECT_EQ(other.has_value(), name.starts_with("stream-")) << name;
    if (!other) continue;
    EXPECT_TRUE(find_script(name)->description.ends_with("; not streamed: as " +
                                                         std::string(core::word(*other)) + '.'))
        << name;
    for (const EndpointFamily family : core::every<EndpointFamily>()) {
      EXPECT_TRUE(is_same(played(kind, family, false), played(*other, family, false))) << name;
    }
  }
}

TEST(FaultsOfStreams, AreNeverPlayedForEmbeddings) {
  for (const FaultKind kind : core::every<FaultKind>()) {
    EXPECT_TRUE(is_same(played(kind, EndpointFamily::embeddings, true),
                        played(kind, EndpointFamily::embeddings, false)))
        << core::word(kind);
  }
}

// Faults in or behind a successful reply say in their head which kind of reply it would have been.
TEST(Faults, AreOfAStreamWhereOneIsAskedFor) {
  using enum FaultKind;
  for (const FaultKind kind : {ok,
                               refusal,
                               cut_at_length,
                               other_finish_reason,
                               unknown_members,
                               null_content,
                               missing_optional,
                               missing_choices,
                               malformed_json,
                               empty_200,
                               unasked_encoding,
                               hang_after_headers,
                               slow_headers,
                               endless_body,
                               truncated_body}) {
    for (const EndpointFamily family : core::every<EndpointFamily>()) {
      const bool streams = family != EndpointFamily::embeddings;
      EXPECT_THAT(played(kind, family, true).bytes,
                  HasSubstr(streams ? "\r\nContent-Type: text/event-stream\r\n"
                                    : "\r\nContent-Type: application/json\r\n"))
          << core::word(kind);
    }
  }
}

TEST(Faults, OfTheWholeReplyAreTheSameForAStream) {
  using enum FaultKind;
  for (const FaultKind kind : {throttled,
                               throttled_retry_after,
                               throttled_retry_after_1h,
                               throttled_retry_after_date,
                               throttled_retry_after_ms,
                               throttled_x_ms_retry_after_ms,
                               throttled_retry_info,
                               throttled_no_retry,
                               overloaded_503_retry_after_ms,
                               overloaded_503,
                               overloaded_529,
                               server_error,
                               invalid_key,
                               forbidden,
                               exhausted_quota,
                               invalid_request,
                               invalid_request_behind_500,
                               error_in_200,
                               redirect,
                               html_200,
                               not_http,
                               header_flood,
                               hang_before_headers,
                               reset,
                               close_before_reply}) {
    for (const EndpointFamily family : core::every<EndpointFamily>()) {
      EXPECT_TRUE(is_same(played(kind, family, true), played(kind, family, false)))
          << core::word(kind);
    }
  }
}

TEST(Faults, HoldTheErrorObjectOfTheirFamily) {
  const auto error = [](EndpointFamily family) {
    const Act act = played(FaultKind::error_in_200, family, true);
    EXPECT_THAT(act.bytes, StartsWith("HTTP/1.1 200 OK\r\n"));
    return std::string(body_of(act.bytes));
  };
  EXPECT_EQ(Json(error(EndpointFamily::chat_completions)).at("/error/type"), R"("server_error")");
  EXPECT_EQ(Json(error(EndpointFamily::messages)).at("/error/type"), R"("api_error")");
  EXPECT_EQ(Json(error(EndpointFamily::generate_content)).at("/error/code"), "500");
}

TEST(Faults, HoldTheEnvelopeOfAGatewayWhereTheErrorIsItsOwn) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    const Act act = played(FaultKind::invalid_request_behind_500, family, false);
    EXPECT_THAT(act.bytes, StartsWith("HTTP/1.1 500 "));
    const Json json(std::string(body_of(act.bytes)));
    EXPECT_EQ(json.at("/error/type"), R"("comet_api_error")") << core::word(family);
    EXPECT_EQ(json.at("/error/code"), R"("invalid_request")") << core::word(family);
  }
}

TEST(Faults, CutTheJsonOfOneEventInAStreamOfWholeEvents) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    const Dialect& dialect = dialect_of(family);
    if (dialect.stream == nullptr) continue;
    const Act act = played(FaultKind::malformed_json, family, true);
    const Unchunked body = unchunked(body_of(act.bytes));
    EXPECT_TRUE(body.ended);
    std::size_t broken = 0;
    for (const Event& event : events_in(body.text, dialect.line_end)) {
      simdjson::dom::parser parser;
      const bool done = event.data == "[DONE]";
      if (!done && parser.parse(event.data).error() != simdjson::SUCCESS) ++broken;
    }
    EXPECT_EQ(broken, 1U) << core::word(family);
  }
}

TEST(Faults, BreakOffInsideTheLastBytesOfAStream) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    const Act whole = played(FaultKind::ok, family, true);
    const Act broken = played(FaultKind::truncated_body, family, true);
    EXPECT_EQ(broken.ending, Ending::close);
    EXPECT_LT(broken.bytes.size(), whole.bytes.size());
    EXPECT_THAT(whole.bytes, StartsWith(broken.bytes));
  }
}

}  // namespace
}  // namespace smokeledger::probes::stub
