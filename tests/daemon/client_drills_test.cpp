#include "daemon/client_drills.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::DrillOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::ServiceHouse;
using tests::service::drill;
using tests::service::hourly;

// A house with two client drills, `sdk` by the script throttled and `other` by ok.
class ClientDrillsAtWork : public testing::Test {
 protected:
  ClientDrillsAtWork()
      : house_({drill("sdk", DrillOf::client, "throttled"),
                drill("other", DrillOf::client, "ok"),
                drill("walk", DrillOf::walk, "throttled")}) {
    house_.random = tests::ListedDraws({0.5});
    house_.start();
    drills_ = std::make_unique<ClientDrills>(
        ClientDrills::Parts{house_.clock, house_.journal(), &house_.drills(), "0.1.0"});
    drills_->use(house_.plans);
  }
  void come(int times, const std::string& script = "throttled") {
    for (int i = 0; i < times; ++i) {
      house_.arrivals.count({.script = script, .at = house_.clock.now().time_since_epoch()});
      house_.arrivals.answered({});
      house_.advance(100ms);
    }
  }
  void end(const std::string& probe, const std::string& check_id, Drills::Ended how) {
    drills_->end(probe, check_id, how, [this](const ClientDrills::Recorded& recorded) {
      answers_.push_back(recorded ? recorded->ledger_id() : recorded.error().why);
    });
  }

  ServiceHouse house_;
  std::unique_ptr<ClientDrills> drills_;
  std::vector<std::string> answers_;
};

TEST_F(ClientDrillsAtWork, LeaveAnOutcomeLineThatSaysWhatTheStubSaw) {
  const auto begun = drills_->begin("sdk", 1000);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->check_id, "sdk-20261121-001");
  EXPECT_EQ(begun->stub_url, "http://127.0.0.1:9466/s/throttled");
  EXPECT_EQ(begun->asked, 1U);
  come(12);
  end("sdk", begun->check_id, {core::ClientEnd::exited, 1});
  EXPECT_THAT(answers_, IsEmpty()) << "not before it has settled";
  house_.advance(3s);
  ASSERT_EQ(house_.outcomes().size(), 1U);
  const core::Outcome outcome = house_.outcomes().front();
  EXPECT_THAT(answers_, ElementsAre(house_.lines.back().ledger_id()));
  EXPECT_EQ(outcome.probe, "sdk");
  EXPECT_EQ(outcome.mode, core::Mode::drill);
  EXPECT_EQ(outcome.trigger, core::Trigger::manual);
  EXPECT_EQ(outcome.caller_uid, 1000U);
  EXPECT_EQ(outcome.observed_layer, core::Layer::external_client);
  EXPECT_EQ(outcome.arrivals, 12U);
  EXPECT_EQ(outcome.arrival_gaps.size(), 11U);
  EXPECT_EQ(outcome.attempt_budget, 4U);
  EXPECT_EQ(outcome.rule, "drill_over_budget");
  EXPECT_EQ(outcome.check_result, core::CheckResult::fail);
  EXPECT_THAT(house_.transport.sent, IsEmpty());
}

TEST_F(ClientDrillsAtWork, GoOnOneAtATimeForEachProbeAndScript) {
  ASSERT_TRUE(drills_->begin("sdk", std::nullopt));
  EXPECT_EQ(drills_->begin("sdk", std::nullopt).error().why, "this drill is under way");
  EXPECT_TRUE(drills_->begin("other", std::nullopt));
  EXPECT_EQ(drills_->begin("walk", std::nullopt).error().why,
            "no client drill of this name is configured");
  EXPECT_EQ(drills_->begin("none", std::nullopt).error().why,
            "no client drill of this name is configured");
}

TEST_F(ClientDrillsAtWork, AreCountedAnewEachTime) {
  for (const char* id : {"sdk-20261121-001", "sdk-20261121-002"}) {
    ASSERT_EQ(drills_->begin("sdk", std::nullopt)->check_id, id);
    come(2);
    end("sdk", id, {core::ClientEnd::exited, 0});
    house_.advance(3s);
    EXPECT_EQ(house_.outcomes().back().arrivals, 2U);
    EXPECT_EQ(house_.outcomes().back().rule, "drill_within_budget");
  }
}

