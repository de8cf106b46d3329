// The order of events: what each family's stream may and may not do.
#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/config/contracts.h"
#include "probes/families/stream_reading.h"
#include "tests/daemon/config/sample_replies.h"

namespace smokeledger::daemon::config {
namespace {

using core::FindingCode;
using core::Verdict;
using enum core::EndpointFamily;
using Events = std::vector<tests::replies::Event>;

const core::Contract& shipped(core::EndpointFamily family) {
  static const ContractsResult loaded = load_contracts("");
  return *loaded.contracts.at(static_cast<std::size_t>(family));
}

core::Reading read(core::EndpointFamily family,
                   std::string_view body,
                   int status = 200,
                   std::string_view type = "text/event-stream") {
  return probes::families::read_stream(shipped(family), status, type, body);
}

Events drop(Events events, std::size_t from, std::size_t count = 1) {
  const auto first = events.begin() + static_cast<std::ptrdiff_t>(from);
  events.erase(first, first + static_cast<std::ptrdiff_t>(count));
  return events;
}
Events add(Events events, std::size_t before, tests::replies::Event event) {
  events.insert(events.begin() + static_cast<std::ptrdiff_t>(before), std::move(event));
  return events;
}
Events swap(Events events, std::size_t a, std::size_t b) {
  std::swap(events[a], events[b]);
  return events;
}
Events edit(Events events, std::size_t at, const std::string& was, const std::string& is) {
  auto& data = events[at].data;
  data.replace(data.find(was), was.size(), is);
  return events;
}
Events unnamed(Events events) {
  for (auto& event : events) event.name.clear();
  return events;
}

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
       core::Finding{truncated_stream, ""}},
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
      {messages,
       "a ping before the start",
       add(sample, 0, sample[2]),
       core::Finding{out_of_order, "event[0]"}},
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
       add(sample, 13, sample[2]),
       core::Finding{data_after_end, "event[13]"}},
      {messages, "no event lines", unnamed(sample), core::Finding{event_name_mismatch, "event[0]"}},
  };
  return rows;
}

const std::vector<Case>& content_cases() {
  using enum FindingCode;
  static const Events sample = tests::replies::events(generate_content);
  static const std::string usage = R"({"usageMetadata":{"promptTokenCount":7}})";
  static const std::string text = R"({"candidates":[{"content":{"parts":[{"text":"more"}]}}]})";
  static const std::vector<Case> rows{
      {generate_content, "usage alone at the end", add(sample, 2, {"", usage})},
      {generate_content,
       "a blocked prompt",
       {{"", R"({"promptFeedback":{"blockReason":"SAFETY"}})"}}},
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
  EXPECT_EQ(read(chat_completions, stream, 200, "text/plain").findings,
            (Findings{{FindingCode::wrong_content_type, ""}}));
}

}  // namespace
}  // namespace smokeledger::daemon::config
