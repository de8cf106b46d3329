#include "probes/stub/streams.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;
using testing::ElementsAre;
using testing::SizeIs;

Asked asked(EndpointFamily family, bool include_usage = false) {
  return {.family = family,
          .model = "smoke-model",
          .number = 7,
          .stream = true,
          .include_usage = include_usage};
}

Events stream(EndpointFamily family, Shape shape = Shape::plain, bool include_usage = false) {
  const Dialect& dialect = dialect_of(family);
  return numbered(dialect, dialect.stream(asked(family, include_usage), shape));
}

std::vector<std::string> types(const Events& events) {
  std::vector<std::string> out;
  for (const Event& event : events) out.push_back(event.type);
  return out;
}

// What stands at the pointer in each event, in order, where something does.
std::vector<std::string> values(const Events& events, std::string_view pointer) {
  std::vector<std::string> out;
  for (const Event& event : events) {
    if (event.data == "[DONE]") continue;
    const Json json(event.data);
    if (json.has(pointer)) out.push_back(json.at(pointer));
  }
  return out;
}

std::string text(const Events& events) {
  std::string out;
  for (const Event& event : events) out += event_text(dialect_of(EndpointFamily::messages), event);
  return out;
}

TEST(Streams, AreOfEveryFamilyButEmbeddings) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    EXPECT_EQ(streams(asked(family)), family != EndpointFamily::embeddings) << core::word(family);
    EXPECT_FALSE(streams({.family = family, .model = "smoke-model"})) << core::word(family);
  }
}

TEST(StreamOfChat, BeginsWithTheRoleAndEndsWithAReasonAndDone) {
  const Events events = stream(EndpointFamily::chat_completions);
  ASSERT_THAT(events, SizeIs(5));
  EXPECT_EQ(events.back().data, "[DONE]");
  EXPECT_THAT(values(events, "/object"), testing::Each(R"("chat.completion.chunk")"));
  EXPECT_THAT(values(events, "/model"), testing::Each(R"("smoke-model")"));
  EXPECT_THAT(values(events, "/choices/0/delta/role"), ElementsAre(R"("assistant")"));
  EXPECT_THAT(values(events, "/choices/0/delta/content"),
              ElementsAre(R"("")", R"("A short harmless")", R"(" reply.")"));
  EXPECT_THAT(values(events, "/choices/0/finish_reason"),
              ElementsAre("null", "null", "null", R"("stop")"));
  EXPECT_THAT(values(events, "/usage"), testing::IsEmpty());
}

TEST(StreamOfChat, TellsTheUsageInAChunkWithoutChoicesWhereAskedFor) {
  const Events events = stream(EndpointFamily::chat_completions, Shape::plain, true);
  ASSERT_THAT(events, SizeIs(6));
  const Json last(events[4].data);
  EXPECT_EQ(last.at("/choices"), "[]");
  EXPECT_EQ(last.at("/usage/total_tokens"), "14");
  EXPECT_EQ(Json(events[3].data).at("/usage"), "null");
}

TEST(StreamOfChat, SaysEachShapeInItsWords) {
  const auto of = [](Shape shape, std::string_view pointer) {
    return values(stream(EndpointFamily::chat_completions, shape), pointer);
  };
  EXPECT_THAT(of(Shape::refusal, "/choices/0/delta/refusal"),
              ElementsAre(R"("")", R"("The stub")", R"(" declines.")"));
  EXPECT_EQ(of(Shape::cut_at_length, "/choices/0/finish_reason").back(), R"("length")");
  EXPECT_EQ(of(Shape::other_finish, "/choices/0/finish_reason").back(), R"("content_filter")");
  EXPECT_THAT(of(Shape::null_content, "/choices/0/delta/content"), ElementsAre("null"));
  EXPECT_EQ(of(Shape::null_content, "/choices/0/finish_reason").back(), R"("length")");
  EXPECT_THAT(of(Shape::no_answer, "/choices"), testing::IsEmpty());
  EXPECT_THAT(of(Shape::unknown_members, "/x_stub_extra/note"), SizeIs(4));
  EXPECT_THAT(of(Shape::without_optional, "/service_tier"), testing::IsEmpty());
}

