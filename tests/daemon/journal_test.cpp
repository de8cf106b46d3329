#include "daemon/journal.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/reader.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A journal over a real ledger; every event is noted by its word.
struct Desk {
  Desk() {
    auto options = tests::options_in(dir.path());
    options.open_file = disk.opener();
    ledger = std::make_unique<exporters::ledger::LedgerThread>(
        exporters::ledger::Ledger::open(options).value());
    journal = std::make_unique<Journal>(
        Journal::Parts{*ledger,
                       clock,
                       [this](auto work) { io.post(std::move(work)); },
                       [this](const Records& records) { observed(records); },
                       [this](const std::string& message) {
                         events.push_back(journal->writable() ? "refused" : "failed");
                         said = message;
                       }},
        Journal::Restored{});
  }
  ~Desk() {
    journal.reset();
    ledger.reset();
  }

  void observed(const Records& records) {
    for (const auto& record : records) {
      const auto* outcome = std::get_if<core::OutcomeLine>(&record.line());
      const auto& probes = journal->state().probes;
      const bool folded = outcome != nullptr && probes.contains(outcome->outcome.probe);
      events.push_back(folded ? "observe folded" : "observe");
    }
  }
  void append(const std::string& probe, const std::string& word) {
    journal->append({core::OutcomeLine{tests::outcome_of(probe, 1)}},
                    [this, word](const Records* records) {
                      events.push_back(word + (records == nullptr ? " null" : " done"));
                    });
  }
  // Until the ledger thread has done what is queued and io what that led to.
  void settle() {
    bool reached = false;
    journal->use_policies({}, [&](bool) { reached = true; });
    while (!reached) io.run();
  }

  tests::ScratchDir dir;
  tests::BreakableDisk disk;
  tests::WorldClock clock;
  tests::IoQueue io;
  std::vector<std::string> events;
  std::string said;
  std::unique_ptr<exporters::ledger::LedgerThread> ledger;
  std::unique_ptr<Journal> journal;
};

TEST(Journal, FoldsThenTellsThenCallsBackInLedgerOrder) {
  Desk desk;
  desk.append("a", "first");
  desk.append("b", "second");
  EXPECT_THAT(desk.events, IsEmpty()) << "nothing before it is durable";
  EXPECT_THAT(desk.journal->state().probes, IsEmpty());
  desk.settle();
  EXPECT_THAT(desk.events,
              ElementsAre("observe folded", "first done", "observe folded", "second done"));
  EXPECT_THAT(desk.journal->state().probes, SizeIs(2));
}

TEST(Journal, GivesEachCallItsOwnRecords) {
  Desk desk;
  std::vector<std::string> probes;
  for (const char* probe : {"a", "b"}) {
    desk.journal->append(
        {core::OutcomeLine{tests::outcome_of(probe, 1)}}, [&](const Records* records) {
          ASSERT_THAT(*records, SizeIs(1));
          probes.push_back(std::get<core::OutcomeLine>((*records)[0].line()).outcome.probe);
        });
  }
  desk.settle();
  EXPECT_THAT(probes, ElementsAre("a", "b"));
}

TEST(Journal, StampsLinesWithTheWallClock) {
  Desk desk;
  desk.clock.step_wall(std::chrono::hours{1});
  core::WallTime recorded{};
  desk.journal->append({core::ClockStepLine{3'600'000}},
                       [&](const Records* records) { recorded = records->at(0).recorded_at(); });
  desk.settle();
  EXPECT_EQ(recorded, tests::at("2026-11-21T09:00:00Z"));
}

TEST(Journal, LatchesTheFirstFailureAndSaysItOnce) {
  Desk desk;
  desk.disk.break_now();
  desk.append("a", "first");
  desk.append("b", "second");
  desk.settle();
  EXPECT_THAT(desk.events, ElementsAre("failed", "first null", "second null"));
  EXPECT_THAT(desk.said, testing::HasSubstr("the disk of this test is broken"));
  EXPECT_FALSE(desk.journal->writable());
  EXPECT_THAT(desk.journal->state().probes, IsEmpty());
}

TEST(Journal, LetsRunsUnderWayEndOnAFullDisk) {
  Desk desk;
  desk.journal->append({tests::attempt_of("a", 1)}, [](const Records*) {});
  desk.settle();
  desk.events.clear();
  desk.disk.fill();
  desk.append("b", "nobody's outcome");
  desk.settle();
  desk.append("a", "the open run's");
  desk.settle();
  EXPECT_THAT(
      desk.events,
      ElementsAre("refused", "nobody's outcome null", "observe folded", "the open run's done"));
  EXPECT_THAT(desk.said, testing::HasSubstr("full"));
  EXPECT_TRUE(desk.journal->writable());
}

TEST(Journal, AnswersAfterAFailureButNeverFromInsideTheCall) {
  Desk desk;
  desk.disk.break_now();
  desk.append("a", "first");
  desk.settle();
  desk.events.clear();
  desk.append("b", "second");
  EXPECT_THAT(desk.events, IsEmpty());
  desk.io.run();
  EXPECT_THAT(desk.events, ElementsAre("second null"));
}

TEST(Journal, RefusesPoliciesItCannotWrite) {
  Desk desk;
  std::vector<bool> written;
  const auto note = [&](bool ok) { written.push_back(ok); };
  desk.journal->use_policies({tests::sample_policy()}, note);
  desk.settle();
  desk.disk.break_now();
  core::PolicyLine other = tests::sample_policy();
  other.probe = "another";
  desk.journal->use_policies({other}, note);
  desk.settle();
  EXPECT_THAT(written, ElementsAre(true, false));
  EXPECT_THAT(desk.events, ElementsAre("failed"));
}

TEST(Journal, DropsAcknowledgementsThatComeAfterItsEnd) {
  Desk desk;
  desk.append("a", "first");
  desk.journal.reset();
  desk.ledger.reset();  // what was queued is on the disk now
  desk.io.run();
  EXPECT_THAT(desk.events, IsEmpty());
  EXPECT_TRUE(tests::plain_fold(desk.dir.path()).probes.contains("a"));
}

}  // namespace
}  // namespace smokeledger::daemon
