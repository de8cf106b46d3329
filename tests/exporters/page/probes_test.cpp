#include "exporters/page/probes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"
#include "tests/support/plans.h"

namespace smokeledger::exporters::page {
namespace {

using core::CheckResult;
using core::Decision;
using core::EndpointFamily;
using testing::ElementsAre;
using testing::IsEmpty;

// Months after the contracts of the plans were accessed, on 2026-07-04.
core::WallTime now() {
  return tests::at("2026-11-21T12:00:00Z");
}

std::shared_ptr<const core::ProbePlan> plan(const std::string& name) {
  auto made = tests::walk_plan();
  made.name = name;
  return std::make_shared<const core::ProbePlan>(std::move(made));
}

void decided(History& history, const std::string& probe, Decision decision, CheckResult result) {
  core::Outcome outcome;
  outcome.probe = probe;
  outcome.decision = decision;
  history.add_newer({1, now(), decision, result}, outcome);
}

std::vector<std::string> names(const std::vector<ProbeView>& views) {
  std::vector<std::string> all;
  for (const auto& view : views) all.push_back(view.name);
  return all;
}

TEST(Probes, ThatNeedALookStandFirst) {
  const Plans plans{
      plan("a-passed"), plan("b-never-ran"), plan("c-failed"), plan("d-open"), plan("e-passed")};
  History history;
  decided(history, "a-passed", Decision::escalate, CheckResult::pass);
  decided(history, "c-failed", Decision::keep_primary, CheckResult::fail);
  decided(history, "d-open", Decision::use_fallback, CheckResult::investigate);
  decided(history, "e-passed", Decision::keep_primary, CheckResult::pass);
  EXPECT_THAT(names(probe_views(plans, {}, history, {}, {}, now())),
              ElementsAre("c-failed", "d-open", "b-never-ran", "a-passed", "e-passed"));
}

TEST(Probes, AreChosenByNameByFamilyAndByNewestDecision) {
  auto direct = tests::walk_plan();
  direct.name = "direct";
  direct.routes.pop_back();
  const Plans plans{plan("walk"), std::make_shared<const core::ProbePlan>(direct)};
  History history;
  decided(history, "walk", Decision::escalate, CheckResult::fail);
  decided(history, "walk", Decision::keep_primary, CheckResult::pass);
  const auto asked = [&](const Filter& filter) {
    return names(probe_views(plans, filter, history, {}, {}, now()));
  };
  EXPECT_THAT(asked({.probe = "walk"}), ElementsAre("walk"));
  EXPECT_THAT(asked({.family = EndpointFamily::responses}), ElementsAre("walk"));
  EXPECT_THAT(asked({.family = EndpointFamily::chat_completions}), ElementsAre("direct", "walk"));
  EXPECT_THAT(asked({.decision = Decision::keep_primary}), ElementsAre("walk"));
  EXPECT_THAT(asked({.decision = Decision::escalate}), IsEmpty());
}

TEST(Probes, TellWhenTheyAreDueAndWhatIsMissing) {
  auto due_soon = tests::walk_plan();
  due_soon.contract_review.max_age = std::chrono::days(100);
  due_soon.unresolved = {"environment_mismatch:model:primary"};
  History history;
  core::Outcome paused;
  paused.probe = "chat-walk";
  paused.gap = core::Gap::credential;
  paused.unresolved = {"credential_missing:one", "contract_review_overdue:chat_completions"};
  history.add_newer({1, now(), Decision::paused, CheckResult::investigate}, paused);
  core::ContractReviews reviews;
  reviews[EndpointFamily::chat_completions].reviewed_at = now();
  const auto views = probe_views({std::make_shared<const core::ProbePlan>(due_soon)},
                                 {},
                                 history,
                                 {{"chat-walk", now() + std::chrono::minutes(5)}},
                                 reviews,
                                 now());
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].next_due, now() + std::chrono::minutes(5));
  EXPECT_EQ(views[0].gap, core::Gap::credential);
  EXPECT_THAT(views[0].families,
              ElementsAre(EndpointFamily::chat_completions, EndpointFamily::responses));
  // The review of chat_completions was made since; that of responses is overdue now.
  EXPECT_THAT(views[0].facts,
              ElementsAre("credential_missing:one",
                          "contract_review_overdue:responses",
                          "environment_mismatch:model:primary"));
}

TEST(Contracts, AreAsOldAsTheNewestLookAtTheirDocumentation) {
  auto strict = tests::walk_plan();
  strict.contract_review.max_age = std::chrono::days(100);
  core::ContractReviews reviews;
  reviews[EndpointFamily::responses].reviewed_at = tests::at("2026-11-09T23:00:00Z");
  const auto views = contract_views(
      {plan("lax"), std::make_shared<const core::ProbePlan>(strict)}, reviews, now());
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].family, EndpointFamily::chat_completions);
  EXPECT_EQ(views[0].version, "chat_completions/2026-07-03+0123456789ab");
  EXPECT_EQ(views[0].accessed, "2026-07-04");
  EXPECT_EQ(views[0].age_days, 140);
  EXPECT_TRUE(views[0].overdue) << "for one of the probes";
  EXPECT_EQ(views[1].age_days, 12);
  EXPECT_FALSE(views[1].overdue);
}

}  // namespace
}  // namespace smokeledger::exporters::page