TEST(StreamOfResponses, AddsFillsAndEndsItsItemBetweenCreatedAndCompleted) {
  const Events events = stream(EndpointFamily::responses);
  EXPECT_THAT(types(events),
              ElementsAre("response.created",
                          "response.in_progress",
                          "response.output_item.added",
                          "response.content_part.added",
                          "response.output_text.delta",
                          "response.output_text.delta",
                          "response.output_text.done",
                          "response.content_part.done",
                          "response.output_item.done",
                          "response.completed"));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Json json(events[i].data);
    EXPECT_EQ(json.at("/type"), '"' + events[i].type + '"');
    EXPECT_EQ(json.at("/sequence_number"), std::to_string(i));
  }
  EXPECT_THAT(values(events, "/delta"), ElementsAre(R"("A short harmless")", R"(" reply.")"));
  EXPECT_THAT(values(events, "/text"), ElementsAre(R"("A short harmless reply.")"));
  EXPECT_THAT(values(events, "/part/text"), ElementsAre(R"("")", R"("A short harmless reply.")"));
  EXPECT_THAT(values(events, "/item/content"), ElementsAre("[]", testing::HasSubstr("harmless")));
}

TEST(StreamOfResponses, EndsWithTheWholeResponseWhateverItsShape) {
  for (const Shape shape : every_shape) {
    const Asked request = asked(EndpointFamily::responses);
    const Json last(stream(EndpointFamily::responses, shape).back().data);
    EXPECT_EQ(last.at("/response"), Json(success_body(request, shape)).at(""));
  }
}

TEST(StreamOfResponses, SaysEachShapeInItsWords) {
  const auto of = [](Shape shape) { return stream(EndpointFamily::responses, shape); };
  EXPECT_EQ(of(Shape::cut_at_length).back().type, "response.incomplete");
  EXPECT_EQ(of(Shape::other_finish).back().type, "response.incomplete");
  EXPECT_THAT(types(of(Shape::null_content)),
              ElementsAre("response.created", "response.in_progress", "response.incomplete"));
  EXPECT_THAT(types(of(Shape::no_answer)),
              ElementsAre("response.created", "response.in_progress", "response.completed"));
  EXPECT_EQ(of(Shape::refusal)[4].type, "response.refusal.delta");
  EXPECT_THAT(values(of(Shape::refusal), "/refusal"), ElementsAre(R"("The stub declines.")"));
  EXPECT_THAT(values(of(Shape::unknown_members), "/x_stub_extra/note"), SizeIs(10));
  EXPECT_THAT(values(of(Shape::without_optional), "/logprobs"), testing::IsEmpty());
}

TEST(StreamOfMessages, FillsOneBlockBetweenStartAndStop) {
  const Events events = stream(EndpointFamily::messages);
  EXPECT_THAT(types(events),
              ElementsAre("message_start",
                          "content_block_start",
                          "ping",
                          "content_block_delta",
                          "content_block_delta",
                          "content_block_stop",
                          "message_delta",
                          "message_stop"));
  for (const Event& event : events) {
    EXPECT_EQ(Json(event.data).at("/type"), '"' + event.type + '"');
  }
  EXPECT_THAT(values(events, "/message/content"), ElementsAre("[]"));
  EXPECT_THAT(values(events, "/message/stop_reason"), ElementsAre("null"));
  EXPECT_THAT(values(events, "/message/model"), ElementsAre(R"("smoke-model")"));
  EXPECT_THAT(values(events, "/index"), ElementsAre("0", "0", "0", "0"));
  EXPECT_THAT(values(events, "/delta/text"), ElementsAre(R"("A short harmless")", R"(" reply.")"));
  EXPECT_THAT(values(events, "/delta/stop_reason"), ElementsAre(R"("end_turn")"));
  EXPECT_THAT(values(events, "/usage/output_tokens"), ElementsAre("5"));
}

TEST(StreamOfMessages, SaysEachShapeInItsWords) {
  const auto of = [](Shape shape) { return stream(EndpointFamily::messages, shape); };
  const auto reason = [&](Shape shape) { return values(of(shape), "/delta/stop_reason"); };
  EXPECT_THAT(reason(Shape::refusal), ElementsAre(R"("refusal")"));
  EXPECT_THAT(reason(Shape::cut_at_length), ElementsAre(R"("max_tokens")"));
  EXPECT_THAT(reason(Shape::other_finish), ElementsAre(R"("stop_sequence")"));
  EXPECT_THAT(reason(Shape::null_content), ElementsAre(R"("max_tokens")"));
  for (const Shape shape : {Shape::refusal, Shape::null_content, Shape::no_answer}) {
    EXPECT_THAT(types(of(shape)), ElementsAre("message_start", "message_delta", "message_stop"));
  }
  EXPECT_THAT(values(of(Shape::no_answer), "/message/content"), testing::IsEmpty());
  EXPECT_THAT(values(of(Shape::unknown_members), "/x_stub_extra/note"), SizeIs(7));
  EXPECT_THAT(types(of(Shape::without_optional)), testing::Not(testing::Contains("ping")));
}

