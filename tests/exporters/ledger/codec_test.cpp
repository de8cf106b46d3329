#include "exporters/ledger/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Decoder;
using ledger::encode;
using ledger::Encoded;
using ledger::Envelope;
using ledger::Hasher;
using ledger::LedgerErrorKind;
using ledger::read_frame;
using ::testing::HasSubstr;

Envelope envelope_at(std::uint64_t seq, const ledger::Hash& prev = {}) {
  return {seq, prev, "staging-0a1b2c3d", at(noon), 3};
}

std::string without_newline(const Encoded& encoded) {
  return encoded.bytes.substr(0, encoded.bytes.size() - 1);
}

// Every kind, chained, as the golden file holds it.
std::string golden_text() {
  Hasher hasher;
  std::string text;
  Envelope envelope = envelope_at(0);
  for (const auto& line : every_kind()) {
    const Encoded encoded = encode(hasher, envelope, line).value();
    text += encoded.bytes;
    envelope.prev = encoded.hash;
    ++envelope.seq;
  }
  return text;
}

TEST(Codec, reads_back_exactly_what_it_wrote_of_every_kind) {
  Hasher hasher;
  Decoder decoder;
  for (const auto& line : every_kind()) {
    const std::string bytes = without_newline(encode(hasher, envelope_at(9), line).value());
    const auto frame = read_frame(bytes);
    ASSERT_TRUE(frame) << frame.error() << "\n" << bytes;
    const auto decoded = decoder.decode(*frame, bytes);
    ASSERT_TRUE(decoded) << decoded.error() << "\n" << bytes;
    EXPECT_EQ(decoded->line, line) << bytes;
  }
}

TEST(Codec, walks_every_kind_there_is) {
  std::set<std::size_t> seen;
  for (const auto& line : every_kind()) seen.insert(line.index());
  EXPECT_EQ(seen.size(), std::variant_size_v<core::Line>);
}

TEST(Codec, reads_back_every_word_of_every_enumeration_in_an_outcome) {
  Hasher hasher;
  Decoder decoder;
  const auto expect_round_trip = [&](const core::Outcome& outcome) {
    const core::Line line = core::OutcomeLine{outcome};
    const std::string bytes = without_newline(encode(hasher, envelope_at(1), line).value());
    const auto decoded = decoder.decode(*read_frame(bytes), bytes);
    ASSERT_TRUE(decoded) << decoded.error();
    EXPECT_EQ(decoded->line, line) << bytes;
  };
  const auto walk = [&](auto core::Outcome::*member) {
    core::Outcome outcome = sample_outcome();
    using Word = std::remove_reference_t<decltype(outcome.*member)>;
    for (const Word value : core::every<Word>()) {
      outcome.*member = value;
      expect_round_trip(outcome);
    }
  };
  walk(&core::Outcome::mode);
  walk(&core::Outcome::trigger);
  walk(&core::Outcome::family);
  walk(&core::Outcome::status_class);
  walk(&core::Outcome::failure_class);
  walk(&core::Outcome::reason);
  walk(&core::Outcome::within_budget);
  walk(&core::Outcome::jitter_seen);
  walk(&core::Outcome::observed_layer);
  walk(&core::Outcome::fallback_taken);
  walk(&core::Outcome::caller_received);
  walk(&core::Outcome::decision);
  walk(&core::Outcome::gap);
  walk(&core::Outcome::check_result);
}

TEST(Codec, writes_the_bytes_of_the_golden_file) {
  const std::string path = std::string(SMOKELEDGER_SOURCE_DIR) + "/tests/golden/ledger/kinds.jsonl";
  EXPECT_EQ(golden_text(), read_bytes(path))
      << "the format changed: readers of existing ledgers depend on it";
}

TEST(Codec, puts_the_frame_first_and_the_hash_last) {
  Hasher hasher;
  const Encoded encoded = encode(hasher, envelope_at(42), core::SealLine{}).value();
  EXPECT_EQ(encoded.bytes,
            R"({"v":1,"seq":42,"prev":")" + std::string(64, '0') +
                R"(","kind":"seal","ledger_id":"staging-0a1b2c3d-42",)"
                R"("recorded_at":"2026-11-21T12:00:00Z","hash":")" +
                ledger::hex(encoded.hash) + "\"}\n");
}

