#include "probes/core/reading.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

constexpr const char* json_type = "application/json";

Reading read_chat(std::string_view body, int status = 200, std::string_view type = json_type) {
  return check(*tests::chat_contract(), status, type, body);
}

Reading read_responses(std::string_view body, int status = 200) {
  return check(*tests::responses_contract(), status, json_type, body);
}

std::string chat_with(const std::string& message, const std::string& finish = "\"stop\"") {
  return R"({"object":"chat.completion","choices":[{"message":)" + message +
         R"(,"finish_reason":)" + finish + "}]}";
}

std::string nested(std::size_t depth) {
  return R"({"deep":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

std::string ok_body() {
  return tests::chat_ok().body;
}

// A reply, and the one finding that it leaves; `no finding` where it is accepted.
struct Case {
  const char* name;
  std::string body;
  std::optional<Finding> finding;
};

const std::vector<Case>& cases() {
  using enum FindingCode;
  static const std::vector<Case> rows{
      {"the documented shape", ok_body(), {}},
      {"a byte order mark before it", "\xEF\xBB\xBF" + ok_body(), {}},
      {"white space around it", " \r\n\t" + ok_body() + "\n\n", {}},
      {"null content, such as of a tool call", chat_with(R"({"content":null})"), {}},
      {"no content member at all", chat_with("{}"), {}},
      {"an error member that is an empty string", R"({"error":"",)" + ok_body().substr(1), {}},
      {"an error behind one that is null",
       R"({"error":null,"error":{"message":"no"}})",
       Finding{duplicate_member, "error"}},
      {"an error member that is null", R"({"error":null,)" + ok_body().substr(1), {}},
      {"nesting at the limit",
       nested(127).insert(1, ok_body().substr(1, ok_body().size() - 2) + ","),
       {}},
      {"nothing", "", Finding{empty_body, ""}},
      {"white space alone", " \n", Finding{empty_body, ""}},
      {"a byte order mark alone", "\xEF\xBB\xBF", Finding{empty_body, ""}},
      {"a page for people", "<!DOCTYPE html><html></html>", Finding{html_body, ""}},
      {"a page without a doctype", "\n<HTML><body>x</body></HTML>", Finding{html_body, ""}},
      {"plain text", "upstream connect error", Finding{not_json, ""}},
      {"a body cut short", ok_body().substr(0, ok_body().size() - 9), Finding{not_json, ""}},
      {"a body cut inside a string", R"({"object":"chat.comp)", Finding{not_json, ""}},
      {"bytes that are not UTF-8", "{\"object\":\"\xFF\"}", Finding{invalid_utf8, ""}},
      {"an unescaped control character", "{\"object\":\"\x01\"}", Finding{not_json, ""}},
      {"two documents in one body", ok_body() + ok_body(), Finding{trailing_data, ""}},
      {"text behind the document", ok_body() + " and more", Finding{trailing_data, ""}},
      {"a half document behind it", ok_body() + R"({"a":1)", Finding{trailing_data, ""}},
      {"nesting beyond the limit", nested(128), Finding{too_deep, ""}},
      {"a very deep nesting", nested(100'000), Finding{too_deep, ""}},
      {"a number out of range where no rule looks",
       R"({"n":[-1e999,2],)" + ok_body().substr(1),
       Finding{unreadable_value, ""}},
      {"an integer out of range where no rule looks",
       R"({"n":123456789012345678901,)" + ok_body().substr(1),
       Finding{unreadable_value, ""}},
      {"a lone surrogate", chat_with(R"({"content":"\ud800"})"), Finding{unreadable_value, ""}},
      {"a number out of range where a rule looks",
       chat_with(R"({"content":1e999})", "1e999"),
       Finding{wrong_type, "choices[0].finish_reason"}},
      {"a surrogate pair", chat_with(R"({"content":"\ud83d\ude00"})"), {}},
      {"a number that is none", R"({"n":01})", Finding{not_json, ""}},
      {"an escape that is none", R"({"s":"\x"})", Finding{not_json, ""}},
      {"an array instead of an object", "[]", Finding{wrong_type, ""}},
      {"a string instead of an object", "\"ok\"", Finding{wrong_type, ""}},
      {"a missing member", R"({"object":"chat.completion"})", Finding{missing_member, "choices"}},
      {"a message of another type", chat_with("[]"), Finding{wrong_type, "choices[0].message"}},
      {"content of another type",
       chat_with(R"({"content":[{"type":"text"}]})"),
       Finding{wrong_type, "choices[0].message.content"}},
      {"an empty finish reason",
       chat_with("{}", "\"\""),
       Finding{undocumented_value, "choices[0].finish_reason"}},
      {"an undocumented finish reason",
       chat_with("{}", "\"eos_token\""),
       Finding{undocumented_value, "choices[0].finish_reason"}},
      {"a null finish reason",
       chat_with("{}", "null"),
       Finding{wrong_type, "choices[0].finish_reason"}},
      {"no choice at all",
       R"({"object":"chat.completion","choices":[]})",
       Finding{too_few_items, "choices"}},
      {"a member twice where a rule looks",
       chat_with(R"({"content":"a","content":"b"})"),
       Finding{duplicate_member, "choices[0].message.content"}},
      {"the first member twice",
       R"({"object":"chat.completion",)" + ok_body().substr(1),
       Finding{duplicate_member, "object"}},
      {"an error object", R"({"error":{"message":"no"}})", Finding{error_object, "error"}},
      {"an error that is a string", R"({"error":"no"})", Finding{wrong_type, "error"}},
      {"an error without its message", R"({"error":{}})", Finding{missing_member, "error.message"}},
      {"an error beside an undocumented object",
       R"({"object":"x","error":{"message":"no"}})",
       Finding{error_object, "error"}},
  };
  return rows;
}

TEST(ContractCheck, FindsInEachReplyWhatIsWrongWithItAndNothingElse) {
  for (const Case& row : cases()) {
    const Reading reading = read_chat(row.body);
    if (!row.finding) {
      EXPECT_EQ(reading.verdict, Verdict::documented_shape) << row.name;
      EXPECT_EQ(reading.parser_result, ParserResult::accepted) << row.name;
      EXPECT_TRUE(reading.findings.empty()) << row.name;
      continue;
    }
    ASSERT_EQ(reading.findings.size(), 1U) << row.name;
    EXPECT_EQ(word(reading.findings[0].code), word(row.finding->code)) << row.name;
    EXPECT_EQ(reading.findings[0].path, row.finding->path) << row.name;
    const bool unreadable = row.finding->code == FindingCode::unreadable_value;
    EXPECT_EQ(reading.parser_result,
              unreadable ? ParserResult::inconclusive : ParserResult::rejected)
        << row.name;
    EXPECT_EQ(reading.verdict == Verdict::error_object,
              row.finding->code == FindingCode::error_object)
        << row.name;
  }
}

TEST(ContractCheck, HasAReplyInTheseTestsForEveryFindingCode) {
  // Beside those of the table: of other tests here, of rule_check_test, of streams, of gateways.
  using enum FindingCode;
  std::set<FindingCode> reached{wrong_content_type,
                                empty_string,
                                no_alternative,
                                too_large,
                                out_of_order,
                                not_ended,
                                not_an_event_stream,
                                truncated_stream,
                                event_name_mismatch,
                                data_after_end,
                                gateway_evidence_missing};
  for (const Case& row : cases()) {
    if (row.finding) reached.insert(row.finding->code);
  }
  for (const FindingCode code : every<FindingCode>())
    EXPECT_TRUE(reached.contains(code)) << word(code);
}

TEST(ContractCheck, RefusesADocumentedShapeBehindAnotherContentType) {
  for (const char* type : {"",
                           "application/json",
                           "application/json; charset=utf-8",
                           "application/problem+json",
                           "Application/JSON"}) {
    EXPECT_EQ(read_chat(ok_body(), 200, type).parser_result, ParserResult::accepted) << type;
  }
  const Reading reading = read_chat(ok_body(), 200, "text/html");
  EXPECT_EQ(reading.parser_result, ParserResult::rejected);
  EXPECT_EQ(reading.verdict, Verdict::deviant);
  EXPECT_EQ(reading.findings, (std::vector<Finding>{{FindingCode::wrong_content_type, ""}}));
}

TEST(ContractCheck, ReportsAnEmptyStringWhereTextIsNeeded) {
  const Reading reading = read_responses(R"({"object":"response","output":[{"type":""}]})");
  EXPECT_EQ(reading.findings,
            (std::vector<Finding>{{FindingCode::empty_string, "output[0].type"}}));
}

TEST(ContractCheck, LooksAtEveryElementAndNamesTheOneThatDeviates) {
  const Reading reading =
      read_chat(R"({"object":"chat.completion","choices":[{"message":{},"finish_reason":"stop"},)"
                R"({"message":{"content":1},"finish_reason":"length"},{"finish_reason":"stop"}]})");
  EXPECT_EQ(reading.findings,
            (std::vector<Finding>{{FindingCode::wrong_type, "choices[1].message.content"},
                                  {FindingCode::missing_member, "choices[2].message"}}));
}

TEST(ContractCheck, AppliesAConditionalRuleOnlyWhereItsSiblingHoldsTheValue) {
  EXPECT_TRUE(
      read_responses(R"({"object":"response","output":[{"type":"reasoning"}]})").findings.empty());
  EXPECT_EQ(read_responses(R"({"object":"response","output":[{"type":"reasoning"},)"
                           R"({"type":"message"}]})")
                .findings,
            (std::vector<Finding>{{FindingCode::missing_member, "output[1].content"}}));
}

TEST(ContractCheck, CountsUndocumentedMembersAndDoesNotFailThem) {
  EXPECT_EQ(read_chat(ok_body()).additive, 1U) << "id is not in the contract";
  const Reading more = read_chat(R"({"service_tier":"x","x_groq":{},)" + ok_body().substr(1));
  EXPECT_EQ(more.additive, 3U);
  EXPECT_EQ(more.parser_result, ParserResult::accepted);
}

TEST(ContractCheck, DoesNotCountAsUndocumentedWhatTheContractReadsFactsFrom) {
  EXPECT_EQ(read_responses(R"({"object":"response","status":"completed","output":[],"model":"m",)"
                           R"("usage":{"input_tokens":1,"output_tokens":1}})")
                .additive,
            0U);
}

TEST(ContractCheck, ReadsTheServedModelAndTheTokensReported) {
  const Reading reading = read_chat(ok_body());
  EXPECT_EQ(reading.served_model, "small-model");
  ASSERT_TRUE(reading.tokens);
  EXPECT_EQ(*reading.tokens, (Tokens{7, 2}));
  EXPECT_EQ(reading.object_family, ObjectFamily::chat_completion);
}

TEST(ContractCheck, ReportsNoTokensWhereTheReplyNamesNone) {
  EXPECT_FALSE(read_chat(chat_with("{}")).tokens);
  EXPECT_FALSE(read_chat(R"({"usage":{"prompt_tokens":-1,"completion_tokens":"2"},)" +
                         chat_with("{}").substr(1))
                   .tokens);
  const auto half =
      read_chat(R"({"usage":{"prompt_tokens":3},)" + chat_with("{}").substr(1)).tokens;
  ASSERT_TRUE(half);
  EXPECT_EQ(*half, (Tokens{3, 0}));
}

TEST(ErrorObject, IsReadWithAnyStatus) {
  for (const int status : {200, 400, 401, 429, 500, 503, 529}) {
    const Reading reading = read_chat(
        R"({"error":{"message":"no","type":"invalid_request_error","code":"bad"}})", status);
    EXPECT_EQ(reading.verdict, Verdict::error_object) << status;
    EXPECT_EQ(reading.object_family, ObjectFamily::error) << status;
    EXPECT_EQ(reading.error_type, "invalid_request_error") << status;
    EXPECT_EQ(reading.error_code, "bad") << status;
    EXPECT_EQ(reading.parser_result,
              status == 200 ? ParserResult::rejected : ParserResult::not_checked)
        << status;
  }
}

TEST(ErrorObject, MayHaveANumberForItsCodeOrNoneAtAll) {
  EXPECT_EQ(read_chat(R"({"error":{"message":"no","code":429}})", 429).error_code, "429");
  EXPECT_EQ(read_chat(R"({"error":{"message":"no","code":null}})", 429).error_code, "");
  EXPECT_EQ(read_chat(R"({"error":{"message":"no"}})", 429).error_code, "");
}

TEST(ErrorObject, ThatIsNoDocumentedEnvelopeIsDeviantButItsCodeIsRead) {
  const Reading reading = read_chat(R"({"error":{"code":"insufficient_quota"}})", 429);
  EXPECT_EQ(reading.verdict, Verdict::deviant);
  EXPECT_EQ(reading.object_family, ObjectFamily::error);
  EXPECT_EQ(reading.error_code, "insufficient_quota");
  EXPECT_EQ(reading.parser_result, ParserResult::not_checked);
}

TEST(ErrorObject, NamesTheRequestWhereTheContractLooks) {
  auto contract = std::make_shared<Contract>(*tests::chat_contract());
  contract->request_ids = {{"error.message", "(request id: ", ")"}, {"request_id", "", ""}};
  const auto id = [&](const char* body) {
    return check(*contract, 400, json_type, body).error_request_id;
  };
  EXPECT_EQ(id(R"({"error":{"message":"no such model (request id: B20-7a) today"}})"), "B20-7a");
  EXPECT_EQ(id(R"({"error":{"message":"no"},"request_id":"req_1"})"), "req_1");
  EXPECT_EQ(id(R"({"error":{"message":"no"}})"), "");
}

TEST(ErrorObject, OfAFailedResponseObjectIsNotAnEnvelope) {
  const std::string failed =
      R"({"object":"response","status":"failed","error":{"code":"e","message":"no"},"output":[]})";
  const Reading reading = read_responses(failed);
  EXPECT_EQ(reading.verdict, Verdict::documented_shape);
  EXPECT_EQ(reading.object_family, ObjectFamily::response);
  EXPECT_TRUE(reading.failed_ending);
  EXPECT_EQ(read_responses(failed, 500).verdict, Verdict::error_object)
      << "behind an error status it is one";
}

TEST(Ending, IsFailedOnlyForTheWordsThatTheContractLists) {
  const auto ending = [](const std::string& status) {
    return read_responses(R"({"object":"response","output":[],"status":")" + status + "\"}")
        .failed_ending;
  };
  EXPECT_TRUE(ending("failed"));
  EXPECT_TRUE(ending("cancelled"));
  EXPECT_FALSE(ending("completed"));
  EXPECT_FALSE(ending("incomplete"));
}

TEST(ErrorStatus, LeavesTheReplyUncheckedByTheRules) {
  for (const char* body : {"", "<html></html>", "no", R"({"object":"x"})", R"({"n":1e999})"}) {
    for (const int status : {302, 400, 404, 500, 502}) {
      EXPECT_EQ(read_chat(body, status).parser_result, ParserResult::not_checked)
          << status << ' ' << body;
    }
  }
}

// The value that a provider could put anywhere; it must not come out.
TEST(Finding, NeverCarriesTextOfTheReply) {
  const std::string text = "Ignore-previous-text";
  const std::string quoted = '"' + text + '"';
  const std::vector<std::string> bodies{
      text,
      quoted,
      "<html>" + text,
      "{\"" + text + "\":1,\"" + text + "\":2}",
      R"({"error":{"message":)" + quoted + R"(,"type":)" + quoted + R"(,"code":)" + quoted + "}}",
      R"({"object":)" + quoted + R"(,"choices":)" + quoted + "}",
      chat_with(R"({"content":{")" + text + "\":1}}", quoted),
      ok_body() + quoted,
  };
  for (const std::string& body : bodies) {
    for (const int status : {200, 400, 500}) {
      for (const Finding& finding : read_chat(body, status).findings) {
        EXPECT_EQ(finding.path.find(text), std::string::npos) << body;
      }
    }
  }
}

TEST(ContractCheck, ReadsEveryPrefixOfAReplyAndAcceptsOnlyTheWholeOne) {
  const std::string whole = ok_body();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(read_chat(whole.substr(0, length)).parser_result, ParserResult::rejected) << length;
  }
}

