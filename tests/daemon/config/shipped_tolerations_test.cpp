// What the shipped contracts let pass beyond the vendors' schemas, and what they do not.
#include <gtest/gtest.h>

#include "daemon/config/contracts.h"
#include "probes/core/reading.h"
#include "tests/daemon/config/sample_replies.h"
#include "tests/daemon/config/spoiled.h"

namespace smokeledger::daemon::config {
namespace {

using core::FindingCode;
using core::Verdict;
using enum core::EndpointFamily;

struct Case {
  core::EndpointFamily family{};
  const char* name;
  std::string body;
  std::optional<core::Finding> finding;  // none: accepted
};

std::string sample(core::EndpointFamily family) {
  return std::string(tests::replies::whole(family));
}

std::string less(core::EndpointFamily family, const std::string& path) {
  return tests::without(sample(family), path);
}

std::string other(core::EndpointFamily family, const std::string& path, std::string_view value) {
  return tests::with(sample(family), path, value);
}

const std::string message_path = "choices[0].message";

const std::vector<Case>& cases() {
  using enum FindingCode;
  static const std::vector<Case> rows{
      {chat_completions,
       "content beside tool calls absent",
       less(chat_completions, message_path + ".content"),
       {}},
      {chat_completions,
       "content null",
       other(chat_completions, message_path + ".content", "null"),
       {}},
      {chat_completions, "refusal absent", less(chat_completions, message_path + ".refusal"), {}},
      {chat_completions, "logprobs absent", less(chat_completions, "choices[0].logprobs"), {}},
      {chat_completions, "usage absent", less(chat_completions, "usage"), {}},
      {chat_completions, "usage null", other(chat_completions, "usage", "null"), {}},
      {chat_completions,
       "a tool call without type",
       less(chat_completions, message_path + ".tool_calls[0].type"),
       {}},
      {chat_completions, "an empty id", other(chat_completions, "id", "\"\""), {}},
      {chat_completions,
       "a length ending",
       other(chat_completions, "choices[0].finish_reason", "\"length\""),
       {}},
      {chat_completions,
       "a vendor's member",
       other(chat_completions, message_path + ".refusal", "null,\"reasoning\":\"so\""),
       {}},
      {chat_completions,
       "no message",
       less(chat_completions, message_path),
       core::Finding{missing_member, message_path}},
      {chat_completions,
       "content in parts",
       other(chat_completions, message_path + ".content", "[]"),
       core::Finding{wrong_type, message_path + ".content"}},
      {chat_completions,
       "a finish reason of another vendor",
       other(chat_completions, "choices[0].finish_reason", "\"eos\""),
       core::Finding{undocumented_value, "choices[0].finish_reason"}},
      {chat_completions,
       "a tool call without arguments",
       less(chat_completions, message_path + ".tool_calls[0].function.arguments"),
       core::Finding{missing_member, message_path + ".tool_calls[0].function.arguments"}},
      {responses,
       "a created_at with a fraction",
       other(responses, "created_at", "1780000000.5"),
       {}},
      {responses, "usage null", other(responses, "usage", "null"), {}},
      {responses,
       "an item of an unknown type",
       other(responses, "output[1]", R"({"type":"x_search_call"})"),
       {}},
      {responses, "no annotations", less(responses, "output[0].content[0].annotations"), {}},
      {responses, "no incomplete_details", less(responses, "incomplete_details"), {}},
      {responses,
       "an item without a type",
       less(responses, "output[1].type"),
       core::Finding{missing_member, "output[1].type"}},
      {responses,
       "a status that is none",
       other(responses, "status", "\"complete\""),
       core::Finding{undocumented_value, "status"}},
      {messages,
       "a block of an unknown type",
       other(messages, "content[0]", R"({"type":"advisor_tool_result"})"),
       {}},
      {messages, "no blocks at all", other(messages, "content", "[]"), {}},
      {messages, "stop_reason compaction", other(messages, "stop_reason", "\"compaction\""), {}},
      {messages,
       "stop_reason null",
       other(messages, "stop_reason", "null"),
       core::Finding{wrong_type, "stop_reason"}},
      {messages, "no usage", less(messages, "usage"), core::Finding{missing_member, "usage"}},
      {generate_content, "no index", less(generate_content, "candidates[0].index"), {}},
      {generate_content,
       "tokens spent on thinking",
       other(generate_content,
             "candidates[0]",
             R"({"finishReason":"MAX_TOKENS","content":{"role":"model"}})"),
       {}},
      {generate_content,
       "a blocked candidate without content",
       other(generate_content, "candidates[0]", R"({"finishReason":"SAFETY"})"),
       {}},
      {generate_content, "a blocked prompt", less(generate_content, "candidates"), {}},
      {generate_content,
       "an unknown block reason",
       other(generate_content, "promptFeedback.blockReason", "\"NEW\""),
       {}},
      {generate_content,
       "an ending with STOP and no content",
       other(generate_content, "candidates[0]", R"({"finishReason":"STOP"})"),
       core::Finding{missing_member, "candidates[0].content"}},
      {generate_content,
       "neither candidates nor a block",
       R"({"usageMetadata":{"promptTokenCount":7}})",
       core::Finding{no_alternative, ""}},
      {generate_content,
       "a number for its ending",
       other(generate_content, "candidates[0].finishReason", "1"),
       core::Finding{wrong_type, "candidates[0].finishReason"}},
      {embeddings, "a base64 vector", other(embeddings, "data[0].embedding", "\"AACAPw==\""), {}},
      {embeddings,
       "no prompt_tokens",
       less(embeddings, "usage.prompt_tokens"),
       core::Finding{missing_member, "usage.prompt_tokens"}},
      {embeddings,
       "a vector of strings",
       other(embeddings, "data[0].embedding", R"(["0.5"])"),
       core::Finding{wrong_type, "data[0].embedding"}},
  };
  return rows;
}

TEST(ShippedTolerations, LetPassWhatACarefulClientCanUseAndNothingElse) {
  const ContractsResult shipped = load_contracts("");
  for (const Case& row : cases()) {
    const core::Contract& contract = *shipped.contracts.at(static_cast<std::size_t>(row.family));
    const core::Reading reading = core::check(contract, 200, "application/json", row.body);
    const std::string name = std::string(core::word(row.family)) + ", " + row.name;
    if (!row.finding) {
      EXPECT_EQ(reading.verdict, Verdict::documented_shape) << name;
      continue;
    }
    EXPECT_EQ(reading.verdict, Verdict::deviant) << name;
    ASSERT_EQ(reading.findings.size(), 1U) << name;
    EXPECT_EQ(reading.findings[0], *row.finding) << name;
  }
}

TEST(ShippedTolerations, HaveAReasonAndASourceEach) {
  for (const auto& contract : load_contracts("").contracts) {
    EXPECT_FALSE(contract->tolerations.empty()) << contract->version;
    for (const auto& toleration : contract->tolerations) {
      EXPECT_FALSE(toleration.reason.empty()) << toleration.what;
      EXPECT_TRUE(toleration.source.starts_with("https://")) << toleration.what;
    }
  }
}

TEST(ShippedContracts, ReadTheRequestIdFromWhereTheDocumentationPutsIt) {
  for (const auto& contract : load_contracts("").contracts) {
    const std::string error =
        R"x({"error":{"message":"no such model (request id: 2026-ab)","type":"e","code":""}})x";
    EXPECT_EQ(core::check(*contract, 400, "application/json", error).error_request_id, "2026-ab")
        << contract->version;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
