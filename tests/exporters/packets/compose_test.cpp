#include "exporters/packets/compose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporters/packets/scenes.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using core::Layer;
using core::QuestionAbout;
using packets::compose;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ThePacketOfAPolicy, SaysWhoHasItWhatBecameOfItAndWhatIsLeftOpen) {
  const auto packet = compose(policy_scene());
  EXPECT_EQ(packet.ledger_id, "staging-0a1b2c3d-17");
  EXPECT_EQ(packet.state, "closed");
  EXPECT_EQ(packet.question_about, QuestionAbout::account) << "the key was refused";
  EXPECT_FALSE(packet.question_by_operator);
  EXPECT_EQ(packet.follow_up_owner, "platform-oncall");
  EXPECT_EQ(packet.acknowledged_by, "AB");
  ASSERT_TRUE(packet.closed);
  EXPECT_EQ(packet.closed->shown_by, "staging-0a1b2c3d-30");
  EXPECT_THAT(packet.remaining_uncertainty, Contains("Who revoked the key."));
  EXPECT_EQ(packet.runs.front().review->said.initials, "CD");
  EXPECT_THAT(packet.remaining_uncertainty,
              Not(Contains("Nobody has reviewed staging-0a1b2c3d-16 yet.")));
  EXPECT_THAT(packet.remaining_uncertainty,
              Contains("Nobody has reviewed staging-0a1b2c3d-30 yet."));
}

TEST(ThePacketOfAPolicy, ShowsWhatWasSentAndWhatCameOfEachAttempt) {
  const auto run = compose(policy_scene()).runs.front();
  ASSERT_EQ(run.attempts.size(), 2U);
  ASSERT_TRUE(run.attempts[0].shape);
  EXPECT_THAT(run.attempts[0].shape->members, ElementsAre("model", "input", "max_output_tokens"));
  EXPECT_EQ(run.attempts[1].attempt.http_status, 401);
}

TEST(ThePacketOfAPolicy, CarriesTheSliceFromTheFirstRequestToTheNextCheckpoint) {
  const auto packet = compose(policy_scene());
  ASSERT_TRUE(packet.slice);
  EXPECT_EQ(packet.slice->from, "staging-0a1b2c3d-14");
  EXPECT_EQ(packet.slice->to, "staging-0a1b2c3d-40");
  EXPECT_THAT(packet.commands,
              Contains("smokeledger once --config.file /etc/smokeledger/smokeledger.toml --like "
                       "staging-0a1b2c3d-16"));
  EXPECT_THAT(packet.commands,
              Contains("smokeledger ledger verify --slice staging-0a1b2c3d-17.slice.jsonl --key "
                       "checkpoint-key.pub"));
}

TEST(ThePacketOfAPolicy, NamesTheContractsOfTheFamiliesCheckedAlone) {
  const auto packet = compose(policy_scene());
  std::set<core::EndpointFamily> told;
  for (const auto& contract : packet.contracts) told.insert(contract.family);
  EXPECT_EQ(told, std::set<core::EndpointFamily>(packet.families.begin(), packet.families.end()));
  EXPECT_FALSE(told.contains(core::EndpointFamily::messages));
}

TEST(ThePacketOfAnAlert, NamesTheOtherEnvironmentAndWhatTheSenderLeftOut) {
  const auto packet = compose(alert_scene());
  EXPECT_EQ(packet.state, "open");
  EXPECT_EQ(packet.alerts.size(), 2U);
  EXPECT_THAT(packet.mismatches,
              ElementsAre("An alert names the environment production, not staging."));
  EXPECT_THAT(packet.remaining_uncertainty,
              Contains("The sender left 3 further alerts out of this delivery."));
  EXPECT_THAT(packet.remaining_uncertainty, Contains("No run of our own is among the evidence."));
  EXPECT_THAT(packet.commands, IsEmpty()) << "there is nothing to repeat";
  EXPECT_EQ(packet.question_about, QuestionAbout::unclear);
}

