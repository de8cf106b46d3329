#include "exporters/packets/gather.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

namespace packets = exporters::packets;
using ledger::Ledger;

// A ledger with one packet over as many escalations; each is a run that the packet cites.
class APacketInALedger : public ::testing::Test {
 protected:
  std::uint64_t append(const core::Line& line) {
    return ledger_->append({&line, 1}, at(noon)).value().back().seq();
  }
  std::uint64_t escalates() {
    core::Outcome outcome = outcome_of("chat-walk", ++run_);
    outcome.decision = core::Decision::escalate;
    return append(core::OutcomeLine{outcome});
  }
  core::PacketLine citing(core::PacketEvent event, std::uint64_t cited) const {
    core::PacketLine line;
    line.event = event;
    if (event != core::PacketEvent::opened) line.packet = packet_;
    line.opener = core::PacketOpener::policy;
    line.environment = "staging";
    line.probe = "chat-walk";
    line.cited_seq = cited;
    return line;
  }
  void open_over(std::size_t runs) {
    packet_ = append(citing(core::PacketEvent::opened, escalates()));
    for (std::size_t i = 1; i < runs; ++i) {
      append(citing(core::PacketEvent::repeated, escalates()));
    }
  }
  packets::PacketEvidence gathered() const {
    return packets::gather(dir_.path(),
                           ledger_->name() + '-' + std::to_string(packet_),
                           {"staging", {}, {}, {}, {}})
        .value();
  }

  ScratchDir dir_;
  std::unique_ptr<Ledger> ledger_ = Ledger::open(options_in(dir_.path())).value();
  std::uint32_t run_ = 0;
  std::uint64_t packet_ = 0;
};

TEST_F(APacketInALedger, HoldsTheFirstAndTheNewestRunsAndCountsThoseBetween) {
  open_over(packets::most_runs);
  EXPECT_EQ(gathered().outcomes.size(), packets::most_runs);
  EXPECT_EQ(gathered().runs_left_out, 0U);
  append(citing(core::PacketEvent::repeated, escalates()));
  append(citing(core::PacketEvent::repeated, escalates()));
  const auto evidence = gathered();
  EXPECT_EQ(evidence.outcomes.size(), packets::most_runs);
  EXPECT_EQ(evidence.runs_left_out, 2U);
  EXPECT_EQ(evidence.lines_gone, 0U);
  EXPECT_EQ(evidence.ledger_dir, dir_.path());
}

TEST_F(APacketInALedger, CountsTheLinesThatTheLedgerDoesNotHoldAnyMore) {
  open_over(1);
  append(citing(core::PacketEvent::repeated, 1'000'000));
  const auto evidence = gathered();
  EXPECT_EQ(evidence.outcomes.size(), 1U);
  EXPECT_EQ(evidence.lines_gone, 1U);
}

TEST_F(APacketInALedger, ComesWithTheDecisionsThatPeopleRecordedSinceItBegan) {
  append(core::DecisionLine{sample_decision()});
  open_over(1);
  core::HumanDecision decision = sample_decision();
  decision.cited_seq = packet_;
  append(core::DecisionLine{decision});
  const auto evidence = gathered();
  ASSERT_EQ(evidence.decisions.size(), 1U);
  EXPECT_EQ(packets::compose(evidence).decisions.front().said, decision);
}

}  // namespace
}  // namespace smokeledger::tests
