// The shipped contracts against replies as the references show them, and against what a caller
// could not use.
#include <string>

#include <gtest/gtest.h>

#include "daemon/config/contracts.h"

namespace smokeledger::daemon::config {
namespace {

using core::EndpointFamily;
using core::Verdict;

struct Case {
  const char* name;
  EndpointFamily family;
  std::string body;
  Verdict verdict;
};

std::string case_name(const testing::TestParamInfo<Case>& tested) {
  return tested.param.name;
}

class ShippedContract : public testing::TestWithParam<Case> {};

TEST_P(ShippedContract, judges_the_reply_by_what_a_caller_needs) {
  const auto contracts = load_contracts("").contracts;
  const auto& contract = *contracts.at(static_cast<std::size_t>(GetParam().family));
  const core::Reading reading = core::check(contract, 200, "application/json", GetParam().body);
  EXPECT_EQ(core::word(reading.verdict), core::word(GetParam().verdict));
}

std::string chat(const std::string& choice) {
  return R"({"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[)" + choice +
         R"(],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";
}
std::string chat_message(const std::string& message, const std::string& finish_reason = "stop") {
  return chat(R"({"index":0,"finish_reason":")" + finish_reason + R"(","message":)" + message +
              "}");
}
std::string response(const std::string& output, const std::string& status = "completed") {
  return R"({"id":"r1","object":"response","created_at":1.5,"status":")" + status +
         R"(","model":"m","output":[)" + output + "]}";
}

constexpr auto chat_family = EndpointFamily::chat_completions;
constexpr auto responses_family = EndpointFamily::responses;
constexpr auto good = Verdict::documented_shape;
constexpr auto bad = Verdict::deviant;

INSTANTIATE_TEST_SUITE_P(
    chat_completions,
    ShippedContract,
    testing::Values(
        Case{"text",
             chat_family,
             chat_message(R"({"role":"assistant","content":"ok","refusal":null})"),
             good},
        Case{"null_content",
             chat_family,
             chat_message(R"({"role":"assistant","content":null})"),
             good},
        Case{"content_spent_on_reasoning",
             chat_family,
             chat_message(R"({"role":"assistant","content":""})", "length"),
             good},
        Case{
            "tool_call_without_content_and_type",
            chat_family,
            chat_message(
                R"({"role":"assistant","tool_calls":[{"id":"t","function":{"name":"f","arguments":"{}"}}]})",
                "tool_calls"),
            good},
        Case{"tool_call_without_arguments",
             chat_family,
             chat_message(R"({"role":"assistant","tool_calls":[{"function":{"name":"f"}}]})",
                          "tool_calls"),
             bad},
        Case{"unknown_members",
             chat_family,
             chat_message(R"({"role":"assistant","content":"ok","reasoning_content":"..."})"),
             good},
        Case{
            "no_usage",
            chat_family,
            R"({"object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}]})",
            good},
        Case{"content_parts",
             chat_family,
             chat_message(R"({"role":"assistant","content":[]})"),
             bad},
        Case{"undocumented_finish_reason",
             chat_family,
             chat_message(R"({"role":"assistant","content":"ok"})", "eos"),
             bad},
        Case{"empty_finish_reason",
             chat_family,
             chat_message(R"({"role":"assistant","content":"ok"})", ""),
             bad},
        Case{"no_message",
             chat_family,
             chat(R"({"index":0,"finish_reason":"content_filter"})"),
             bad},
        Case{"no_choices", chat_family, chat(""), bad},
        Case{"other_object", chat_family, response(""), bad}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    responses,
    ShippedContract,
    testing::Values(
        Case{
            "message",
            responses_family,
            response(
                R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok","annotations":[]}]})"),
            good},
        Case{"reasoning_without_content",
             responses_family,
             response(R"({"type":"reasoning","summary":[],"content":null})", "incomplete"),
             good},
        Case{"unknown_item_type", responses_family, response(R"({"type":"x_search_call"})"), good},
        Case{"failed", responses_family, response("", "failed"), good},
        Case{"undocumented_status", responses_family, response("", "complete"), bad},
        Case{"item_without_type", responses_family, response(R"({"id":"i"})"), bad},
        Case{"message_without_content",
             responses_family,
             response(R"({"type":"message","role":"assistant"})"),
             bad},
        Case{
            "text_without_text",
            responses_family,
            response(R"({"type":"message","role":"assistant","content":[{"type":"output_text"}]})"),
            bad},
        Case{"function_call_with_object_arguments",
             responses_family,
             response(R"({"type":"function_call","call_id":"c","name":"f","arguments":{}})"),
             bad},
        Case{"chat_reply",
             responses_family,
             chat_message(R"({"role":"assistant","content":"ok"})"),
             bad}),
    case_name);

TEST(ShippedResponsesContract, says_when_a_documented_shape_has_failed) {
  const auto contracts = load_contracts("").contracts;
  const auto& contract = *contracts.at(static_cast<std::size_t>(responses_family));
  const auto read = [&](const char* status) {
    return core::check(contract, 200, "application/json", response("", status));
  };
  EXPECT_TRUE(read("failed").failed_ending);
  EXPECT_TRUE(read("cancelled").failed_ending);
  EXPECT_TRUE(read("queued").failed_ending);
  EXPECT_TRUE(read("in_progress").failed_ending) << "not ended is not usable";
  EXPECT_FALSE(read("completed").failed_ending);
  EXPECT_FALSE(read("incomplete").failed_ending) << "a length ending is usable";
}

TEST(ShippedResponsesContract, counts_only_undocumented_members_as_additive) {
  const auto contracts = load_contracts("").contracts;
  const auto& contract = *contracts.at(static_cast<std::size_t>(responses_family));
  const std::string body =
      R"({"object":"response","status":"completed","output":[],"metadata":{},"tools":[],"novel":1})";
  EXPECT_EQ(core::check(contract, 200, "application/json", body).additive, 1U);
}

}  // namespace
}  // namespace smokeledger::daemon::config
