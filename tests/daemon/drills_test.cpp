#include "daemon/drills.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::DrillOf;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::service::drill;
using tests::service::planned;

// Drills of the ledger 1a2b3c4d, and what arrives meanwhile.
class DrillsAtAStub : public testing::Test {
 protected:
  void come(const std::string& script, const std::string& request = "") {
    arrivals_.count({.script = script, .request = request, .at = clock_.now().time_since_epoch()});
    arrivals_.answered({});
  }
  void end(const std::string& check_id, Drills::Ended how = {}) {
    drills_.end(
        check_id, how, [this](const core::DrillVerdict& verdict) { verdicts_.push_back(verdict); });
  }
  // What was counted of each drill that was judged, in order.
  std::vector<std::uint32_t> counts() const {
    std::vector<std::uint32_t> all;
    for (const auto& verdict : verdicts_) all.push_back(verdict.arrivals);
    return all;
  }

  tests::ManualClock clock_;
  probes::stub::Arrivals arrivals_;
  Drills drills_{
      {clock_, arrivals_, [this] { return clock_.now().time_since_epoch(); }, "1a2b3c4d"}};
  std::vector<core::DrillVerdict> verdicts_;
};

TEST_F(DrillsAtAStub, CountOfAWalkWhatCarriesItsOwnId) {
  ASSERT_TRUE(drills_.begin(planned(drill("a", DrillOf::walk, "throttled")), "a-1"));
  come("throttled", "a-1.1a2b3c4d");
  come("ok", "a-1.1a2b3c4d");
  come("throttled", "a-2.1a2b3c4d");
  come("throttled", "somebody");
  come("throttled");
  end("a-1");
  clock_.advance(2s);
  EXPECT_THAT(counts(), ElementsAre(2));
}

TEST_F(DrillsAtAStub, CountOfAGatewayWhateverComesUnderItsScriptExceptOtherRunsOfTheLedger) {
  ASSERT_TRUE(drills_.begin(planned(drill("g", DrillOf::gateway, "throttled")), "g-1"));
  come("throttled", "g-1.1a2b3c4d");
  come("throttled", "made-by-the-gateway");
  come("throttled");
  come("throttled", "a-1.1a2b3c4d");
  come("ok");
  end("g-1");
  clock_.advance(2s);
  EXPECT_THAT(counts(), ElementsAre(3));
}

TEST_F(DrillsAtAStub, OfOneScriptCannotGoOnAtTheSameTimeUnlessTheyKnowTheirOwn) {
  ASSERT_TRUE(drills_.begin(planned(drill("g", DrillOf::gateway, "throttled")), "g-1"));
  EXPECT_FALSE(drills_.begin(planned(drill("c", DrillOf::client, "throttled")), "c-1"));
  EXPECT_TRUE(drills_.begin(planned(drill("c", DrillOf::client, "ok")), "c-1"));
  EXPECT_TRUE(drills_.begin(planned(drill("a", DrillOf::walk, "throttled")), "a-1"));
  end("g-1");
  EXPECT_FALSE(drills_.begin(planned(drill("d", DrillOf::client, "throttled")), "d-1"))
      << "it settles still";
  clock_.advance(2s);
  EXPECT_TRUE(drills_.begin(planned(drill("d", DrillOf::client, "throttled")), "d-1"));
}

TEST_F(DrillsAtAStub, CountStragglersUntilTheyHaveSettledAndNoneBefore) {
  come("throttled");
  clock_.advance(5s);
  core::ProbePlan plan = drill("c", DrillOf::client, "throttled");
  plan.drill->settle = 500ms;
  ASSERT_TRUE(drills_.begin(planned(plan), "c-1"));
  come("throttled");
  clock_.advance(100ms);
  end("c-1");
  clock_.advance(400ms);
  EXPECT_THAT(verdicts_, IsEmpty());
  come("throttled");
  clock_.advance(100ms);
  EXPECT_THAT(counts(), ElementsAre(2));
  EXPECT_FALSE(verdicts_.front().stopped);
  come("throttled");
  clock_.advance(5s);
  EXPECT_THAT(counts(), ElementsAre(2));
}

TEST_F(DrillsAtAStub, TakeAllThatCameForOneRequestWhereOneWasAsked) {
  ASSERT_TRUE(drills_.begin(planned(drill("c", DrillOf::client, "recover-after-2")), "c-1"));
  std::vector<std::uint64_t> places;
  for (int i = 0; i < 3; ++i) {
    places.push_back(arrivals_.count({.script = "recover-after-2"}).of_request);
  }
  EXPECT_THAT(places, ElementsAre(1, 2, 3)) << "so that the script recovers";
}

TEST_F(DrillsAtAStub, JudgeAtOnceWhenTheProcessEnds) {
  ASSERT_TRUE(drills_.begin(planned(drill("a", DrillOf::walk, "throttled")), "a-1"));
  ASSERT_TRUE(drills_.begin(planned(drill("b", DrillOf::walk, "throttled")), "b-1"));
  come("throttled", "a-1.1a2b3c4d");
  end("a-1");
  drills_.hurry();
  EXPECT_THAT(counts(), ElementsAre(1));
  end("b-1");
  EXPECT_THAT(counts(), ElementsAre(1, 0));
  EXPECT_EQ(clock_.pending(), 0U);
}

TEST_F(DrillsAtAStub, KnowNothingOfADrillThatNeverBegan) {
  end("a-1");
  clock_.advance(5s);
  EXPECT_THAT(verdicts_, IsEmpty());
}

TEST_F(DrillsAtAStub, HandOnHowTheClientEnded) {
  core::ProbePlan plan = drill("c", DrillOf::client, "throttled");
  plan.drill->terms.exit_codes = {{3, core::CallerReceived::controlled_failure}};
  ASSERT_TRUE(drills_.begin(planned(plan), "c-1"));
  end("c-1", {core::ClientEnd::exited, 3});
  clock_.advance(2s);
  EXPECT_EQ(verdicts_.front().caller_received, core::CallerReceived::controlled_failure);
}

}  // namespace
}  // namespace smokeledger::daemon