TEST(Codec, writes_unknown_for_what_nobody_counted_and_reads_it_back_as_not_known) {
  Hasher hasher;
  Decoder decoder;
  core::Outcome outcome = sample_outcome();
  outcome.arrivals.reset();
  outcome.arrival_gaps.clear();
  outcome.fallback_layer.reset();
  outcome.attempts.front().gateway_retries.reset();
  const core::Line line = core::OutcomeLine{outcome};
  const std::string bytes = without_newline(encode(hasher, envelope_at(1), line).value());
  EXPECT_THAT(bytes, HasSubstr(R"("arrivals":"unknown","arrival_gaps_ms":[],)"));
  EXPECT_THAT(bytes, HasSubstr(R"("gateway_retries":"unknown","gateway_fallbacks":0,)"));
  EXPECT_THAT(bytes, HasSubstr(R"("fallback_layer":"")"));
  const auto decoded = decoder.decode(*read_frame(bytes), bytes);
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(decoded->line, line);
}

TEST(Codec, writes_unknown_where_a_person_saw_no_retries_and_reads_it_back) {
  Hasher hasher;
  Decoder decoder;
  core::HumanDecision decision = sample_decision();
  decision.status_class = core::SeenStatus::not_sent;
  decision.retry_attempts.reset();
  decision.caller_received = core::CallerReceived::unknown;
  decision.cited_seq.reset();
  const core::Line line = core::DecisionLine{decision};
  const std::string bytes = without_newline(encode(hasher, envelope_at(1), line).value());
  EXPECT_THAT(bytes, HasSubstr(R"("status_class":"not_sent","retry_attempts":"unknown",)"));
  const auto decoded = decoder.decode(*read_frame(bytes), bytes);
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(decoded->line, line);
}

TEST(Codec, reads_a_decision_of_a_build_that_did_not_ask_what_the_caller_received) {
  Hasher hasher;
  Decoder decoder;
  core::HumanDecision decision = sample_decision();
  std::string bytes =
      without_newline(encode(hasher, envelope_at(1), core::DecisionLine{decision}).value());
  const std::string newer = R"("caller_received":"controlled_failure","cited_seq":18,)";
  bytes.erase(bytes.find(newer), newer.size());
  const auto decoded = decoder.decode(*read_frame(bytes), bytes);
  ASSERT_TRUE(decoded) << decoded.error();
  decision.caller_received = core::CallerReceived::unknown;
  decision.cited_seq.reset();
  EXPECT_EQ(decoded->line, core::Line(core::DecisionLine{decision}));
}

TEST(Codec, writes_who_asked_for_a_run_after_its_trigger_and_nothing_when_nobody_did) {
  Hasher hasher;
  core::Outcome outcome = sample_outcome();
  outcome.trigger = core::Trigger::manual;
  const auto bytes = [&] {
    return encode(hasher, envelope_at(1), core::OutcomeLine{outcome}).value().bytes;
  };
  EXPECT_THAT(bytes(), HasSubstr(R"("trigger":"manual","caller_uid":1000,"prompt_class")"));
  outcome.caller_uid.reset();
  EXPECT_THAT(bytes(), HasSubstr(R"("trigger":"manual","prompt_class")"));
}

TEST(Codec, leaves_out_who_asked_for_a_review_when_that_is_not_known) {
  Hasher hasher;
  core::ContractReview review = sample_review();
  const auto bytes = [&] {
    return encode(hasher, envelope_at(1), core::ContractReviewLine{review}).value().bytes;
  };
  EXPECT_THAT(bytes(), HasSubstr(R"(,"caller_uid":1000,"hash")"));
  review.caller_uid.reset();
  EXPECT_THAT(bytes(), HasSubstr(R"("reviewed_at":"2026-11-21T09:15:00Z","hash")"));
}

TEST(Codec, refuses_a_line_longer_than_the_limit_and_takes_one_of_exactly_the_limit) {
  Hasher hasher;
  core::ConfigLine line{"", {""}, 0};
  const std::size_t empty = encode(hasher, envelope_at(1), line).value().bytes.size() - 1;
  line.changed[0].assign(ledger::max_line_bytes - empty, 'x');
  ASSERT_TRUE(encode(hasher, envelope_at(1), line));
  line.changed[0] += 'x';
  const auto refused = encode(hasher, envelope_at(1), line);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LedgerErrorKind::unusable);
  EXPECT_THAT(refused.error().message, HasSubstr("16385 bytes, the most allowed is 16384"));
}

TEST(Codec, refuses_a_policy_that_is_not_one_json_object_on_one_line) {
  Hasher hasher;
  for (const char* policy :
       {"", "1", "[]", "{}{}", "{\"a\":1", "{\n}", "{} ", "{\"a\":\"\xC3\xA9\"}"}) {
    EXPECT_FALSE(encode(hasher, envelope_at(1), core::PolicyLine{"p", "h", policy})) << policy;
  }
  EXPECT_TRUE(encode(hasher, envelope_at(1), core::PolicyLine{"p", "h", "{}"}));
}

