// The order of events: what each family's stream may and may not do.
#include <gtest/gtest.h>

#include "tests/daemon/config/stream_edits.h"

namespace smokeledger::daemon::config {
namespace {

using core::FindingCode;
using core::Verdict;
using namespace streams;
using enum core::EndpointFamily;

struct Case {
  core::EndpointFamily family{};
  const char* name;
  Events events;
  std::optional<core::Finding> finding = {};  // none: documented
};

const std::vector<Case>& chat_cases() {
  using enum FindingCode;
  static const Events sample = tests::replies::events(chat_completions);
  static const std::string other_choice =
      R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m",)"
      R"("choices":[{"index":1,"delta":{"content":"x"}}]})";
  static const std::vector<Case> rows{
      {chat_completions, "no usage chunk", drop(sample, 3)},
      {chat_completions, "a blank behind [DONE]", edit(sample, 4, "[DONE]", "[DONE] ")},
      {chat_completions,
       "a count that is text",
       edit(sample, 3, "\"prompt_tokens\":7", "\"prompt_tokens\":\"7\""),
       core::Finding{wrong_type, "event[3].usage.prompt_tokens"}},
      {chat_completions,
       "usage that is no object",
       edit(sample, 3, "{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}", "7"),
       core::Finding{wrong_type, "event[3].usage"}},
      {chat_completions,
       "a preamble without choices",
       add(sample,
           0,
           {"",
            R"({"id":"","object":"","model":"","created":0,"choices":[],"prompt_filter_results":[]})"})},
      {chat_completions, "the ending again beside usage", add(sample, 3, sample[2])},
      {chat_completions, "no [DONE]", drop(sample, 4), core::Finding{truncated_stream, ""}},
      {chat_completions,
       "no finish_reason",
       drop(sample, 2),
       core::Finding{not_ended, "choices[0]"}},
      {chat_completions,
       "a choice that never ends",
       add(sample, 1, {"", other_choice}),
       core::Finding{not_ended, "choices[1]"}},
      {chat_completions,
       "text behind the ending",
       add(sample, 3, sample[1]),
       core::Finding{data_after_end, "event[3]"}},
      {chat_completions,
       "a chunk behind [DONE]",
       add(sample, 5, sample[2]),
       core::Finding{data_after_end, "event[5]"}},
      {chat_completions,
       "[DONE] twice",
       add(sample, 5, sample[4]),
       core::Finding{data_after_end, "event[5]"}},
      {chat_completions,
       "nothing but [DONE]",
       drop(sample, 0, 4),
       core::Finding{missing_member, "choices"}},
      {chat_completions,
       "a delta that is null",
       edit(sample, 2, "\"delta\":{}", "\"delta\":null"),
       core::Finding{wrong_type, "event[2].choices[0].delta"}},
      {chat_completions,
       "a tag of the whole object",
       edit(sample, 1, "completion.chunk", "completion"),
       core::Finding{undocumented_value, "event[1].object"}},
      {chat_completions,
       "data that is no JSON",
       add(sample, 1, {"", "{\"a\":"}),
       core::Finding{not_json, "event[1]"}},
      {chat_completions,
       "data that is no object",
       add(sample, 1, {"", "[]"}),
       core::Finding{wrong_type, "event[1]"}},
  };
  return rows;
}

// The last events of each item, counted as those of the next one.
Events shifted(Events events) {
  for (auto& event : events) {
    if (!event.name.ends_with(".done")) continue;
    const std::string mark = "\"output_index\":";
    const auto at = event.data.find(mark) + mark.size();
    ++event.data[at];
  }
  return events;
}

const std::vector<Case>& response_cases() {
  using enum FindingCode;
  static const Events sample = tests::replies::events(responses);
  static const std::vector<Case> rows{
      {responses, "no event lines", unnamed(sample)},
      {responses, "[DONE] behind the end", add(sample, 15, {"", "[DONE]"})},
      {responses, "no created", drop(sample, 0, 2), core::Finding{out_of_order, "event[0]"}},
      {responses,
       "created twice",
       add(sample, 1, sample[0]),
       core::Finding{out_of_order, "event[1]"}},
      {responses,
       "a number that goes back",
       swap(sample, 4, 5),
       core::Finding{out_of_order, "event[5]"}},
      {responses,
       "text of an item that was not added",
       drop(sample, 2),
       core::Finding{out_of_order, "event[2]"}},
      {responses,
       "an item that is not done",
       drop(sample, 13),
       core::Finding{not_ended, "output[1]"}},
      {responses, "no terminal event", drop(sample, 14), core::Finding{truncated_stream, ""}},
      {responses,
       "[DONE] instead of it",
       add(drop(sample, 14), 14, {"", "[DONE]"}),
       core::Finding{truncated_stream, "event[14]"}},
      {responses,
       "[DONE] before it",
       add(sample, 14, {"", "[DONE]"}),
       core::Finding{truncated_stream, "event[14]"}},
      {responses, "an item's end under the number of the next", shifted(sample)},
      {responses,
       "a number that is none",
       edit(sample, 4, "\"output_index\":0", "\"output_index\":-1"),
       core::Finding{out_of_order, "event[4]"}},
      {responses,
       "an error in a response that is completed",
       edit(sample, 14, "\"error\": null", "\"error\": {\"message\": \"no\"}"),
       core::Finding{error_object, "event[14].response.error"}},
      {responses,
       "an event behind it",
       add(sample, 15, sample[13]),
       core::Finding{data_after_end, "event[15]"}},
      {responses,
       "a status that does not match",
       edit(sample, 14, "\"status\": \"completed\"", "\"status\": \"failed\""),
       core::Finding{undocumented_value, "event[14].response.status"}},
      {responses,
       "a whole response that is none",
       edit(sample, 14, "\"object\"", "\"objet\""),
       core::Finding{missing_member, "event[14].response.object"}},
      {responses,
       "another name than its type",
       edit(sample, 1, "in_progress", "queued"),
       core::Finding{event_name_mismatch, "event[1]"}},
  };
  return rows;
}

const std::vector<Case>& message_cases() {
  using enum FindingCode;
  static const Events sample = tests::replies::events(messages);
  static const std::vector<Case> rows{
      {messages, "no ping", drop(sample, 2)},
      {messages, "[DONE] behind the end", add(sample, 13, {"", "[DONE]"})},
      {messages, "no start", drop(sample, 0), core::Finding{out_of_order, "event[0]"}},
      {messages, "two starts", add(sample, 1, sample[0]), core::Finding{out_of_order, "event[1]"}},
      {messages, "a ping before the start", add(sample, 0, sample[2])},
      {messages, "a ping behind the end", add(sample, 13, sample[2])},
      {messages, "a delta of no block", drop(sample, 1), core::Finding{out_of_order, "event[2]"}},
      {messages,
       "a block that is not stopped",
       drop(sample, 10),
       core::Finding{out_of_order, "event[10]"}},
      {messages,
       "thinking in a block of text",
       edit(sample, 3, R"("text_delta","text")", R"("thinking_delta","thinking")"),
       core::Finding{out_of_order, "event[3]"}},
      {messages,
       "a tool's input in a block of text",
       edit(sample, 3, R"("text_delta","text")", R"("input_json_delta","partial_json")"),
       core::Finding{out_of_order, "event[3]"}},
      {messages,
       "a block twice",
       add(sample, 5, sample[1]),
       core::Finding{out_of_order, "event[5]"}},
      {messages,
       "no stop_reason",
       edit(sample, 11, "\"end_turn\"", "null"),
       core::Finding{missing_member, "event[12].delta.stop_reason"}},
      {messages,
       "no message_delta",
       drop(sample, 11),
       core::Finding{missing_member, "event[11].delta.stop_reason"}},
      {messages, "no message_stop", drop(sample, 12), core::Finding{truncated_stream, ""}},
      {messages,
       "an event behind it",
       add(sample, 13, sample[11]),
       core::Finding{data_after_end, "event[13]"}},
      {messages, "no event lines", unnamed(sample), core::Finding{event_name_mismatch, "event[0]"}},
  };
  return rows;
}

const std::vector<Case>& content_cases() {
  using enum FindingCode;
  static const Events sample = tests::replies::events(generate_content);
  static const std::string usage = R"({"usageMetadata":{"promptTokenCount":7}})";
  static const std::string text_ended =
      R"({"candidates":[{"finishReason":"STOP","content":{"parts":[{"text":"ok"}]}}]})";
  static const std::string text = R"({"candidates":[{"content":{"parts":[{"text":"more"}]}}]})";
  static const std::vector<Case> rows{
      {generate_content, "usage alone at the end", add(sample, 2, {"", usage})},
      {generate_content,
       "a blocked prompt",
       {{"", R"({"promptFeedback":{"blockReason":"SAFETY"}})"}}},
      {generate_content, "the ending on every chunk", {{"", text_ended}, {"", text_ended}}},
      {generate_content, "no finishReason", drop(sample, 1), core::Finding{truncated_stream, ""}},
      {generate_content, "no candidate", {{"", usage}}, core::Finding{truncated_stream, ""}},
      {generate_content,
       "text behind the ending",
       add({{"", text}, {"", R"({"candidates":[{"finishReason":"STOP"}]})"}}, 2, {"", text}),
       core::Finding{data_after_end, "event[2]"}},
      {generate_content,
       "[DONE]",
       add(sample, 2, {"", "[DONE]"}),
       core::Finding{not_json, "event[2]"}},
  };
  return rows;
}

TEST(ShippedStreams, MayDoWhatTheirFamilyDocumentsAndNothingElse) {
  for (const auto* table : {&chat_cases(), &response_cases(), &message_cases(), &content_cases()}) {
    for (const Case& row : *table) {
      const core::Reading reading = read(row.family, tests::replies::text(row.events));
      const std::string name = std::string(core::word(row.family)) + ", " + row.name;
      EXPECT_EQ(reading.verdict, row.finding ? Verdict::deviant : Verdict::documented_shape)
          << name;
      if (!row.finding) continue;
      ASSERT_FALSE(reading.findings.empty()) << name;
      EXPECT_EQ(core::word(reading.findings[0].code), core::word(row.finding->code)) << name;
      EXPECT_EQ(reading.findings[0].path, row.finding->path) << name;
    }
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
