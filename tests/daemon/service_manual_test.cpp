// Runs that a person asks for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using tests::ServiceHouse;
using tests::service::hourly;
using tests::service::with_credential;

const core::Outcome& outcome_of(const ManualResult& result) {
  return std::get<core::OutcomeLine>(result.outcome->line()).outcome;
}

// A house whose probes are all due half an hour later.
std::unique_ptr<ServiceHouse> quiet_house(std::vector<core::ProbePlan> plans) {
  auto house = std::make_unique<ServiceHouse>(std::move(plans));
  house->random = tests::ListedDraws({0.5});
  house->start();
  return house;
}

TEST(ManualRun, IsAnsweredWithItsOutcomeLine) {
  const auto house = quiet_house({hourly("a")});
  const auto results = house->run_now({"a"});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].probe, "a");
  EXPECT_THAT(results[0].not_run, IsEmpty());
  ASSERT_TRUE(results[0].outcome);
  EXPECT_EQ(outcome_of(results[0]).trigger, core::Trigger::manual);
  EXPECT_EQ(outcome_of(results[0]).check_id, "a-20261121-001");
  EXPECT_EQ(results[0].outcome->ledger_id(), house->lines.back().ledger_id());
}

TEST(ManualRun, TakesThePlaceOfTheNextScheduledOne) {
  const auto house = quiet_house({hourly("a")});
  house->advance(20min);
  house->run_now({"a"});
  EXPECT_EQ(house->due("a"), 80min);
  house->advance(40min);
  EXPECT_THAT(house->sent_at(), ElementsAre(20min)) << "nothing at half past";
}

TEST(ManualRun, OfNoNameIsOfEveryProbe) {
  const auto house = quiet_house({hourly("a"), hourly("b"), hourly("c")});
  const auto results = house->run_now({});
  std::vector<std::string> probes;
  for (const auto& result : results) probes.push_back(outcome_of(result).probe);
  EXPECT_THAT(probes, UnorderedElementsAre("a", "b", "c"));
}

TEST(ManualRun, NamedTwiceRunsOnce) {
  const auto house = quiet_house({hourly("a")});
  EXPECT_EQ(house->run_now({"a", "a"}).size(), 1U);
  EXPECT_EQ(house->outcomes().size(), 1U);
}

TEST(ManualRun, OfAnUnknownProbeIsAnsweredAtOnceAndTheOthersRun) {
  const auto house = quiet_house({hourly("a")});
  const auto results = house->run_now({"x", "a"});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].not_run, "no probe of this name is configured");
  EXPECT_FALSE(results[0].allowed_from);
  EXPECT_TRUE(results[1].outcome);
}

TEST(ManualRun, BeforeTheMinimumIntervalIsRefusedWithTheTimeItMayRun) {
  const auto house = quiet_house({hourly("a")});
  house->run_now({"a"});  // sent at once, three minutes pass
  const auto results = house->run_now({"a"});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].outcome);
  EXPECT_EQ(results[0].not_run, "the minimum interval since its last attempt is not over");
  EXPECT_EQ(results[0].allowed_from, tests::at("2026-11-21T08:10:00Z"));
  EXPECT_EQ(house->transport.sent.size(), 1U);

  house->advance(4min);
  EXPECT_TRUE(house->run_now({"a"}).at(0).outcome) << "08:10:00 it is";
  EXPECT_THAT(house->sent_at(), ElementsAre(0min, 10min));
}

TEST(ManualRun, DuringAnotherRunIsRefused) {
  const auto house = quiet_house({hourly("a")});
  std::vector<ManualResult> first;
  std::vector<ManualResult> second;
  house->service().run_now({"a"}, std::nullopt, [&](auto results) { first = results; });
  house->service().run_now({"a"}, std::nullopt, [&](auto results) { second = results; });
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].not_run, "a run of this probe is under way");
  house->advance(1s);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(first[0].outcome);
}

TEST(ManualRun, WithoutACredentialIsPausedAndMayBeRepeatedAtOnce) {
  const auto house = quiet_house({with_credential(hourly("a"), "main-key")});
  for (int i = 0; i < 2; ++i) {
    const auto results = house->run_now({"a"});
    ASSERT_EQ(results.size(), 1U);
    ASSERT_TRUE(results[0].outcome);
    EXPECT_EQ(outcome_of(results[0]).gap, core::Gap::credential);
  }
}

TEST(ManualRun, RecordsWhoAsked) {
  const auto house = quiet_house({hourly("a")});
  house->service().run_now({"a"}, 1000, [](const auto&) {});
  house->advance(1s);
  ASSERT_EQ(house->transport.sent.size(), 1U);
  EXPECT_EQ(house->transport.sent[0].line.caller_uid, 1000U);
  ASSERT_EQ(house->outcomes().size(), 1U);
  EXPECT_EQ(house->outcomes()[0].caller_uid, 1000U);
}

TEST(ManualRun, RecordsWhoAskedAlsoWhenNothingWasSent) {
  const auto house = quiet_house({with_credential(hourly("a"), "main-key")});
  house->service().run_now({"a"}, 1000, [](const auto&) {});
  house->advance(1s);
  ASSERT_EQ(house->outcomes().size(), 1U);
  EXPECT_EQ(house->outcomes()[0].decision, core::Decision::paused);
  EXPECT_EQ(house->outcomes()[0].caller_uid, 1000U);
}

TEST(ManualRun, LeavesNoNameOnTheScheduledRunAfterIt) {
  const auto house = quiet_house({hourly("a")});
  house->service().run_now({"a"}, 1000, [](const auto&) {});
  house->advance(90min);
  ASSERT_EQ(house->outcomes().size(), 2U);
  EXPECT_FALSE(house->outcomes()[1].caller_uid);
}

TEST(ManualRun, AfterTheEndIsRefused) {
  const auto house = quiet_house({hourly("a")});
  house->stop();
  EXPECT_EQ(house->run_now({"a"}).at(0).not_run, "the service is ending");
  EXPECT_THAT(house->transport.sent, IsEmpty());
}

TEST(ManualRun, CutShortByTheEndIsStillAnsweredWithItsLine) {
  const auto house = quiet_house({hourly("a")});
  std::vector<ManualResult> results;
  house->service().run_now({"a"}, std::nullopt, [&](auto answers) { results = answers; });
  house->settle();
  house->stop();
  house->settle();
  EXPECT_TRUE(house->stopped);
  ASSERT_EQ(results.size(), 1U);
  ASSERT_TRUE(results[0].outcome);
  EXPECT_EQ(outcome_of(results[0]).gap, core::Gap::interrupted);
}

TEST(ManualRun, MayEndTheServiceFromItsAnswer) {
  const auto house = quiet_house({hourly("a"), hourly("b")});
  house->service().run_now({"a"}, std::nullopt, [&](const auto&) { house->stop(); });
  house->advance(1min);
  EXPECT_TRUE(house->stopped);
}

TEST(ManualRun, WhoseLineCannotBeWrittenSaysSo) {
  const auto house = quiet_house({hourly("a")});
  std::vector<ManualResult> results;
  house->service().run_now({"a"}, std::nullopt, [&](auto answers) { results = answers; });
  house->disk.break_now();
  house->advance(1s);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].outcome);
  EXPECT_EQ(results[0].not_run, "its outcome line could not be written");
}

}  // namespace
}  // namespace smokeledger::daemon