TEST(StreamOfGenerateContent, EndsInTheChunkThatHasReasonAndUsage) {
  const Events events = stream(EndpointFamily::generate_content);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_THAT(values(events, "/candidates/0/content/parts/0/text"),
              ElementsAre(R"("A short harmless")", R"(" reply.")"));
  EXPECT_THAT(values(events, "/modelVersion"), testing::Each(R"("smoke-model")"));
  const Json first(events[0].data);
  EXPECT_FALSE(first.has("/candidates/0/finishReason"));
  EXPECT_FALSE(first.has("/usageMetadata"));
  const Json last(events[1].data);
  EXPECT_EQ(last.at("/candidates/0/finishReason"), R"("STOP")");
  EXPECT_EQ(last.at("/usageMetadata/totalTokenCount"), "14");
}

TEST(StreamOfGenerateContent, SaysEachShapeInItsWords) {
  const auto reason = [](Shape shape) {
    return values(stream(EndpointFamily::generate_content, shape), "/candidates/0/finishReason");
  };
  EXPECT_THAT(reason(Shape::refusal), ElementsAre(R"("SAFETY")"));
  EXPECT_THAT(reason(Shape::cut_at_length), ElementsAre(R"("MAX_TOKENS")"));
  EXPECT_THAT(reason(Shape::other_finish), ElementsAre(R"("RECITATION")"));
  EXPECT_THAT(reason(Shape::null_content), ElementsAre(R"("MAX_TOKENS")"));
  EXPECT_THAT(reason(Shape::no_answer), testing::IsEmpty());
}

TEST(StreamText, OfChatHasDataLinesOnly) {
  const Events events = stream(EndpointFamily::chat_completions);
  EXPECT_EQ(
      event_text(dialect_of(EndpointFamily::chat_completions), events[2]),
      R"(data: {"id":"chatcmpl-stub-7","object":"chat.completion.chunk","created":1782000000,)"
      R"("model":"smoke-model","choices":[{"index":0,"delta":{"content":" reply."},)"
      R"("logprobs":null,"finish_reason":null}],"service_tier":"default",)"
      R"("system_fingerprint":"fp_stub"})"
      "\n\n");
}

TEST(StreamText, OfResponsesNamesAndNumbersItsEvents) {
  const Dialect& dialect = dialect_of(EndpointFamily::responses);
  EXPECT_EQ(event_text(dialect, stream(EndpointFamily::responses)[5]),
            "event: response.output_text.delta\n"
            R"(data: {"type":"response.output_text.delta","item_id":"msg_stub_7",)"
            R"("output_index":0,"content_index":0,"delta":" reply.","logprobs":[],)"
            R"("sequence_number":5})"
            "\n\n");
}

TEST(StreamText, OfMessagesIsThis) {
  EXPECT_EQ(text(stream(EndpointFamily::messages)),
            R"(event: message_start
data: {"type":"message_start","message":{"id":"msg_stub_7","type":"message","role":"assistant","model":"smoke-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A short harmless"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" reply."}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}

event: message_stop
data: {"type":"message_stop"}

)");
}

TEST(StreamText, OfGenerateContentEndsItsLinesAsItsServersDo) {
  const Dialect& dialect = dialect_of(EndpointFamily::generate_content);
  EXPECT_EQ(event_text(dialect, stream(EndpointFamily::generate_content)[1]),
            R"(data: {"candidates":[{"content":{"parts":[{"text":" reply."}],"role":"model"},)"
            R"("finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,)"
            R"("candidatesTokenCount":5,"totalTokenCount":14},"modelVersion":"smoke-model",)"
            R"("responseId":"stub-7"})"
            "\r\n\r\n");
}

TEST(Chunks, SayTheirSizeInHexadecimal) {
  EXPECT_EQ(chunk("0123456789"), "a\r\n0123456789\r\n");
  EXPECT_EQ(chunks({"ab", "c"}), "2\r\nab\r\n1\r\nc\r\n");
}

}  // namespace
}  // namespace smokeledger::probes::stub