TEST(Codec, refuses_a_kind_that_is_not_a_plain_word) {
  Hasher hasher;
  EXPECT_FALSE(encode(hasher, envelope_at(1), core::OtherLine{"a\"b"}));
  EXPECT_FALSE(encode(hasher, envelope_at(1), core::OtherLine{""}));
}

TEST(Codec, passes_over_members_that_a_later_build_added) {
  Hasher hasher;
  Decoder decoder;
  std::string bytes =
      without_newline(encode(hasher, envelope_at(1), core::ClockStepLine{7}).value());
  bytes.insert(bytes.find(",\"step_ms\""), R"(,"added":{"later":[1,"x"]})");
  const auto decoded = decoder.decode(*read_frame(bytes), bytes);
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(decoded->line, core::Line(core::ClockStepLine{7}));
}

TEST(Codec, names_the_member_that_is_missing_or_wrong) {
  struct Case {
    const char* original;
    const char* replacement;
    const char* member;
  };
  const Case cases[] = {
      {R"("retry_count":1)", R"("retry_count":"1")", "retry_count"},
      {R"("retry_count":1)", R"("retry_count":-1)", "retry_count"},
      {R"("retry_count":1)", R"("retry_count":4294967296)", "retry_count"},
      {R"("retry_count":1,)", "", "retry_count"},
      {R"("caller_uid":1000)", R"("caller_uid":"root")", "caller_uid"},
      {R"("check_result":"fail")", R"("check_result":"up")", "check_result"},
      {R"("check_result":"fail")", R"("check_result":null)", "check_result"},
      {R"("http_status":429)", R"("http_status":"429")", "http_status"},
      {R"("sent_at":"2026-11-21T08:30:05Z")", R"("sent_at":"yesterday")", "sent_at"},
      {R"("evidence_links":[")", R"("evidence_links":[7,")", "evidence_links"},
      {R"("attempts":[{)", R"("attempts":[7,{)", "attempts"},
      {R"("code":"missing_member")", R"("code":"gone")", "code"},
  };
  Hasher hasher;
  Decoder decoder;
  const auto good =
      without_newline(encode(hasher, envelope_at(1), core::OutcomeLine{sample_outcome()}).value());
  for (const auto& c : cases) {
    std::string bytes = good;
    const auto position = bytes.find(c.original);
    ASSERT_NE(position, std::string::npos) << c.original;
    bytes.replace(position, std::string_view(c.original).size(), c.replacement);
    const auto decoded = decoder.decode(*read_frame(bytes), bytes);
    ASSERT_FALSE(decoded) << c.replacement;
    EXPECT_EQ(decoded.error(), std::string("its member ") + c.member + " is missing or wrong");
  }
}

TEST(Frame, says_what_is_wrong_with_bytes_that_are_not_a_line) {
  Hasher hasher;
  const auto good = without_newline(encode(hasher, envelope_at(7), core::SealLine{}).value());
  const auto with = [&](std::string_view original, std::string_view replacement) {
    std::string bytes = good;
    bytes.replace(bytes.find(original), original.size(), replacement);
    return bytes;
  };
  const std::pair<std::string, const char*> cases[] = {
      {"", "does not begin with"},
      {"{}", "does not begin with"},
      {with(R"("v":1)", R"("v":2)"), "its format version is 2, this build reads 1"},
      {with(R"("v":1)", R"("v":"1")"), "version is not a number"},
      {with(R"("seq":7)", R"("seq":07)"), "second member is not seq"},
      {with(R"("seq":7)", R"("seq":-7)"), "second member is not seq"},
      {with(R"("seq":7)", R"("seq":18446744073709551616)"), "second member is not seq"},
      {with(R"("prev":"0)", R"("prev":"A)"), "third member is not prev"},
      {with(R"("kind")", R"("Kind")"), "fourth member is not kind"},
      {with(R"("ledger_id":")", R"("ledger_id":"\)"), "fifth member is not ledger_id"},
      {with("12:00:00Z", "25:00:00Z"), "sixth member is not recorded_at"},
      {with(R"(,"hash":")", R"(, "hash":")"), "does not end with hash"},
      {with("seal", "se\tl"), "not printable ASCII"},
      {good + " ", "does not end with hash"},
      {std::string(ledger::max_line_bytes + 1, 'x'), "the most allowed is 16384"},
  };
  ASSERT_TRUE(read_frame(good));
  for (const auto& [bytes, expected] : cases) {
    const auto frame = read_frame(bytes);
    ASSERT_FALSE(frame) << bytes;
    EXPECT_THAT(frame.error(), HasSubstr(expected)) << bytes;
  }
}

}  // namespace
}  // namespace smokeledger::tests
