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
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// Of a line of the slice that is posted, which is a JSON string.
constexpr const char* kind_of_proof = R"(\"kind\":\"checkpoint\")";

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
  ~HandingOver() override {
    desk_.then = nullptr;
    hand_over_.reset();
  }

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
    hand_over_ = std::make_unique<HandOver>(
        HandOver::Parts{*desk_.journal,
                        *desk_.keeper,
                        desk_.clock,
                        random_,
                        transport,
                        log_,
                        [this](auto work) { desk_.io.post(work); },
                        name,
                        [this](auto to, auto lacks) { lacks_[to] = lacks; }});
    desk_.then = [this](const Records& records) { hand_over_->observe(records); };
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
  // With whatever other threads find out meanwhile.
  void wait_an_hour() {
    const auto until = desk_.clock.now() + core::Milliseconds(3'600'000);
    for (int round = 0; round < 500 && desk_.clock.now() < until; ++round) {
      desk_.settle();
      const auto next = desk_.clock.now() + core::Milliseconds(60'000);
      while (desk_.clock.fire_next(next)) {
      }
      desk_.clock.move_to(next);
    }
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(outbox_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  tests::PacketDesk desk_{true};
  tests::ScratchDir scratch_;
  std::filesystem::path outbox_ = scratch_.path() / "outbox";
  config::Config config_;
  tests::ListedDraws random_{{0.5}};
  tests::ScriptedTransport transport_{desk_.clock, {answered(200)}};
  Log log_{{.level = LogLevel::off}};
  std::map<core::HandedTo, std::uint64_t> lacks_;
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
  const auto packet = desk_.packets.front();
  EXPECT_THAT(files(),
              UnorderedElementsAre(packet + ".json", packet + ".md", packet + ".slice.jsonl"));
  EXPECT_THAT(tests::read_bytes(outbox_ / (packet + ".slice.jsonl")), HasSubstr("checkpoint"));
  hand_over_->start();
  settle(3);
  EXPECT_THAT(desk_.events, SizeIs(2)) << "once";
  EXPECT_THAT(lacks_, ElementsAre(Pair(core::HandedTo::outbox, 0U)));
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
              Contains(Pair("x-smokeledger-signature", HasSubstr("sha256="))));
}

TEST_F(HandingOver, HandsOverToBothWithTheProofOfTheNewestLine) {
  use_outbox();
  use_webhook();
  start();
  open_packet();
  desk_.deliver(tests::delivery_of({tests::alert_of("f1", core::AlertStatus::firing, "")}));
  settle(6);
  EXPECT_THAT(desk_.events, SizeIs(6));
  EXPECT_THAT(files(), SizeIs(6));
  ASSERT_THAT(transport_.sent, SizeIs(2));
  for (const auto& sent : transport_.sent) {
    EXPECT_THAT(sent.request.body, HasSubstr(kind_of_proof));
  }
}

TEST_F(HandingOver, WaitsForTheProofOfALineThatNobodyAskedACheckpointFor) {
  use_webhook();
  open_packet();
  const auto& book = desk_.journal->packets();
  desk_.append(core::line_of(book, book.live.begin()->first, core::PacketEvent::repeated));
  start();
  settle(3);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "repeated", "handed_over"));
  ASSERT_THAT(transport_.sent, SizeIs(1));
  EXPECT_THAT(transport_.sent[0].request.body, HasSubstr(kind_of_proof));
}

TEST_F(HandingOver, TriesAgainAsOftenAndAsLateAsThePolicySaysAndGivesUp) {
  tests::ScriptedTransport transport(desk_.clock, {answered(500), answered(429), answered(503)});
  std::vector<core::Instant> sent_at;
  transport.on_send = [&](const auto&) { sent_at.push_back(desk_.clock.now()); };
  use_webhook();
  open_packet();
  start(transport);
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "not_handed_over"));
  EXPECT_EQ(lacks_[core::HandedTo::webhook], 1U);
  ASSERT_THAT(sent_at, SizeIs(core::HandOverPolicy{}.attempts));
  for (std::uint32_t made = 1; made < sent_at.size(); ++made) {
    const auto waited = sent_at[made] - sent_at[made - 1] - transport.takes;
    EXPECT_EQ(waited, core::wait_to_hand_over({}, made, core::Draw{0.5})) << made;
  }
  hand_over_.reset();
}

TEST_F(HandingOver, SendsNothingToAUrlThatMayNotBeUsedAndEverythingOnceItIsMended) {
  use_webhook("http://hooks.example.com/secret");
  open_packet();
  start();
  wait_an_hour();
  EXPECT_THAT(desk_.events, ElementsAre("opened")) << "due as long as nobody mends it";
  EXPECT_THAT(transport_.sent, IsEmpty());
  use_webhook();
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "handed_over"));
}

TEST_F(HandingOver, GoesOnWithWhatAReloadSays) {
  use_webhook("http://hooks.example.com/secret");
  open_packet();
  start();
  wait_an_hour();
  config_.packets.webhook_url = {};
  use_outbox();
  hand_over_->use(config_, "");
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "handed_over"));
  EXPECT_THAT(files(), SizeIs(3));
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

TEST_F(HandingOver, KeepsWhatCannotBeWrittenUntilItCanBe) {
  use_outbox();
  std::filesystem::remove(outbox_);
  open_packet();
  start();
  wait_an_hour();
  EXPECT_THAT(desk_.events, ElementsAre("opened"));
  std::filesystem::create_directory(outbox_);
  settle(2);
  EXPECT_THAT(desk_.events, ElementsAre("opened", "handed_over"));
}

}  // namespace
}  // namespace smokeledger::daemon
