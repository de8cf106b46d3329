#include "probes/stub/bodies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;
using enum Shape;
using enum core::EndpointFamily;

std::string body(EndpointFamily family, Shape shape) {
  return success_body({.family = family, .model = "smoke-model", .number = 7}, shape);
}

struct Place {
  EndpointFamily family;
  Shape shape;
  const char* pointer;
  const char* value;
};

constexpr Place documented[] = {
    {chat_completions, plain, "/object", R"("chat.completion")"},
    {chat_completions, plain, "/model", R"("smoke-model")"},
    {chat_completions, plain, "/choices/0/message/content", R"("A short harmless reply.")"},
    {chat_completions, plain, "/choices/0/finish_reason", R"("stop")"},
    {chat_completions, plain, "/usage/total_tokens", "14"},
    {chat_completions, refusal, "/choices/0/message/content", "null"},
    {chat_completions, refusal, "/choices/0/message/refusal", R"("The stub declines.")"},
    {chat_completions, cut_at_length, "/choices/0/finish_reason", R"("length")"},
    {chat_completions, other_finish, "/choices/0/finish_reason", R"("content_filter")"},
    {chat_completions, null_content, "/choices/0/message/content", "null"},
    {chat_completions, null_content, "/choices/0/message/refusal", "null"},
    {chat_completions, null_content, "/choices/0/finish_reason", R"("length")"},
    {chat_completions, no_answer, "/choices", "nothing"},
    {chat_completions, without_optional, "/usage", "nothing"},
    {chat_completions, without_optional, "/choices/0/logprobs", "nothing"},
    {chat_completions, without_optional, "/choices/0/message/refusal", "nothing"},
    {responses, plain, "/object", R"("response")"},
    {responses, plain, "/model", R"("smoke-model")"},
    {responses, plain, "/status", R"("completed")"},
    {responses, plain, "/output/0/content/0/text", R"("A short harmless reply.")"},
    {responses, plain, "/usage/total_tokens", "14"},
    {responses, refusal, "/output/0/content/0/type", R"("refusal")"},
    {responses, cut_at_length, "/status", R"("incomplete")"},
    {responses, cut_at_length, "/incomplete_details/reason", R"("max_output_tokens")"},
    {responses, other_finish, "/status", R"("incomplete")"},
    {responses, other_finish, "/incomplete_details/reason", R"("content_filter")"},
    {responses, null_content, "/output", "[]"},
    {responses, null_content, "/status", R"("incomplete")"},
    {responses, no_answer, "/output", "nothing"},
    {responses, without_optional, "/usage", "nothing"},
    {responses, without_optional, "/metadata", "nothing"},
    {responses, without_optional, "/output/0/content/0/logprobs", "nothing"},
    {messages, plain, "/type", R"("message")"},
    {messages, plain, "/role", R"("assistant")"},
    {messages, plain, "/model", R"("smoke-model")"},
    {messages, plain, "/content/0/text", R"("A short harmless reply.")"},
    {messages, plain, "/stop_reason", R"("end_turn")"},
    {messages, plain, "/stop_sequence", "null"},
    {messages, plain, "/usage/output_tokens", "5"},
    {messages, refusal, "/stop_reason", R"("refusal")"},
    {messages, refusal, "/content", "[]"},
    {messages, cut_at_length, "/stop_reason", R"("max_tokens")"},
    {messages, other_finish, "/stop_reason", R"("stop_sequence")"},
    {messages, other_finish, "/stop_sequence", R"("END")"},
    {messages, null_content, "/content", "[]"},
    {messages, null_content, "/stop_reason", R"("max_tokens")"},
    {messages, no_answer, "/content", "nothing"},
    {messages, without_optional, "/stop_sequence", "nothing"},
    {messages, without_optional, "/usage/cache_read_input_tokens", "nothing"},
    {generate_content, plain, "/modelVersion", R"("smoke-model")"},
    {generate_content, plain, "/responseId", R"("stub-7")"},
    {generate_content, plain, "/candidates/0/content/parts/0/text", R"("A short harmless reply.")"},
    {generate_content, plain, "/candidates/0/content/role", R"("model")"},
    {generate_content, plain, "/candidates/0/finishReason", R"("STOP")"},
    {generate_content, plain, "/usageMetadata/totalTokenCount", "14"},
    {generate_content, refusal, "/candidates/0/finishReason", R"("SAFETY")"},
    {generate_content, refusal, "/candidates/0/content", "{}"},
    {generate_content, cut_at_length, "/candidates/0/finishReason", R"("MAX_TOKENS")"},
    {generate_content, other_finish, "/candidates/0/finishReason", R"("RECITATION")"},
    {generate_content, null_content, "/candidates/0/finishReason", R"("MAX_TOKENS")"},
    {generate_content, null_content, "/candidates/0/content/parts", "nothing"},
    {generate_content, null_content, "/usageMetadata/candidatesTokenCount", "nothing"},
    {generate_content, no_answer, "/candidates", "nothing"},
    {generate_content, without_optional, "/usageMetadata", "nothing"},
    {generate_content, without_optional, "/modelVersion", "nothing"},
    {embeddings, plain, "/object", R"("list")"},
    {embeddings, plain, "/model", R"("smoke-model")"},
    {embeddings, plain, "/data/0/object", R"("embedding")"},
    {embeddings, plain, "/data/0/index", "0"},
    {embeddings, plain, "/data/0/embedding/7", "-0.5"},
    {embeddings, plain, "/data/0/embedding/8", "nothing"},
    {embeddings, plain, "/usage/prompt_tokens", "9"},
    {embeddings, plain, "/usage/total_tokens", "9"},
    {embeddings, no_answer, "/data", "nothing"},
    {embeddings,
     null_content,
     "/data/0/embedding",
     R"("AAAAPwAAgL4AAAA+AACAvQAAgD4AAAC+AACAPQAAAL8=")"},
};

TEST(Bodies, SayWhatTheirFamilyDocuments) {
  for (const auto& [family, shape, pointer, value] : documented) {
    EXPECT_EQ(Json(body(family, shape)).at(pointer), value)
        << core::word(family) << ' ' << static_cast<int>(shape) << ' ' << pointer;
  }
}

TEST(Bodies, CarryUnknownMembersOnlyWhereThatIsTheirShape) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    EXPECT_TRUE(Json(body(family, unknown_members)).has("/x_stub_extra/note"));
    for (const Shape shape : every_shape) {
      if (shape == unknown_members) continue;
      EXPECT_EQ(body(family, shape).find("x_stub"), std::string::npos) << core::word(family);
    }
  }
}

TEST(Bodies, HoldTheCompletionTextWhereTheyHoldAText) {
  for (const EndpointFamily family : core::every<EndpointFamily>()) {
    if (family == embeddings) continue;
    for (const Shape shape : every_shape) {
      const bool has_text = shape != refusal && shape != no_answer && shape != null_content;
      EXPECT_EQ(body(family, shape).find(completion_text) != std::string::npos, has_text)
          << core::word(family) << ' ' << static_cast<int>(shape);
    }
  }
}

TEST(Bodies, OfEmbeddingsAreAsPlainWhereTheyCanBeNothingElse) {
  EXPECT_EQ(body(embeddings, refusal), body(embeddings, plain));
  EXPECT_EQ(body(embeddings, cut_at_length), body(embeddings, plain));
  EXPECT_EQ(body(embeddings, other_finish), body(embeddings, plain));
  EXPECT_EQ(body(embeddings, without_optional), body(embeddings, plain));
}

}  // namespace
}  // namespace smokeledger::probes::stub
