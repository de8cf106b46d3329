#include "daemon/hand_over.h"

#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/query.h"
#include "tests/daemon/packet_desk.h"

namespace smokeledger::daemon {
namespace {

using core::CheckResult;
using core::Decision;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

core::Exchange answered(int status) {
  return core::Reply{.http_status = status, .headers = {}, .body = {}};
}

// A desk whose packets are handed over, to a transport that answers as it is told.
class HandingOver : public testing::Test {
 protected:
  HandingOver() {
    std::filesystem::create_directory(outbox_);
    config_.ledger.dir = desk_.dir.path();
    config_.environment = "staging";
  }
  ~HandingOver() override { hand_over_.reset(); }

  void use_outbox() { config_.packets.outbox = outbox_.string(); }
  void use_webhook(const std::string& url = "https://hooks.example.com/secret") {
    tests::write_bytes(scratch_.path() / "url", url);
    tests::write_bytes(scratch_.path() / "key", "the-key");
    config_.packets.webhook_url.file = scratch_.path() / "url";
    config_.packets.webhook_key.file = scratch_.path() / "key";
  }
  void open_packet() { desk_.append(tests::decided(Decision::escalate, CheckResult::fail)); }
  void start() { start(transport_); }
  void start(probes::run::Transport& transport) {
    const std::string name = exporters::ledger::head(desk_.dir.path()).value().ledger;
    hand_over_ =
        std::make_unique<HandOver>(HandOver::Parts{*desk_.journal,
                                                   *desk_.keeper,
                                                   desk_.clock,
                                                   random_,
                                                   transport,
                                                   log_,
                                                   [this](auto work) { desk_.io.post(work); },
                                                   name});
    hand_over_->use(config_, "");
    hand_over_->start();
  }
  // Files are written on another thread: until so many lines are there.
  void settle(std::size_t events) {
    for (int round = 0; round < 5'000 && desk_.events.size() < events; ++round) {
      desk_.settle();
      desk_.clock.fire_next();
    }
    desk_.settle();
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(outbox_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  tests::PacketDesk desk_;
  tests::ScratchDir scratch_;
  std::filesystem::path outbox_ = scratch_.path() / "outbox";
  config::Config config_;
  tests::ListedDraws random_;
  tests::ScriptedTransport transport_{desk_.clock, {answered(200)}};
  Log log_{{.level = LogLevel::off}};
  std::unique_ptr<HandOver> hand_over_;
};

TEST_F(HandingOver, DoesNothingWhereNobodyIsConfigured) {
  open_packet();
  start();
  desk_.settle();
  EXPECT_THAT(desk_.events, ElementsAre("opened"));
}

TEST_F(HandingOver, WritesAPacketForTheOutboxAndSaysSoOnce) {
  use_outbox();
  open_packet();
  start();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "handed_over"));
  EXPECT_THAT(files(), SizeIs(2));
  hand_over_->start();
  settle(3);
  EXPECT_THAT(desk_.events, SizeIs(2)) << "once";
}

TEST_F(HandingOver, PostsItSignedAndGoesOnWithTheNext) {
  use_webhook();
  open_packet();
  desk_.deliver(tests::delivery_of({tests::alert_of("f1", core::AlertStatus::firing, "")}));
  ASSERT_THAT(desk_.journal->packets().live, SizeIs(2));
  start();
  settle(4);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "opened", "handed_over", "handed_over"));
  ASSERT_THAT(transport_.sent, SizeIs(2));
  EXPECT_EQ(transport_.sent[0].request.url, "https://hooks.example.com/secret");
  EXPECT_THAT(transport_.sent[0].request.headers,
              Contains(testing::Pair("x-smokeledger-signature", HasSubstr("sha256="))));
}

TEST_F(HandingOver, TriesAgainAsOftenAsThePolicySaysAndGivesUp) {
  tests::ScriptedTransport transport(desk_.clock, {answered(500), answered(429), answered(503)});
  use_webhook();
  open_packet();
  start(transport);
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "not_handed_over"));
  EXPECT_THAT(transport.sent, SizeIs(core::HandOverPolicy{}.attempts));
  hand_over_.reset();
}

TEST_F(HandingOver, SendsNothingToAUrlThatMayNotBeUsed) {
  use_webhook("http://hooks.example.com/secret");
  open_packet();
  start();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "not_handed_over"));
  EXPECT_THAT(transport_.sent, IsEmpty());
}

TEST_F(HandingOver, ThatIsStoppedLeavesTheRestToTheNextStart) {
  use_webhook();
  open_packet();
  start();
  hand_over_->stop();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened"));
  start();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "handed_over"));
}

TEST_F(HandingOver, GivesUpAFolderThatIsNotThereAfterItsAttempts) {
  use_outbox();
  std::filesystem::remove(outbox_);
  open_packet();
  start();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "not_handed_over"));
  const auto& live = desk_.journal->packets().live;
  ASSERT_THAT(live, Not(IsEmpty()));
  EXPECT_FALSE(live.begin()->second.handed.at(core::HandedTo::outbox));
}

}  // namespace
}  // namespace smokeledger::daemon
