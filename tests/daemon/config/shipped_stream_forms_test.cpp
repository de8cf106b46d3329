// Streams that are cut, framed in other ways, or hold errors; and what comes in their place.
#include <gtest/gtest.h>

#include "tests/daemon/config/stream_edits.h"

namespace smokeledger::daemon::config {
namespace {

using core::FindingCode;
using core::Verdict;
using namespace streams;
using enum core::EndpointFamily;

TEST(ShippedStreams, HaveTheSameVerdictWhereverTheyAreCut) {
  for (const auto family : {chat_completions, responses, messages, generate_content}) {
    const std::string whole = tests::replies::text(tests::replies::events(family));
    for (std::size_t length = 1; length < whole.size() - 2; ++length) {
      const core::Reading reading = read(family, whole.substr(0, length));
      if (reading.verdict == Verdict::documented_shape) {
        // All that documents the end was there: what is missing says nothing more.
        EXPECT_GT(length, whole.rfind("data: ")) << core::word(family);
        continue;
      }
      EXPECT_EQ(reading.verdict, Verdict::deviant) << core::word(family) << ' ' << length;
      EXPECT_EQ(reading.parser_result, core::ParserResult::rejected) << length;
    }
    EXPECT_EQ(read(family, whole.substr(0, whole.size() - 1)).verdict, Verdict::documented_shape)
        << "the last blank line";
  }
}

TEST(ShippedStreams, AreTruncatedInsideAnEventEvenBehindAnEnding) {
  const std::string body = R"(data: {"candidates":[{"finishReason":"STOP"}]})"
                           "\n\ndata: {\"usageMetadata\":{\"promptTok";
  EXPECT_EQ(read(generate_content, body).findings,
            (std::vector<core::Finding>{{FindingCode::truncated_stream, ""}}));
}

TEST(ShippedStreams, HoldTheirErrorBehindAnErrorStatusToo) {
  for (const auto family : {chat_completions, responses, messages, generate_content}) {
    const std::string body =
        "event: error\ndata: " + std::string(tests::replies::error(family)) + "\n\n";
    const core::Reading reading = read(family, body, 529);
    EXPECT_EQ(reading.verdict, Verdict::error_object) << core::word(family);
    EXPECT_EQ(reading.parser_result, core::ParserResult::not_checked);
  }
  const core::Reading stream =
      read(messages, tests::replies::text(tests::replies::events(messages)), 500);
  EXPECT_EQ(stream.verdict, Verdict::deviant);
  EXPECT_EQ(stream.parser_result, core::ParserResult::not_checked);
}

TEST(ShippedStreams, AreInconclusiveWhereOneEventIsTooLargeToRead) {
  Events sample = tests::replies::events(chat_completions);
  sample[1].data.insert(1, "\"filler\":\"" + std::string(core::reply_byte_cap / 2, 'a') + "\",");
  const core::Reading reading = probes::families::read_stream(shipped(chat_completions),
                                                              200,
                                                              "Text/Event-Stream",
                                                              tests::replies::text(sample),
                                                              core::reply_byte_cap);
  EXPECT_EQ(reading.findings, (std::vector<core::Finding>{{FindingCode::too_large, "event[1]"}}));
  EXPECT_EQ(reading.parser_result, core::ParserResult::inconclusive);
}

TEST(ShippedStreams, AreDocumentedButNotAcceptedWithAValueThatCannotBeHeld) {
  const Events sample = edit(tests::replies::events(chat_completions), 1, "\"k\"", "\"\\ud83d\"");
  const core::Reading reading = read(chat_completions, tests::replies::text(sample));
  EXPECT_EQ(reading.verdict, Verdict::documented_shape);
  EXPECT_EQ(reading.parser_result, core::ParserResult::inconclusive);
}

TEST(ShippedStreams, AreReadAlikeWithEveryLineEnd) {
  for (const auto family : {chat_completions, responses, messages, generate_content}) {
    const std::string whole = tests::replies::text(tests::replies::events(family));
    for (const std::string end : {"\r", "\r\n"}) {
      std::string other;
      for (const char c : whole) other += c == '\n' ? end : std::string(1, c);
      EXPECT_EQ(read(family, other).verdict, Verdict::documented_shape) << core::word(family);
    }
    EXPECT_EQ(read(family, "\xEF\xBB\xBF: hello\n\n" + whole).verdict, Verdict::documented_shape);
  }
}

TEST(ShippedStreams, CountEventsAndMembersThatNobodyDocuments) {
  const Events sample = tests::replies::events(messages);
  const core::Reading reading = read(
      messages, tests::replies::text(add(sample, 3, {"mood", R"({"type":"mood","index":9})"})));
  EXPECT_EQ(reading.verdict, Verdict::documented_shape);
  EXPECT_EQ(reading.additive, 1U);
  const Events chat = tests::replies::events(chat_completions);
  EXPECT_EQ(read(chat_completions, tests::replies::text(edit(chat, 1, "{", "{\"x_vendor\":{},")))
                .additive,
            1U);
}

TEST(ShippedStreams, CarryErrorsInTheirFamilysForms) {
  for (const auto family : {chat_completions, responses, messages, generate_content}) {
    const Events sample = tests::replies::events(family);
    const std::string data(tests::replies::error(family));
    const core::Reading reading = read(
        family,
        tests::replies::text(
            add(drop(sample, 1, sample.size() - 1), 1, {family == messages ? "error" : "", data})));
    EXPECT_EQ(reading.verdict, Verdict::error_object) << core::word(family);
    EXPECT_EQ(reading.object_family, core::ObjectFamily::error);
    EXPECT_EQ(reading.parser_result, core::ParserResult::rejected);
    EXPECT_EQ(reading.findings,
              (std::vector<core::Finding>{{FindingCode::error_object, "event[1].error"}}));
  }
  const Events sample = tests::replies::events(responses);
  const Events flat = add(
      drop(sample, 1, 14),
      1,
      {"error",
       R"({"type":"error","code":"server_error","message":"later","param":null,"sequence_number":1})"});
  EXPECT_EQ(read(responses, tests::replies::text(flat)).verdict, Verdict::error_object);
  EXPECT_EQ(read(responses, tests::replies::text(flat)).error_code, "server_error");
  const Events empty = add(drop(sample, 1, 14), 1, {"error", R"({"type":"error"})"});
  EXPECT_EQ(read(responses, tests::replies::text(empty)).verdict, Verdict::deviant);
}

TEST(ShippedStreams, AreNotWhatComesInTheirPlace) {
  const std::string whole(tests::replies::whole(chat_completions));
  using Findings = std::vector<core::Finding>;
  EXPECT_EQ(read(chat_completions, whole, 200, "application/json").findings,
            (Findings{{FindingCode::not_an_event_stream, ""}}));
  EXPECT_EQ(read(chat_completions, "<html></html>").findings,
            (Findings{{FindingCode::html_body, ""}}));
  EXPECT_EQ(read(chat_completions, "").findings, (Findings{{FindingCode::empty_body, ""}}));
  EXPECT_EQ(read(chat_completions, ": only a comment\n\n").findings,
            (Findings{{FindingCode::not_an_event_stream, ""}}));
  EXPECT_EQ(read(chat_completions, "upstream connect error").findings,
            (Findings{{FindingCode::not_an_event_stream, ""}}));
  EXPECT_EQ(read(chat_completions, tests::replies::error(chat_completions), 200, "application/json")
                .verdict,
            Verdict::error_object);
  const core::Reading refused =
      read(chat_completions, tests::replies::error(chat_completions), 401, "application/json");
  EXPECT_EQ(refused.verdict, Verdict::error_object);
  EXPECT_EQ(refused.parser_result, core::ParserResult::not_checked);
  const std::string stream = tests::replies::text(tests::replies::events(chat_completions));
  EXPECT_EQ(read(chat_completions, stream, 200, "application/json").findings,
            (Findings{{FindingCode::wrong_content_type, ""}}));
  EXPECT_TRUE(read(chat_completions, stream, 200, "text/plain").findings.empty());
}

}  // namespace
}  // namespace smokeledger::daemon::config
