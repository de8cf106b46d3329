#include "probes/core/attempt.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "probes/core/retry.h"
#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using enum FailureClass;

Reading error_reading(std::string code = {}, std::string type = {}) {
  Reading reading;
  reading.verdict = Verdict::error_object;
  reading.error_code = std::move(code);
  reading.error_type = std::move(type);
  return reading;
}

Classification by_status(int status, const Reading& reading = error_reading()) {
  return classify(*tests::chat_contract(), status, reading);
}

struct StatusCase {
  int status;
  FailureClass failure_class;
  Reason reason;
};

const std::vector<StatusCase> status_cases{
    {100, terminal, Reason::protocol},      {301, terminal, Reason::redirect},
    {302, terminal, Reason::redirect},      {304, terminal, Reason::redirect},
    {307, terminal, Reason::redirect},      {308, terminal, Reason::redirect},
    {400, terminal, Reason::probe_defect},  {401, terminal, Reason::auth},
    {402, terminal, Reason::account_state}, {403, terminal, Reason::auth},
    {404, terminal, Reason::probe_defect},  {405, terminal, Reason::probe_defect},
    {408, retryable, Reason::timeout},      {409, terminal, Reason::bad_request},
    {410, terminal, Reason::bad_request},   {413, terminal, Reason::probe_defect},
    {415, terminal, Reason::probe_defect},  {418, terminal, Reason::bad_request},
    {422, terminal, Reason::probe_defect},  {425, retryable, Reason::throttled},
    {429, retryable, Reason::throttled},    {451, terminal, Reason::bad_request},
    {500, retryable, Reason::server_error}, {501, retryable, Reason::server_error},
    {502, retryable, Reason::server_error}, {503, retryable, Reason::overloaded},
    {504, retryable, Reason::server_error}, {520, retryable, Reason::server_error},
    {524, retryable, Reason::server_error}, {529, retryable, Reason::overloaded},
    {599, retryable, Reason::server_error}, {600, terminal, Reason::protocol},
    {0, terminal, Reason::protocol},
};

TEST(Classify, GivesEachStatusItsReason) {
  for (const StatusCase& row : status_cases) {
    const Classification classed = by_status(row.status);
    EXPECT_EQ(word(classed.failure_class), word(row.failure_class)) << row.status;
    EXPECT_EQ(word(classed.reason), word(row.reason)) << row.status;
  }
}

TEST(Classify, CallsTransientExactlyWhatTheRetryPolicyRetries) {
  for (int status = 100; status < 1000; ++status) {
    const Classification classed = by_status(status);
    EXPECT_EQ(classed.failure_class == retryable,
              retries(after(documented_classes(), classed.reason)))
        << status;
  }
  for (const Reason reason : every<Reason>()) {
    const Classification classed = classify(Fault{.reason = reason});
    const bool from_a_reply = reason == Reason::throttled || reason == Reason::overloaded ||
                              reason == Reason::server_error;
    if (from_a_reply) continue;  // no fault of a transport has these
    EXPECT_EQ(classed.failure_class == retryable,
              retries(after(documented_classes(), classed.reason)))
        << word(reason);
  }
}

TEST(Classify, TakesADocumentedExceptionOnlyWithItsStatusAndItsCode) {
  EXPECT_EQ(by_status(500, error_reading("invalid_request")).reason, Reason::bad_request);
  EXPECT_EQ(by_status(500, error_reading("invalid_request")).failure_class, terminal);
  EXPECT_EQ(by_status(500, error_reading("other")).reason, Reason::server_error);
  EXPECT_EQ(by_status(502, error_reading("invalid_request")).reason, Reason::server_error);
}

TEST(Classify, TreatsADocumentedExceptionByTheReasonItGives) {
  auto contract = *tests::chat_contract();
  for (const Reason reason : every<Reason>()) {
    if (reason == Reason::none) continue;
    const bool network =
        reason == Reason::dns || reason == Reason::connect || reason == Reason::local_network;
    if (network) continue;  // a reply came, so these cannot be meant
    contract.status_overrides = {{409, "special", std::string(word(reason))}};
    const Classification classed = classify(contract, 409, error_reading("special"));
    EXPECT_EQ(classed.reason, reason);
    EXPECT_EQ(classed.failure_class == retryable, retries(after(documented_classes(), reason)))
        << word(reason);
  }
  contract.status_overrides = {{409, "special", "no such reason"}};
  EXPECT_EQ(classify(contract, 409, error_reading("special")).reason, Reason::bad_request);
}