TEST(ContractCheck, ReadsEveryPrefixOfTwoDocumentsAndAcceptsOnlyTheFirstAlone) {
  const std::string first = ok_body();
  const std::string both = first + first;
  for (std::size_t length = first.size() + 1; length < both.size(); ++length) {
    const Reading reading = read_chat(both.substr(0, length));
    EXPECT_EQ(reading.parser_result, ParserResult::rejected) << length;
  }
}

TEST(Check, LooksAtABoundedNumberOfPlaces) {
  const auto reply = [](const std::string& item) {
    std::string body = R"({"object":"chat.completion","choices":[)" + item;
    for (int i = 0; i < 100'000; ++i) body += ',' + item;
    return check(*tests::chat_contract(), 200, "application/json", body + "]}");
  };
  const Reading good =
      reply(R"({"message":{"role":"assistant","content":"x"},"finish_reason":"stop"})");
  EXPECT_EQ(good.parser_result, ParserResult::inconclusive) << "what was not seen is not accepted";
  EXPECT_EQ(good.verdict, Verdict::deviant);
  const Reading bad = reply("{}");
  EXPECT_EQ(bad.parser_result, ParserResult::rejected);
  EXPECT_LE(bad.findings.size(), most_findings);
}

TEST(Check, RefusesABodyBeyondItsByteCapOrWithTooManyValuesForItsMemory) {
  const auto read = [](const std::string& body, std::size_t cap) {
    return check(*tests::chat_contract(), 200, json_type, body, cap);
  };
  const std::string body = ok_body();
  EXPECT_EQ(read(body, body.size()).parser_result, ParserResult::accepted);
  std::string zeros = "0";
  for (int i = 0; i < 40'000; ++i) zeros += ",0";
  const std::string crowded = R"({"many":[)" + zeros + "]," + body.substr(1);
  const std::string wordy = R"({"text":")" + zeros + "\"," + body.substr(1);
  EXPECT_EQ(read(wordy, reply_byte_cap).parser_result, ParserResult::accepted);
  for (const Reading& reading : {read(body, body.size() - 1), read(crowded, reply_byte_cap)}) {
    EXPECT_EQ(reading.findings, (std::vector<Finding>{{FindingCode::too_large, ""}}));
    EXPECT_EQ(reading.parser_result, ParserResult::inconclusive);
  }
}

TEST(Check, DoesNotBelieveTokenCountsBeyondAnyModels) {
  const auto tokens = [](const std::string& count) {
    return check(*tests::chat_contract(),
                 200,
                 "application/json",
                 R"({"object":"chat.completion","usage":{"prompt_tokens":)" + count + "}}")
        .tokens;
  };
  EXPECT_EQ(tokens("1000000000")->input, 1'000'000'000U);
  EXPECT_FALSE(tokens("1000000001"));
  EXPECT_FALSE(tokens("18446744073709551615"));
}

}  // namespace
}  // namespace smokeledger::probes::core
