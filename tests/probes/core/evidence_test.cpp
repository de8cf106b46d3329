#include "probes/core/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lines.h"
#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using tests::morning;

// A walk that hopes for its primary, and a probe of the same routes that is there to fail.
class Scene {
 public:
  Scene() {
    ProbePlan walk = tests::walk_plan();
    walk.contract_review.max_age = std::chrono::days{180};
    configured.push_back(std::make_shared<ProbePlan>(walk));
    ProbePlan drill = walk;
    drill.name = "chat-fails";
    drill.expect = Expectation::controlled_failure;
    drill.policy_sha256 = std::string(64, 'd');
    configured.push_back(std::make_shared<ProbePlan>(drill));
  }

  void saw(const std::string& id,
           std::size_t probe,
           Decision decision,
           CheckResult result,
           const std::string& policy_sha256 = {}) {
    Outcome outcome;
    outcome.probe = configured[probe]->name;
    outcome.policy_sha256 =
        policy_sha256.empty() ? configured[probe]->policy_sha256 : policy_sha256;
    outcome.decision = decision;
    outcome.check_result = result;
    see(lines, id, ++seq, at += 1h, OutcomeLine{outcome});
  }
  void saw_review(std::uint64_t of, CheckResult decision, const std::string& initials) {
    Review review;
    review.first_seq = review.last_seq = of;
    review.decision = decision;
    review.initials = initials;
    ++seq;
    see(lines, "l-" + std::to_string(seq), seq, at += 1h, ReviewLine{review});
  }
  void saw_both_paths() {
    saw("l-1", 0, Decision::keep_primary, CheckResult::pass);
    saw("l-2", 1, Decision::escalate, CheckResult::pass);
  }
  template <class Change>
  void change(std::size_t probe, Change change) {
    auto plan = std::make_shared<ProbePlan>(*configured[probe]);
    change(*plan);
    configured[probe] = plan;
  }
  EvidenceReport evidence(std::size_t probe = 0) const {
    return core::evidence(*configured[probe], configured, lines, "f.toml", now);
  }

  std::vector<std::shared_ptr<const ProbePlan>> configured;
  SeenLines lines;
  std::uint64_t seq = 0;
  WallTime at = morning;
  WallTime now = morning + std::chrono::days{1};
};

const EvidenceGap* gap_of(const EvidenceReport& evidence, EvidenceTopic topic) {
  for (const auto& gap : evidence.gaps) {
    if (gap.topic == topic) return &gap;
  }
  return nullptr;
}

std::vector<std::string> ids_of(const EvidenceReport& evidence, EvidenceTopic topic) {
  std::vector<std::string> ids;
  for (const auto& item : evidence.found) {
    if (item.topic == topic) ids.push_back(item.ledger_id);
  }
  return ids;
}

TEST(Evidence, IsBothPathsAndTheContractsWithTheirLines) {
  Scene scene;
  scene.saw_both_paths();
  const EvidenceReport evidence = scene.evidence();
  ASSERT_EQ(evidence.found.size(), 4U);
  EXPECT_EQ(evidence.found[0].ledger_id, "l-1");
  EXPECT_EQ(evidence.found[0].at, morning + 1h);
  EXPECT_EQ(evidence.found[0].what, "keep_primary, pass");
  EXPECT_EQ(evidence.found[1].about, "chat-fails");
  EXPECT_EQ(evidence.found[1].ledger_id, "l-2");
  EXPECT_EQ(evidence.found[2].about, "chat_completions");
  EXPECT_EQ(evidence.found[2].ledger_id, "") << "no line says it, the contract does";
  EXPECT_EQ(evidence.found[3].about, "responses");
}