TEST(ThePacketOfAPerson, KeepsWhatThePersonSaysOfTheQuestionAndItsOwner) {
  const auto packet = compose(by_hand_scene());
  EXPECT_EQ(packet.question_about, QuestionAbout::application);
  EXPECT_TRUE(packet.question_by_operator);
  EXPECT_EQ(packet.follow_up_owner, "gateway-team");
  EXPECT_THAT(packet.commands,
              ElementsAre("smokeledger once --config.file '/etc/smoke ledger/it'\\''s.toml' --like "
                          "staging-0a1b2c3d-9"));
}

TEST(ThePacketOfAPerson, NeverTakesWhatNobodyToldForNothing) {
  const auto packet = compose(by_hand_scene());
  const auto& run = packet.runs.front();
  EXPECT_FALSE(run.retries.at(Layer::gateway));
  EXPECT_FALSE(run.attempts.front().shape);
  for (const char* open :
       {"In staging-0a1b2c3d-9 this is unresolved: gateway_retries_unknown.",
        "In staging-0a1b2c3d-9 it is unknown whether the attempts kept to their budget.",
        "In staging-0a1b2c3d-9 it is unknown whether a fallback was taken.",
        "In staging-0a1b2c3d-9 it is unknown what the caller received.",
        "In staging-0a1b2c3d-9 it is unknown how many retries the layer gateway made.",
        "Attempt 1 of staging-0a1b2c3d-9: its result is unknown.",
        "Attempt 1 of staging-0a1b2c3d-9: the shape of the reply was not checked.",
        "Attempt 1 of staging-0a1b2c3d-9: the provider named no request id.",
        "No signed checkpoint follows these lines yet, so nothing proves them elsewhere."}) {
    EXPECT_THAT(packet.remaining_uncertainty, Contains(open));
  }
  EXPECT_THAT(packet.mismatches, Contains("staging-0a1b2c3d-9 ran in the environment canary."));
}

TEST(ThePacketOfAPolicy, NamesTheOwnerThatTheNewestReviewNames) {
  auto scene = policy_scene();
  scene.lines.erase(scene.lines.begin() + 1, scene.lines.end());
  EXPECT_EQ(compose(scene).follow_up_owner, "platform-oncall") << "as the outcome says";
  core::Review review = sample_judgement();
  review.first_seq = 16;
  review.last_seq = 16;
  review.follow_up_owner = "key-team";
  scene.reviews.push_back({review, 35, at(noon)});
  EXPECT_EQ(compose(scene).follow_up_owner, "key-team");
  EXPECT_EQ(follow_up_owner(compose(scene).runs.front()), "key-team");
}

TEST(ThePacketOfAPolicy, ShowsWhereItsReviewStandsAndThatItWasReclassified) {
  auto scene = policy_scene();
  const auto review = *compose(scene).runs.front().review;
  EXPECT_EQ(review.ledger_id, "staging-0a1b2c3d-31");
  EXPECT_TRUE(review.said.planned_maintenance);
  EXPECT_EQ(review.in_slice, true);
  scene.reviews.front().seq = 41;
  EXPECT_EQ(compose(scene).runs.front().review->in_slice, false) << "behind the checkpoint";
  EXPECT_THAT(packet_markdown(compose(scene)),
              HasSubstr("| review | `staging-0a1b2c3d-41`, not among the lines of the slice, "));
  scene.checkpoint.reset();
  EXPECT_EQ(compose(scene).runs.front().review->in_slice, std::nullopt) << "there is none yet";
}