TEST(Classify, NeverMakesAnErrorStatusUsable) {
  auto contract = *tests::chat_contract();
  contract.status_overrides = {{500, "x", "none"}};
  EXPECT_NE(classify(contract, 500, error_reading("x")).failure_class, FailureClass::none);
  EXPECT_NE(classify(contract, 500, error_reading("x")).reason, Reason::none);
}

TEST(Classify, KnowsAnExhaustedQuotaByItsCodeAndByItsType) {
  for (const char* word_of_it : {"insufficient_quota",
                                 "billing_hard_limit_reached",
                                 "billing_error",
                                 "insufficient_balance"}) {
    for (const int status : {400, 402, 403, 429}) {
      EXPECT_EQ(by_status(status, error_reading(word_of_it)).reason, Reason::account_state);
      EXPECT_EQ(by_status(status, error_reading("", word_of_it)).reason, Reason::account_state);
      EXPECT_EQ(by_status(status, error_reading(word_of_it)).failure_class, terminal);
    }
    EXPECT_EQ(by_status(503, error_reading(word_of_it)).reason, Reason::overloaded);
  }
  EXPECT_EQ(by_status(429, error_reading("rate_limit_exceeded")).reason, Reason::throttled);
}

TEST(Classify, JudgesA2xxByWhatWasRead) {
  Reading reading;
  reading.verdict = Verdict::documented_shape;
  reading.parser_result = ParserResult::inconclusive;
  EXPECT_EQ(by_status(200, reading).reason, Reason::shape_rejected) << "not all could be read";
  reading.parser_result = ParserResult::accepted;
  for (const int status : {200, 201, 299})
    EXPECT_EQ(by_status(status, reading).failure_class, none);
  reading.failed_ending = true;
  EXPECT_EQ(by_status(200, reading).reason, Reason::in_stream_error);
  reading.verdict = Verdict::error_object;
  EXPECT_EQ(by_status(200, reading).reason, Reason::in_stream_error);
  reading.verdict = Verdict::deviant;
  EXPECT_EQ(by_status(200, reading).reason, Reason::shape_rejected);
}

TEST(Classify, GivesEveryFaultTheClassOfItsReason) {
  for (const Reason reason : every<Reason>()) {
    if (reason == Reason::none) continue;
    const Classification classed = classify(Fault{.reason = reason});
    EXPECT_EQ(classed.reason, reason);
    EXPECT_EQ(classed.failure_class, failure_class_of(reason)) << word(reason);
  }
  EXPECT_EQ(classify(Fault{.reason = Reason::none}).reason, Reason::protocol) << "never a success";
}

TEST(FailureClassOf, IsTransientOrTerminalButForNone) {
  const std::set<Reason> transient{Reason::throttled,
                                   Reason::overloaded,
                                   Reason::server_error,
                                   Reason::timeout,
                                   Reason::dns,
                                   Reason::connect,
                                   Reason::local_network};
  for (const Reason reason : every<Reason>()) {
    EXPECT_EQ(failure_class_of(reason),
              reason == Reason::none       ? FailureClass::none
              : transient.contains(reason) ? retryable
                                           : terminal)
        << word(reason);
  }
}

TEST(IsOfAReply, IsFalseOfWhatEndsARequestBeforeItsStatusLine) {
  std::set<Reason> before;
  for (const Reason reason : every<Reason>()) {
    if (!is_of_a_reply(reason)) before.insert(reason);
  }
  const std::set<Reason> expected{
      Reason::dns, Reason::connect, Reason::local_network, Reason::aborted, Reason::unknown_crash};
  EXPECT_EQ(before, expected);
}

TEST(Classify, DoesNotRetryATimeoutAfterAStatusLine) {
  const Classification classed = classify(Fault{.reason = Reason::timeout, .http_status = 200});
  EXPECT_EQ(classed.reason, Reason::truncated);
  EXPECT_EQ(classed.failure_class, terminal);
}

// Of a reply that is not streamed, as the interpreter has it read.
Reading reading_of(const Route& route, const Exchange& exchange) {
  const auto* reply = std::get_if<Reply>(&exchange);
  if (reply == nullptr) return {};
  return check(*route.contract, reply->http_status, reply->header("content-type"), reply->body);
}