TEST_F(ClientDrillsAtWork, WithoutAnyArrivalShowNothing) {
  const auto begun = drills_->begin("sdk", std::nullopt);
  end("sdk", begun->check_id, {core::ClientEnd::not_started, 0});
  house_.advance(3s);
  const core::Outcome outcome = house_.outcomes().front();
  EXPECT_EQ(outcome.rule, "drill_not_exercised");
  EXPECT_EQ(outcome.gap, core::Gap::not_exercised);
  EXPECT_EQ(outcome.check_result, core::CheckResult::investigate);
  EXPECT_THAT(outcome.unresolved, ElementsAre("client_not_started"));
}

TEST_F(ClientDrillsAtWork, AreEndedByTheirIdAndOnce) {
  const auto begun = drills_->begin("sdk", std::nullopt);
  end("sdk", "sdk-20261121-007", {});
  end("other", begun->check_id, {});
  EXPECT_THAT(answers_, testing::Each("no drill of this id is under way"));
  answers_.clear();
  end("sdk", begun->check_id, {core::ClientEnd::killed, 0});
  end("sdk", begun->check_id, {core::ClientEnd::killed, 0});
  EXPECT_THAT(answers_, ElementsAre("no drill of this id is under way"));
  house_.advance(3s);
  EXPECT_EQ(house_.outcomes().size(), 1U);
}

TEST_F(ClientDrillsAtWork, WhoseEndNobodyTellsEndByThemselves) {
  ASSERT_TRUE(drills_->begin("sdk", std::nullopt));
  come(2);
  house_.advance(ClientDrills::longest + 3s);
  const auto outcomes = house_.outcomes();
  const auto of_sdk = std::find_if(
      outcomes.begin(), outcomes.end(), [](const auto& outcome) { return outcome.probe == "sdk"; });
  ASSERT_NE(of_sdk, outcomes.end());
  EXPECT_EQ(of_sdk->rule, "run_interrupted");
  EXPECT_THAT(of_sdk->unresolved, ElementsAre("client_never_ended"));
  EXPECT_EQ(of_sdk->arrivals, 2U);
}

TEST_F(ClientDrillsAtWork, AreRecordedAsCutShortWhenTheServiceStops) {
  ASSERT_TRUE(drills_->begin("sdk", std::nullopt));
  const auto begun = drills_->begin("other", std::nullopt);
  come(5);
  come(1, "ok");
  end("other", begun->check_id, {core::ClientEnd::exited, 0});
  bool stopped = false;
  drills_->stop([&] { stopped = true; });
  EXPECT_FALSE(stopped) << "not before the lines are durable";
  house_.settle();
  EXPECT_TRUE(stopped);
  ASSERT_EQ(house_.outcomes().size(), 2U);
  for (const auto& outcome : house_.outcomes()) {
    EXPECT_EQ(outcome.rule, outcome.probe == "sdk" ? "drill_over_budget" : "drill_within_budget");
  }
  EXPECT_EQ(drills_->begin("sdk", std::nullopt).error().why, "the service is ending");
}

TEST_F(ClientDrillsAtWork, SayWhenTheirLineCouldNotBeWritten) {
  const auto begun = drills_->begin("sdk", std::nullopt);
  house_.disk.break_now();
  end("sdk", begun->check_id, {core::ClientEnd::exited, 0});
  house_.advance(3s);
  EXPECT_THAT(answers_, ElementsAre("its outcome line could not be written"));
}

TEST_F(ClientDrillsAtWork, OfAProbeThatAReloadRemovedCannotBegin) {
  drills_->use({});
  EXPECT_THAT(drills_->begin("sdk", std::nullopt).error().why, HasSubstr("no client drill"));
}

}  // namespace
}  // namespace smokeledger::daemon