TEST(Evidence, IsNeverCompleteWithoutAnOperatorsReview) {
  Scene scene;
  scene.saw_both_paths();
  const EvidenceReport evidence = scene.evidence();
  EXPECT_FALSE(evidence.complete());
  ASSERT_EQ(evidence.gaps.size(), 2U);
  EXPECT_EQ(evidence.gaps[0].topic, EvidenceTopic::operator_review);
  EXPECT_EQ(evidence.gaps[0].what, "nobody reviewed l-1 of " + format_utc(morning + 1h));
  EXPECT_EQ(evidence.gaps[0].command,
            "smokeledger review l-1 --decision pass --initials AB --owner TEAM "
            "--config.file f.toml");
  EXPECT_THAT(evidence.gaps[1].command, HasSubstr("smokeledger review l-2 "));
}

TEST(Evidence, IsCompleteWhenBothRunsWereReviewedAsPass) {
  Scene scene;
  scene.saw_both_paths();
  scene.saw_review(1, CheckResult::pass, "AB");
  scene.saw_review(2, CheckResult::fail, "CD");
  auto evidence = scene.evidence();
  ASSERT_EQ(evidence.gaps.size(), 1U);
  EXPECT_EQ(evidence.gaps[0].what, "CD reviewed l-2 of " + format_utc(morning + 2h) + " as fail");
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::operator_review), testing::ElementsAre("l-3"));

  scene.saw_review(2, CheckResult::pass, "CD");  // amends
  evidence = scene.evidence();
  EXPECT_TRUE(evidence.complete());
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::operator_review), testing::ElementsAre("l-3", "l-5"));
  EXPECT_EQ(evidence.found.back().what, "pass by CD, of l-2");
}

TEST(Evidence, OfNothingNamesEveryGapWithItsCommand) {
  const EvidenceReport evidence = Scene().evidence();
  const auto* happy = gap_of(evidence, EvidenceTopic::happy_path);
  ASSERT_NE(happy, nullptr);
  EXPECT_EQ(happy->what, "no run by the policy in force decided anything");
  EXPECT_EQ(happy->command, "smokeledger once --config.file f.toml chat-walk");
  const auto* error = gap_of(evidence, EvidenceTopic::error_path);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->about, "chat-fails");
  EXPECT_EQ(error->command, "smokeledger once --config.file f.toml chat-fails");
}

struct NotHappy {
  Decision decision;
  CheckResult result;
};

TEST(Evidence, TakesOnlyAPassThatKeptThePrimaryForTheHappyPath) {
  for (const auto& [decision, result] : {NotHappy{Decision::keep_primary, CheckResult::investigate},
                                         NotHappy{Decision::keep_primary, CheckResult::fail},
                                         NotHappy{Decision::retry_primary, CheckResult::pass},
                                         NotHappy{Decision::use_fallback, CheckResult::pass},
                                         NotHappy{Decision::escalate, CheckResult::fail}}) {
    Scene scene;
    scene.saw("l-1", 0, decision, result);
    const EvidenceReport evidence = scene.evidence();
    const EvidenceGap* gap = gap_of(evidence, EvidenceTopic::happy_path);
    ASSERT_NE(gap, nullptr) << word(decision);
    EXPECT_EQ(gap->what,
              "the newest run by the policy in force is " + std::string(word(decision)) + ", " +
                  std::string(word(result)) + ": l-1 of 2026-11-21T09:00:00Z");
  }
}

TEST(Evidence, GoesByTheNewestRunAndNotByABetterOne) {
  Scene scene;
  scene.saw_both_paths();
  scene.saw("l-3", 0, Decision::escalate, CheckResult::fail);
  scene.saw("l-4", 1, Decision::keep_primary, CheckResult::fail);
  EvidenceReport evidence = scene.evidence();
  EXPECT_NE(gap_of(evidence, EvidenceTopic::happy_path), nullptr);
  EXPECT_NE(gap_of(evidence, EvidenceTopic::error_path), nullptr);
  scene.saw("l-5", 0, Decision::keep_primary, CheckResult::pass);
  scene.saw("l-6", 1, Decision::escalate, CheckResult::pass);
  evidence = scene.evidence();
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::happy_path), testing::ElementsAre("l-5"));
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::error_path), testing::ElementsAre("l-6"));
}