Attempt judged(const Exchange& exchange) {
  const auto route = tests::route("primary", "one");
  return judge(*route,
               {"chat-walk-20261121-001.abc.1", *parse_utc("2026-11-21T08:00:00Z"), 250ms},
               exchange,
               reading_of(*route, exchange));
}

TEST(Judge, RecordsWhatWasSentAndWhatCame) {
  const Attempt attempt = judged(tests::chat_ok());
  EXPECT_EQ(attempt.route, "primary");
  EXPECT_EQ(attempt.provider, "one");
  EXPECT_EQ(attempt.family, EndpointFamily::chat_completions);
  EXPECT_EQ(attempt.contract_version, "chat_completions/2026-07-03+0123456789ab");
  EXPECT_EQ(attempt.request_id, "chat-walk-20261121-001.abc.1");
  EXPECT_EQ(format_utc(attempt.sent_at), "2026-11-21T08:00:00Z");
  EXPECT_EQ(attempt.planned_wait, 250ms);
  EXPECT_EQ(attempt.http_status, 200);
  EXPECT_EQ(attempt.status_class, StatusClass::s2xx);
  EXPECT_TRUE(attempt.usable());
  EXPECT_EQ(attempt.reason, Reason::none);
  EXPECT_EQ(attempt.object_family, ObjectFamily::chat_completion);
  EXPECT_EQ(attempt.parser_result, ParserResult::accepted);
  EXPECT_EQ(attempt.additive, 1U);
  EXPECT_EQ(attempt.tokens, (Tokens{7, 2}));
}

TEST(Judge, OfAFaultSaysThatNothingWasChecked) {
  const Attempt refused = judged(Fault{.reason = Reason::connect});
  EXPECT_EQ(refused.status_class, StatusClass::no_response);
  EXPECT_EQ(refused.http_status, std::nullopt);
  EXPECT_EQ(refused.parser_result, ParserResult::not_checked);
  EXPECT_EQ(refused.object_family, ObjectFamily::none);
  EXPECT_EQ(refused.reason, Reason::connect);
  const Attempt cut = judged(Fault{.reason = Reason::truncated, .http_status = 200});
  EXPECT_EQ(cut.status_class, StatusClass::s2xx);
  EXPECT_EQ(cut.http_status, 200);
  EXPECT_FALSE(cut.usable());
}

// A stream that had said all there was to say, or its error, before the connection broke.
TEST(Judge, OfAFaultBehindTheEndOfAStreamGoesByTheStream) {
  const Fault fault{Reason::timeout, 200, tests::reply(200, "data: ...")};
  const auto judged_by = [&](const Reading& reading) {
    return judge(*tests::route("primary", "one"), {}, fault, reading);
  };
  Reading complete;
  complete.verdict = Verdict::documented_shape;
  complete.parser_result = ParserResult::accepted;
  EXPECT_TRUE(judged_by(complete).usable());
  EXPECT_EQ(judged_by(complete).parser_result, ParserResult::accepted);
  Reading error;
  error.verdict = Verdict::error_object;
  EXPECT_EQ(judged_by(error).reason, Reason::in_stream_error);
  EXPECT_EQ(judged_by(Reading{}).reason, Reason::truncated);
  EXPECT_EQ(judged_by(Reading{}).parser_result, ParserResult::not_checked);
}

TEST(Judge, CallsAStreamWithoutItsDocumentedEndTruncated) {
  Reading cut;
  cut.findings = {{FindingCode::truncated_stream, ""}};
  const Attempt attempt =
      judge(*tests::route("primary", "one"), {}, tests::reply(200, "data: ..."), cut);
  EXPECT_EQ(attempt.reason, Reason::truncated);
  EXPECT_EQ(attempt.failure_class, FailureClass::terminal);
  EXPECT_EQ(attempt.parser_result, ParserResult::rejected);
}

TEST(Judge, KeepsAProvidersRequestIdOnlyWhereItLooksLikeOne) {
  const auto id_for = [](std::vector<Header> headers) {
    return judged(tests::reply(200, "", std::move(headers))).provider_request_id;
  };
  EXPECT_EQ(id_for({{"x-request-id", "req_0:a.B-9"}}), "req_0:a.B-9");
  EXPECT_EQ(id_for({{"request-id", "r1"}}), "r1");
  EXPECT_EQ(id_for({{"apim-request-id", "r2"}}), "r2");
  EXPECT_EQ(id_for({{"x-request-id", "some words"}}), "");
  EXPECT_EQ(id_for({{"x-request-id", "some words"}, {"request-id", "r1"}}), "r1");
  EXPECT_EQ(id_for({{"x-request-id", "a\"b"}}), "");
  EXPECT_EQ(id_for({{"x-request-id", "\xC3\xA9"}}), "");
  EXPECT_EQ(id_for({{"x-request-id", std::string(80, 'a')}}), std::string(80, 'a'));
  EXPECT_EQ(id_for({{"x-request-id", std::string(81, 'a')}}), "");
  EXPECT_EQ(id_for({{"x-trace", "r3"}}), "");
}