TEST(ThePacketOfAPolicy, HoldsTheDecisionsThatPeopleRecordedOfItsLinesAndRequests) {
  const auto packet = compose(policy_scene());
  ASSERT_EQ(packet.decisions.size(), 2U) << "not that of another incident";
  EXPECT_EQ(packet.decisions[0].ledger_id, "staging-0a1b2c3d-20");
  EXPECT_EQ(cited_by(packet.decisions[0]), "staging-0a1b2c3d-17");
  EXPECT_EQ(packet.decisions[0].in_slice, true);
  EXPECT_EQ(packet.decisions[1].ledger_id, "staging-0a1b2c3d-41");
  EXPECT_EQ(packet.decisions[1].in_slice, false) << "behind the checkpoint";
}

TEST(ThePacketOfAPolicy, SaysHowManyRunsItLeavesOutAndWhatShowsThem) {
  auto scene = policy_scene();
  scene.ledger_dir = "/var/lib/smokeledger/ledger";
  scene.runs_left_out = 7;
  scene.lines_gone = 1;
  const auto open = compose(scene).remaining_uncertainty;
  EXPECT_THAT(open,
              Contains("7 runs that the lines of this packet cite stand between the first and the "
                       "newest ones and are left out; this shows them: smokeledger ledger query "
                       "--ledger /var/lib/smokeledger/ledger --probe chat-walk --from "
                       "2026-11-21T08:30:06Z --to 2026-11-21T09:30:06Z"));
  EXPECT_THAT(
      open,
      Contains("1 line that the packet cites cannot be found in the ledger any more; a copy "
               "of the segments that were retired may hold what the lines of the packet "
               "name."));
}

TEST(RetriesOfARun, AreCountedByTheLayerThatMadeThem) {
  auto scene = policy_scene();
  core::Outcome outcome = sample_outcome();
  outcome.attempts.back().gateway_retries = 3;
  scene.outcomes = {record_of(16, noon, core::OutcomeLine{outcome})};
  const auto run = compose(scene).runs.front();
  EXPECT_EQ(run.retries.at(Layer::client), outcome.retry_count);
  std::uint64_t told = 0;
  bool all = true;
  for (const auto& attempt : outcome.attempts) {
    all = all && attempt.gateway_retries.has_value();
    told += attempt.gateway_retries.value_or(0);
  }
  EXPECT_EQ(run.retries.at(Layer::gateway), all ? packets::Told{told} : packets::Told{});
  EXPECT_FALSE(run.retries.contains(Layer::external_client));
}

TEST(TheQuestionOfAPacket, FollowsFromTheReason) {
  using core::Reason;
  const std::vector<std::pair<Reason, QuestionAbout>> rows{
      {Reason::auth, QuestionAbout::account},
      {Reason::account_state, QuestionAbout::account},
      {Reason::shape_rejected, QuestionAbout::documentation},
      {Reason::bad_request, QuestionAbout::application},
      {Reason::probe_defect, QuestionAbout::application},
      {Reason::throttled, QuestionAbout::provider},
      {Reason::overloaded, QuestionAbout::provider},
      {Reason::server_error, QuestionAbout::provider},
      {Reason::in_stream_error, QuestionAbout::provider}};
  std::set<Reason> clear;
  for (const auto& [reason, about] : rows) {
    EXPECT_EQ(packets::question_about(reason), about) << core::word(reason);
    clear.insert(reason);
  }
  for (const auto reason : core::every<Reason>()) {
    if (clear.contains(reason)) continue;
    EXPECT_EQ(packets::question_about(reason), QuestionAbout::unclear) << core::word(reason);
  }
}

TEST(APacket, PassesOverRecordsOfOtherKindsThanTheirList) {
  auto scene = policy_scene();
  const auto packet = packets::packet_json(compose(scene));
  for (auto* const list : {&scene.outcomes, &scene.attempts}) {
    list->push_back(record_of(50, noon, core::ClockStepLine{1}));
  }
  scene.lines.push_back(record_of(51, noon, core::ClockStepLine{1}));
  EXPECT_EQ(packets::packet_json(compose(scene)), packet);
}

}  // namespace
}  // namespace smokeledger::tests
