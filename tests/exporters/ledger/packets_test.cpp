// Packets in a ledger: how long their lines can be, and that a new segment goes on from them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/codec.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::encode;
using ledger::Ledger;

std::size_t size_of(const core::Line& line) {
  ledger::Hasher hasher;
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  const auto encoded =
      encode(hasher, {last, {}, std::string(40, 'l') + "-0a1b2c3d", at(noon), 1}, line);
  EXPECT_TRUE(encoded) << encoded.error().message;
  return encoded ? encoded->bytes.size() - 1 : 0;
}

// What every character of which needs an escape.
std::string longest(std::size_t size) {
  return std::string(size, '\\');
}
// As a person may write it.
std::string longest_note(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += "\xF0\x9F\x98\x80";
  return text;
}

core::ReceivedAlert longest_alert() {
  core::ReceivedAlert alert;
  alert.status = core::AlertStatus::resolved;
  alert.group_key = longest(core::max_group_key);
  alert.identity = {std::string(core::max_fingerprint, 'f'), std::string(core::max_starts_at, '9')};
  for (const auto name : core::every<core::AlertLabel>()) {
    alert.labels.emplace(name, longest(core::max_label_value));
  }
  alert.summary = longest(core::max_summary);
  return alert;
}

TEST(PacketLines, FitWhateverComesIn) {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  core::PacketLine line = sample_packet();
  line.packet = last;
  line.cited_seq = last;
  line.environment = std::string(40, 'e');
  line.probe = std::string(40, 'p');
  line.alert = longest_alert();
  line.note = longest_note(core::max_note_characters);
  line.follow_up_owner = longest(200);
  line.result = longest_note(core::max_packet_text);
  line.changed = longest_note(core::max_packet_text);
  line.remaining_uncertainty = longest_note(core::max_packet_text);
  EXPECT_LE(size_of(line), ledger::max_line_bytes);
}

core::PacketBook longest_book() {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  core::PacketBook book;
  core::LivePacket packet = sample_live_packet();
  packet.environment = std::string(40, 'e');
  packet.probe = std::string(40, 'p');
  packet.group_key = longest(core::max_group_key);
  packet.alertname = longest(core::max_label_value);
  packet.follow_up_owner = longest(200);
  packet.alerts.clear();
  for (std::size_t i = 0; i < core::max_alerts_of_a_packet; ++i) {
    auto identity = longest_alert().identity;
    identity.fingerprint.replace(0, 3, std::to_string(100 + i));
    packet.alerts.emplace(identity, core::AlertStatus::resolved);
  }
  book.live.emplace(last, packet);
  for (std::size_t i = 0; i < core::max_closed_alerts; ++i) {
    auto identity = longest_alert().identity;
    identity.fingerprint.replace(0, 3, std::to_string(100 + i));
    book.closed.add(identity);
  }
  core::ProbeOutcomes outcomes{std::string(40, 'e'), {}, last};
  for (std::size_t i = 0; i < core::max_policy_outcomes; ++i) {
    outcomes.newest.push_back({last - i, true});
  }
  for (int i = 10; i < 60; ++i) {
    book.probes.emplace(std::to_string(i) + std::string(38, 'p'), outcomes);
  }
  return book;
}

TEST(PacketLines, FitAlsoWhereTheyAreCarried) {
  const auto lines = carry_lines(longest_book());
  EXPECT_GT(lines.size(), 10U);
  for (const auto& line : lines) EXPECT_LE(size_of(line), ledger::max_line_bytes);
}

core::OutcomeLine escalated(std::uint32_t run) {
  core::Outcome outcome = outcome_of("chat-walk", run);
  outcome.decision = core::Decision::escalate;
  outcome.check_result = core::CheckResult::fail;
  return {outcome};
}

TEST(PacketsOfALedger, AreTheSameInEachNewSegmentAndAfterEachStart) {
  const ScratchDir dir;
  auto options = options_in(dir.path());
  options.segment_bytes = 16'384;
  auto opened = Ledger::open(options).value();
  for (std::uint32_t run = 1; run <= 40; ++run) {
    ASSERT_TRUE(opened->append(std::vector<core::Line>{escalated(run)}, at(noon)));
    core::PacketLine packet = sample_packet();
    packet.event = core::PacketEvent::opened;
    packet.packet.reset();
    packet.cited_seq = opened->next_seq() - 1;
    packet.alert->identity.fingerprint = "f" + std::to_string(run);
    ASSERT_TRUE(opened->append(std::vector<core::Line>{packet}, at(noon)));
    if (run % 3 == 0) {
      auto closed = core::line_of(
          opened->packets(), opened->packets().live.begin()->first, core::PacketEvent::closed);
      ASSERT_TRUE(opened->append(std::vector<core::Line>{closed}, at(noon)));
    }
  }
  EXPECT_GT(segment_files(dir.path()).size(), 3U);
  const core::PacketBook book = opened->packets();
  EXPECT_EQ(book.live.size(), 27U);
  opened.reset();
  EXPECT_EQ(Ledger::open(options).value()->packets(), book);
}

}  // namespace
}  // namespace smokeledger::tests