TEST(Judge, ComparesTheServedModelWithTheOneAskedFor) {
  const auto match = [](const std::string& asked, const std::string& served) {
    Route route = *tests::route("primary", "one");
    route.model = asked;
    std::string body = tests::chat_ok().body;
    const std::string was = R"("model":"small-model")";
    body.replace(body.find(was), was.size(), R"("model":")" + served + '"');
    const Exchange exchange = tests::reply(200, body);
    return judge(route, {}, exchange, reading_of(route, exchange)).served_model_match;
  };
  using enum ServedModelMatch;
  EXPECT_EQ(match("small-model", "small-model"), same);
  EXPECT_EQ(match("small-model", "small-model-2026-07-18"), same);
  EXPECT_EQ(match("small-model", "small-model-20260718"), same);
  EXPECT_EQ(match("gpt-4", "gpt-4-0613"), same);
  EXPECT_EQ(match("gpt-4", "gpt-4-32k"), different);
  EXPECT_EQ(match("claude-3", "claude-3-5-sonnet"), different);
  EXPECT_EQ(match("small-model", "small-model-"), different);
  EXPECT_EQ(match("small-model", "small-models"), different);
  EXPECT_EQ(match("small-model", "small"), different);
  EXPECT_EQ(match("small-model", "large-model"), different);
  EXPECT_EQ(match("small-model", ""), absent);
}

TEST(Judge, ComparesNoModelWhereTheReplyIsNotUsable) {
  EXPECT_EQ(judged(tests::reply(500, R"({"model":"large-model"})")).served_model_match,
            ServedModelMatch::absent);
}

std::string choices(std::size_t count) {
  std::string body = R"({"object":"chat.completion","choices":[)";
  for (std::size_t i = 0; i < count; ++i)
    body += std::string(i == 0 ? "" : ",") + R"({"message":{},"finish_reason":0})";
  return body + "]}";
}

TEST(Judge, KeepsEightFindingsAndCountsTheRest) {
  const Attempt few = judged(tests::reply(200, choices(8)));
  EXPECT_EQ(few.findings.size(), 8U);
  EXPECT_EQ(few.findings_left_out, 0U);
  const Attempt many = judged(tests::reply(200, choices(11)));
  EXPECT_EQ(many.findings.size(), 8U);
  EXPECT_EQ(many.findings_left_out, 3U);
  EXPECT_EQ(many.findings.front().path, "choices[0].finish_reason");
}

TEST(Judge, OfAReplyThatTheReaderCannotReadIsInconclusiveAndNotUsable) {
  const Attempt attempt =
      judged(tests::reply(200, R"({"n":1e999,)" + tests::chat_ok().body.substr(1)));
  EXPECT_EQ(attempt.parser_result, ParserResult::inconclusive);
  EXPECT_FALSE(attempt.usable());
}

TEST(StatusClassOf, GoesByTheHundreds) {
  EXPECT_EQ(status_class_of(200), StatusClass::s2xx);
  EXPECT_EQ(status_class_of(399), StatusClass::s3xx);
  EXPECT_EQ(status_class_of(400), StatusClass::s4xx);
  EXPECT_EQ(status_class_of(599), StatusClass::s5xx);
  for (const int odd : {-1, 0, 100, 199, 600, 999}) {
    EXPECT_EQ(status_class_of(odd), StatusClass::unknown) << odd;
  }
}

TEST(ReplyHeader, IsTheFirstOfItsName) {
  const Reply reply = tests::reply(200, "", {{"a", "1"}, {"b", "2"}, {"a", "3"}});
  EXPECT_EQ(reply.header("a"), "1");
  EXPECT_EQ(reply.header("b"), "2");
  EXPECT_EQ(reply.header("c"), "");
}

}  // namespace
}  // namespace smokeledger::probes::core
