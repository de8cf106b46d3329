#include "daemon/operator_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// As they come in: nobody has said yet who asks.
core::Review a_review() {
  core::Review review = tests::sample_judgement();
  review.caller_uid.reset();
  review.follow_up_owner = "team-b";
  return review;
}

core::HumanDecision a_decision() {
  core::HumanDecision decision = tests::sample_decision();
  decision.caller_uid.reset();
  return decision;
}

core::Line read(const std::string& json, std::optional<std::uint32_t> caller_uid = {}) {
  auto line = operator_line(json, caller_uid);
  if (!line) {
    ADD_FAILURE() << line.error();
    return core::SealLine{};
  }
  return *line;
}

// The JSON of a line with one piece replaced.
std::string changed(const core::Line& line, std::string_view from, std::string_view to) {
  std::string json = operator_json(line);
  const auto at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(OperatorLine, IsReadBackAsItWasWritten) {
  core::Review review = a_review();
  review.caller_uid = 1000;
  EXPECT_EQ(read(operator_json(core::ReviewLine{a_review()}), 1000),
            core::Line(core::ReviewLine{review}));
  core::HumanDecision decision = a_decision();
  decision.caller_uid = 0;
  EXPECT_EQ(read(operator_json(core::DecisionLine{a_decision()}), 0),
            core::Line(core::DecisionLine{decision}));
}

TEST(OperatorLine, InventsNothingForADecisionOfWhichNothingWasSent) {
  core::HumanDecision decision = a_decision();
  decision.status_class = core::SeenStatus::not_sent;
  decision.retry_attempts.reset();
  decision.caller_received = core::CallerReceived::unknown;
  decision.cited_seq.reset();
  EXPECT_EQ(read(operator_json(core::DecisionLine{decision})),
            core::Line(core::DecisionLine{decision}));
}

TEST(OperatorLine, TakesARequestIdAsOthersGaveIt) {
  core::HumanDecision decision = a_decision();
  decision.request_id = "healthy-99.9-uptime";
  EXPECT_EQ(read(operator_json(core::DecisionLine{decision})),
            core::Line(core::DecisionLine{decision}));
  decision.follow_up_owner = "billing-oncall";
  EXPECT_EQ(read(operator_json(core::DecisionLine{decision})),
            core::Line(core::DecisionLine{decision}))
      << "a team's name";
}

TEST(OperatorLine, HasTheCallerThatTheKernelNames) {
  const auto line = read(changed(core::ReviewLine{a_review()}, "{", R"({"caller_uid":0,)"), 1234);
  EXPECT_EQ(std::get<core::ReviewLine>(line).review.caller_uid, 1234U);
}

TEST(OperatorLine, LosesTheQueriesOfItsLinks) {
  core::Review review = a_review();
  review.links = {"https://tickets.example/17?token=x#part", "https://docs.example/"};
  const auto line = read(operator_json(core::ReviewLine{review}));
  EXPECT_THAT(std::get<core::ReviewLine>(line).review.links,
              ElementsAre("https://tickets.example/17", "https://docs.example/"));
}

TEST(OperatorLine, IsRefusedWithTheMemberThatIsWrong) {
  const core::Line review = core::ReviewLine{a_review()};
  const core::Line decision = core::DecisionLine{a_decision()};
  struct Case {
    std::string json;
    std::string says;
  };
  const std::vector<Case> cases{
      {"", "it is not a JSON object with a kind"},
      {"[]", "it is not a JSON object with a kind"},
      {R"({"kind":"outcome"})", "kind is none of review, decision and packet"},
      {R"({"kind":"review"})", "first_seq is missing or not a number"},
      {changed(review, "17", "-17"), "first_seq is missing or not a number"},
      {changed(review, "42", "16"), "last_seq stands before first_seq"},
      {changed(review, "investigate", "fine"),
       "operator_decision is none of pass fail investigate"},
      {changed(review, "planned_maintenance", "other"), "reclassified is neither"},
      {changed(review, "ABC", "abc"), "operator_initials are 2 to 4 letters A to Z"},
      {changed(review, "The gateway", "Two\\nlines"), "write one line"},
      {changed(review, "The gateway", std::string(300, 'x')), "characters, the most is 200"},
      {changed(review, "The gateway", "key sk-abcdefghijklmnopqrstuvwxyz"), "looks like a secret"},
      {changed(review, "The gateway", "The provider is up, 99.9 % uptime."),
       "a claim about uptime"},
      {changed(review, "https://", "javascript:"), "is not an https link"},
      {changed(review, "https://", "https://user:pass@"), "is not an https link"},
      {changed(review,
               "[",
               R"(["https://a.example","https://b.example","https://c.example",)"
               R"("https://d.example",)"),
       "more than 4 links"},
      {changed(decision, "incident", "party"), "about is none of test incident"},
      {changed(decision, "req_17", "req 17"), "request_id is 0 to 128 printable characters"},
      {changed(decision, "platform-oncall", ""), "follow_up_owner is 1 to 128"},
      {changed(decision, "platform-oncall", "provider-is-healthy"),
       "follow_up_owner says 'is-healthy', a claim about health; name a person or a team"},
      {changed(review, "team-b", "99.9%-uptime"), "a claim about uptime; name a person or a team"},
      {changed(decision, "controlled_failure", "cake"), "caller_received is none of"},
      {changed(decision, "\"retry_attempts\":3", "\"retry_attempts\":1001"), "more than 1000"},
      {changed(decision, "use_fallback", "give_up"), "fallback_decision is none of"},
  };
  for (const auto& [json, says] : cases) {
    const auto line = operator_line(json, {});
    ASSERT_FALSE(line) << json;
    EXPECT_THAT(line.error(), HasSubstr(says)) << json;
  }
}

TEST(NoteText, CountsCharactersAndNotBytes) {
  std::string note;
  for (std::size_t i = 0; i < core::max_note_characters; ++i) note += "\xC3\xA9";
  EXPECT_EQ(objection_to_note(note), "");
  EXPECT_NE(objection_to_note(note + "x"), "");
  EXPECT_THAT(objection_to_note("\xFF"), HasSubstr("not UTF-8"));
  EXPECT_EQ(objection_to_note(""), "");
}

}  // namespace
}  // namespace smokeledger::daemon
