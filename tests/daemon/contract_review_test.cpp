// What an overdue contract does to runs, and what a review changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/contract_reviewer.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::ServiceHouse;
using tests::service::hourly;
using tests::service::hourly_walk;

constexpr const char* chat_overdue = "contract_review_overdue:chat_completions";

// Accessed on 2026-07-04; the house begins on 2026-11-21.
core::ProbePlan overdue(core::ProbePlan plan, bool pause = false) {
  plan.contract_review = {.max_age = days(30), .pause = pause};
  return plan;
}

config::Contracts contracts() {
  return {tests::chat_contract(), tests::responses_contract()};
}

TEST(AnOverdueContract, IsNamedInOutcomesAndCapsThemAtInvestigate) {
  ServiceHouse house({hourly("fresh"), overdue(hourly("old")), overdue(hourly_walk("walk"))});
  house.start();
  house.run_now({"fresh", "old", "walk"});
  const auto outcomes = house.outcomes();
  ASSERT_THAT(outcomes, SizeIs(3));
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(outcome.decision, core::Decision::keep_primary) << outcome.probe;
    if (outcome.probe == "fresh") {
      EXPECT_THAT(outcome.unresolved, IsEmpty());
      EXPECT_EQ(outcome.check_result, core::CheckResult::pass);
    } else if (outcome.probe == "old") {
      EXPECT_THAT(outcome.unresolved, ElementsAre(chat_overdue));
      EXPECT_EQ(outcome.check_result, core::CheckResult::investigate);
    } else {
      EXPECT_THAT(outcome.unresolved,
                  ElementsAre(chat_overdue, "contract_review_overdue:responses"))
          << "of all its routes, taken or not";
    }
  }
}

TEST(AnOverdueContract, PausesRunsWhereThatIsAskedFor) {
  ServiceHouse house({overdue(hourly("a"), true)});
  house.start();
  house.run_now({"a"});
  EXPECT_THAT(house.transport.sent, IsEmpty());
  const auto outcomes = house.outcomes();
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_EQ(outcomes[0].decision, core::Decision::paused);
  EXPECT_EQ(outcomes[0].rule, "contract_review_overdue");
  EXPECT_EQ(outcomes[0].gap, core::Gap::contract_review);
  EXPECT_EQ(outcomes[0].check_result, core::CheckResult::investigate);
  EXPECT_THAT(outcomes[0].unresolved, ElementsAre(chat_overdue));
}

TEST(AnOverdueContract, IsNamedWhenARunIsClosedAfterACrash) {
  ServiceHouse house({overdue(hourly("a"))});
  house.start();
  house.advance(10ms);
  ASSERT_EQ(house.transport.in_flight, 1U);
  house.restart();
  const auto outcomes = house.outcomes();
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_EQ(outcomes[0].reason, core::Reason::unknown_crash);
  EXPECT_THAT(outcomes[0].unresolved, testing::Contains(chat_overdue));
}

TEST(AReview, LetsPausedRunsGoOnAndIsKnownAfterARestart) {
  ServiceHouse house({overdue(hourly("a"), true)});
  house.start();
  ContractReviewer reviewer(house.journal(), house.clock);
  reviewer.use(contracts());
  std::vector<std::optional<std::string>> answers;
  reviewer.record(core::EndpointFamily::chat_completions, "AB", 1000U, [&](const auto& id) {
    answers.push_back(id);
  });
  EXPECT_THAT(answers, IsEmpty()) << "not before the line is durable";
  house.settle();
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0], house.lines.back().ledger_id());
  const auto* line = std::get_if<core::ContractReviewLine>(&house.lines.back().line());
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->review,
            (core::ContractReview{core::EndpointFamily::chat_completions,
                                  "chat_completions/2026-07-03+0123456789ab",
                                  "AB",
                                  1000U,
                                  house.clock.wall()}));
  house.restart();
  house.run_now({"a"});
  const auto outcomes = house.outcomes();
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_EQ(outcomes[0].check_result, core::CheckResult::pass);
  EXPECT_THAT(outcomes[0].unresolved, IsEmpty());
}

TEST(AReview, IsNotAnsweredAsRecordedWhenItsLineCannotBeWritten) {
  ServiceHouse house({hourly("a")});
  house.start();
  ContractReviewer reviewer(house.journal(), house.clock);
  reviewer.use(contracts());
  house.disk.break_now();
  bool answered = false;
  reviewer.record(core::EndpointFamily::responses, "AB", std::nullopt, [&](const auto& id) {
    answered = true;
    EXPECT_FALSE(id);
  });
  house.settle();
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace smokeledger::daemon
