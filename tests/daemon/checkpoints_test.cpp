#include "daemon/checkpoints.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/checkpoint_key.h"
#include "exporters/ledger/verify.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A service without probes whose ledger is signed.
struct Signed {
  explicit Signed(bool with_key = true) {
    house.signs = with_key;
    house.start();
    checkpoints = std::make_unique<Checkpoints>(house.clock, house.journal());
  }

  // Since the beginning, to the second.
  std::vector<core::Milliseconds> made_at() const {
    std::vector<core::Milliseconds> found;
    for (const auto& record : house.lines) {
      const bool is_one = std::holds_alternative<core::CheckpointLine>(record.line());
      if (is_one) found.push_back(record.recorded_at() - tests::at("2026-11-21T08:00:00Z"));
    }
    return found;
  }
  bool start() {
    bool done = false;
    checkpoints->start([&] { done = true; });
    house.settle();
    return done;
  }
  bool stop() {
    bool done = false;
    checkpoints->stop([&] { done = true; });
    house.settle();
    return done;
  }

  tests::ServiceHouse house{{}};
  std::unique_ptr<Checkpoints> checkpoints;
};

TEST(Checkpoints, AreMadeAtTheStartEveryHourAndAtTheEnd) {
  Signed service;
  EXPECT_TRUE(service.start());
  service.house.advance(2h + 30min);
  EXPECT_THAT(service.made_at(), ElementsAre(0s, 1h, 2h));
  EXPECT_TRUE(service.stop());
  EXPECT_THAT(service.made_at(), ElementsAre(0s, 1h, 2h, 2h + 30min));
  EXPECT_EQ(service.house.clock.pending(), 0U);
  service.house.advance(3h);
  EXPECT_THAT(service.made_at(), SizeIs(4));
}

TEST(Checkpoints, EndWithOneWhereNoServiceEverStarted) {
  Signed once;
  EXPECT_TRUE(once.stop());
  EXPECT_THAT(once.made_at(), ElementsAre(0s));
}

TEST(Checkpoints, AreLeftOutWithoutAKeyAndNothingWaitsForThem) {
  Signed service(false);
  EXPECT_TRUE(service.start());
  service.house.advance(2h);
  EXPECT_TRUE(service.stop());
  EXPECT_THAT(service.made_at(), IsEmpty());
}

TEST(Checkpoints, DoNotKeepAServiceWhoseDiskBrokeFromEnding) {
  Signed service;
  EXPECT_TRUE(service.start());
  service.house.disk.break_now();
  service.house.advance(1h);
  EXPECT_THAT(service.house.failures, SizeIs(1)) << "a checkpoint that cannot be written is told";
  EXPECT_TRUE(service.stop());
  EXPECT_THAT(service.made_at(), ElementsAre(0s));
}

TEST(Checkpoints, LetNoServiceBeginWhoseFirstOneCannotBeWritten) {
  Signed service;
  service.house.disk.break_now();
  EXPECT_FALSE(service.start());
  EXPECT_THAT(service.house.failures, SizeIs(1));
}

TEST(Checkpoints, ThatTheLedgerMadeOnItsOwnAreToldBehindTheLinesTheyCover) {
  Signed service;
  for (int round = 0; round < 300; ++round) {
    service.house.journal().append({core::ClockStepLine{1}}, [](const Records* records) {
      ASSERT_NE(records, nullptr);
      EXPECT_THAT(*records, SizeIs(1));
    });
  }
  service.house.settle();
  std::vector<std::uint64_t> told;
  for (const auto& record : service.house.lines) told.push_back(record.seq());
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_THAT(told, SizeIs(301));
  EXPECT_THAT(service.made_at(), SizeIs(1));
}

TEST(CheckpointKeyOpener, FindsTheKeyWhereTheConfigurationSays) {
  const tests::ScratchDir dir;
  const std::string path = dir.path() / "key";
  tests::write_bytes(path, tests::sample_key().pem());
  const std::string wanted = tests::sample_key().verifier().text();
  config::LedgerConfig config;
  config.name = "staging";
  config.dir = dir.path();
  config.checkpoint_key_file = path;
  EXPECT_EQ(checkpoint_key_opener(config, "")().value().verifier().text(), wanted);
  config.checkpoint_key_file.clear();
  config.checkpoint_key_credential = "key";
  EXPECT_EQ(checkpoint_key_opener(config, dir.path())().value().verifier().text(), wanted);
  EXPECT_FALSE(checkpoint_key_opener(config, "")) << "only systemd has it";
  EXPECT_THAT(no_checkpoint_key(config), HasSubstr("LoadCredential=key:PATH"));
  config.checkpoint_key_credential = "missing";
  EXPECT_THAT(checkpoint_key_opener(config, dir.path())().error().message,
              HasSubstr((dir.path() / "missing").string()));
  config.checkpoint_key_credential.clear();
  EXPECT_TRUE(checkpoint_key_opener(config, "")());
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "checkpoint-key.pub")) << "made there";
}

TEST(CheckpointLog, HoldsTheNoteOnOneLine) {
  Signed service;
  EXPECT_TRUE(service.stop());
  testing::internal::CaptureStderr();
  Log log({.level = LogLevel::info});
  log_checkpoints(log, service.house.lines);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("msg=checkpoint note=\"smokeledger-chain-v1/staging-"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace smokeledger::daemon