TEST(Evidence, PassesOverPausedRuns) {
  Scene scene;
  scene.saw_both_paths();
  scene.saw("l-3", 0, Decision::paused, CheckResult::investigate);
  EXPECT_THAT(ids_of(scene.evidence(), EvidenceTopic::happy_path), testing::ElementsAre("l-1"));
}

TEST(Evidence, ByAnotherPolicyIsNone) {
  Scene scene;
  scene.saw("l-1", 0, Decision::keep_primary, CheckResult::pass, std::string(64, 'f'));
  scene.saw("l-2", 0, Decision::escalate, CheckResult::fail, std::string(64, 'e'));
  const EvidenceReport evidence = scene.evidence();
  const auto* gap = gap_of(evidence, EvidenceTopic::happy_path);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->what,
            "no run by the policy in force decided anything; by an earlier policy: escalate, "
            "fail, l-2 of 2026-11-21T10:00:00Z");
}

TEST(Evidence, OfAnErrorPathIsOfTheSameRoutesOnly) {
  Scene scene;
  scene.saw_both_paths();
  scene.change(1, [](ProbePlan& plan) { plan.routes.pop_back(); });
  EvidenceReport evidence = scene.evidence();
  const auto* gap = gap_of(evidence, EvidenceTopic::error_path);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->about, "chat-walk");
  EXPECT_THAT(gap->what, HasSubstr("no configured probe of the same routes"));
  scene.change(1, [](ProbePlan& plan) {
    plan.routes = {tests::route("primary", "elsewhere"), tests::route("fallback", "elsewhere")};
  });
  evidence = scene.evidence();
  EXPECT_EQ(gap_of(evidence, EvidenceTopic::error_path), nullptr) << "names are compared";
}

TEST(Evidence, OfAnErrorPathIsOfAnyProbeThatIsThereToFailOrToFallBack) {
  for (const Expectation expect : every<Expectation>()) {
    Scene scene;
    scene.saw_both_paths();
    scene.change(1, [&](ProbePlan& plan) { plan.expect = expect; });
    const bool counts = expect == Expectation::controlled_failure ||
                        expect == Expectation::escalate || expect == Expectation::use_fallback;
    EXPECT_EQ(gap_of(scene.evidence(), EvidenceTopic::error_path) == nullptr, counts)
        << word(expect);
  }
}

TEST(Evidence, OfAProbeThatIsThereToFailHasNoHappyPath) {
  Scene scene;
  scene.saw_both_paths();
  const EvidenceReport evidence = scene.evidence(1);
  const auto* gap = gap_of(evidence, EvidenceTopic::happy_path);
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->what, HasSubstr("this probe expects controlled_failure"));
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::error_path), testing::ElementsAre("l-2"));
}

TEST(Evidence, NamesTheContractWhoseDocumentationNobodyOpenedForTooLong) {
  Scene scene;
  scene.now = *parse_utc("2027-02-01T00:00:00Z");
  EvidenceReport evidence = scene.evidence();
  const auto* gap = gap_of(evidence, EvidenceTopic::contract_review);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->about, "chat_completions");
  EXPECT_EQ(gap->what,
            "its documentation was last opened 212 days ago, more than the 180d allowed");
  EXPECT_EQ(gap->command,
            "smokeledger contract reviewed chat_completions --initials AB --config.file f.toml");

  const ContractReview review{
      EndpointFamily::chat_completions, "any version", "XY", {}, scene.now - 24h};
  see(scene.lines, "l-8", 8, scene.now - 24h, ContractReviewLine{review});
  see(scene.lines,
      "l-9",
      9,
      scene.now - 1h,
      ContractReviewLine{review});  // a new segment repeats it
  evidence = scene.evidence();
  EXPECT_THAT(ids_of(evidence, EvidenceTopic::contract_review), testing::ElementsAre("l-8"));
  EXPECT_EQ(evidence.found[0].what, "reviewed by XY");
  ASSERT_NE(gap_of(evidence, EvidenceTopic::contract_review), nullptr);
  EXPECT_EQ(gap_of(evidence, EvidenceTopic::contract_review)->about, "responses");
}

}  // namespace
}  // namespace smokeledger::probes::core
