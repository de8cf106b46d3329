#include "probes/core/packet_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::alert_of;
using tests::delivery_of;
using tests::PacketHouse;

constexpr auto firing = AlertStatus::firing;
constexpr auto resolved = AlertStatus::resolved;

std::vector<std::string> events(const PacketHouse& house) {
  std::vector<std::string> found;
  for (const auto& line : house.packet_lines()) found.emplace_back(word(line.event));
  return found;
}

const LivePacket& only_packet(const PacketHouse& house) {
  EXPECT_THAT(house.book.live, SizeIs(1));
  return house.book.live.begin()->second;
}

std::map<std::string, std::map<AlertIdentity, AlertStatus>> alerts_by_probe(
    const PacketHouse& house) {
  std::map<std::string, std::map<AlertIdentity, AlertStatus>> found;
  for (const auto& [number, packet] : house.book.live) found[packet.probe] = packet.alerts;
  return found;
}

TEST(AlertsDelivered, OpenOnePacketOfAnIncidentHoweverOftenTheyCome) {
  const std::vector<AlertDelivery> deliveries{
      delivery_of({alert_of("f1")}),
      delivery_of({alert_of("f1"), alert_of("f2")}),
      delivery_of({alert_of("f1", resolved), alert_of("f2")}),
      delivery_of({alert_of("f2", resolved)}),
  };
  PacketHouse house;
  for (const auto& delivery : deliveries) {
    for (int replay = 0; replay < 3; ++replay) EXPECT_TRUE(house.deliver(delivery));
  }
  EXPECT_THAT(events(house), ElementsAre("opened", "repeated", "resolved", "resolved"));
  EXPECT_EQ(only_packet(house).state(), PacketState::resolved);
  for (const auto& delivery : deliveries) EXPECT_TRUE(house.deliver(delivery));
  EXPECT_THAT(house.packet_lines(), SizeIs(4)) << "all of them once more, in a row";
}

TEST(AlertsDelivered, AreSaidTheSameAfterACrashBetweenAnyTwoLines) {
  const auto delivery = delivery_of({alert_of("f1"),
                                     alert_of("f2"),
                                     alert_of("g1", firing, ""),
                                     alert_of("f1", resolved),
                                     alert_of("g2", resolved, "")});
  PacketHouse whole;
  whole.deliver(delivery);
  ASSERT_THAT(whole.lines, SizeIs(5));
  for (std::size_t read = 0; read <= whole.lines.size(); ++read) {
    PacketHouse again;
    again.lines.assign(whole.lines.begin(),
                       whole.lines.begin() + static_cast<std::ptrdiff_t>(read));
    again.book = whole.after_crash(read);
    EXPECT_TRUE(again.deliver(delivery));
    EXPECT_EQ(again.opened(), 2U) << read;
    EXPECT_EQ(again.packet_lines().size(), whole.packet_lines().size()) << read;
    EXPECT_EQ(again.book.by_alert.size(), whole.book.by_alert.size()) << read;
    EXPECT_EQ(alerts_by_probe(again), alerts_by_probe(whole)) << read;
  }
}

TEST(AlertsDelivered, ThatStillFireSaySoAtMostOnceAMinuteForAPacket) {
  PacketHouse house;
  const auto both = delivery_of({alert_of("f1"), alert_of("f2")});
  house.deliver(both);
  house.now += std::chrono::seconds{59};
  house.deliver(both);
  EXPECT_THAT(house.packet_lines(), SizeIs(2));
  house.now += std::chrono::seconds{1};
  house.deliver(both);
  EXPECT_THAT(events(house), ElementsAre("opened", "repeated", "repeated"));
  house.now -= std::chrono::hours{24};
  house.deliver(both);
  EXPECT_THAT(house.packet_lines(), SizeIs(4)) << "the clock was set back";
}

TEST(AlertsDelivered, OpenAndResolveInOneLineWhatEndedBeforeItWasHeardOf) {
  PacketHouse house;
  house.deliver(alert_of("f1", resolved));
  EXPECT_EQ(only_packet(house).state(), PacketState::resolved);
  house.deliver(alert_of("f1", firing));
  EXPECT_THAT(events(house), ElementsAre("opened")) << "the late one is a duplicate";
  house.deliver(alert_of("f1", firing, "chat-walk", "2026-11-21T09:00:00Z"));
  EXPECT_THAT(events(house), ElementsAre("opened", "repeated")) << "it began again";
  EXPECT_EQ(only_packet(house).state(), PacketState::open);
}

TEST(AlertsDelivered, OfAClosedPacketOpenNothing) {
  PacketHouse house;
  house.deliver(delivery_of({alert_of("f1"), alert_of("f2")}));
  house.close(1);
  house.now += std::chrono::hours{4};
  for (const auto status : {firing, resolved, firing}) {
    EXPECT_TRUE(house.deliver(alert_of("f1", status)));
    EXPECT_TRUE(house.deliver(alert_of("f2", status)));
  }
  EXPECT_EQ(house.opened(), 1U);
  EXPECT_THAT(house.book.live, IsEmpty());
  house.deliver(alert_of("f1", firing, "chat-walk", "2026-11-21T13:00:00Z"));
  EXPECT_EQ(house.opened(), 2U) << "a new incident";
}

TEST(AlertsDelivered, JoinThePacketThatThePolicyOpened) {
  PacketHouse house;
  house.escalates();
  house.settle();
  house.deliver(alert_of("f1"));
  EXPECT_THAT(events(house), ElementsAre("opened", "repeated"));
  house.is_usable();
  house.settle();
  EXPECT_EQ(only_packet(house).state(), PacketState::open) << "the alert still fires";
  house.deliver(alert_of("f1", resolved));
  EXPECT_EQ(only_packet(house).state(), PacketState::resolved);
}

TEST(AlertsDelivered, AreJoinedByThePolicyWhereTheyCameFirst) {
  PacketHouse house;
  house.policy = {3, 3};
  house.escalates();
  EXPECT_THAT(house.settle(), IsEmpty());
  house.deliver(alert_of("f1"));
  EXPECT_EQ(house.packet_lines().front().cited_seq, 1U) << "its evidence";
  EXPECT_THAT(house.settle(), IsEmpty()) << "the packet accounts for it";
  house.escalates();
  EXPECT_EQ(house.settle().front().event, PacketEvent::repeated);
  house.is_usable();
  EXPECT_EQ(house.settle().front().event, PacketEvent::resolved);
  EXPECT_EQ(house.opened(), 1U);
}

TEST(AlertsDelivered, BelongToTheirGroupWithoutAProbeOfOursInOurEnvironment) {
  struct Case {
    const char* name;
    std::map<AlertLabel, std::string> labels;
    const char* probe;
  };
  const Case cases[] = {
      {"ours",
       {{AlertLabel::probe, "chat-walk"}, {AlertLabel::environment, "staging"}},
       "chat-walk"},
      {"no environment said", {{AlertLabel::probe, "chat-walk"}}, "chat-walk"},
      {"elsewhere",
       {{AlertLabel::probe, "chat-walk"}, {AlertLabel::environment, "production"}},
       ""},
      {"not configured", {{AlertLabel::probe, "somebody-else"}}, ""},
      {"no probe", {{AlertLabel::environment, "staging"}}, ""},
      {"nothing", {}, ""},
  };
  for (const auto& c : cases) {
    PacketHouse house;
    ReceivedAlert alert = alert_of("f1", firing, "");
    alert.labels = c.labels;
    house.deliver(alert);
    EXPECT_EQ(only_packet(house).probe, c.probe) << c.name;
    EXPECT_EQ(only_packet(house).environment, "staging") << c.name;
    alert.identity.fingerprint = "f2";
    house.deliver(alert);
    EXPECT_EQ(house.opened(), 1U) << c.name;
  }
}

TEST(AlertsDelivered, FromAnotherEnvironmentKeepItsName) {
  ReceivedAlert alert = alert_of("f1");
  EXPECT_EQ(foreign_environment(alert, "staging"), "");
  alert.labels[AlertLabel::environment] = "staging";
  EXPECT_EQ(foreign_environment(alert, "staging"), "");
  alert.labels[AlertLabel::environment] = "production";
  EXPECT_EQ(foreign_environment(alert, "staging"), "production");
}

TEST(AlertsDelivered, OfTwoGroupsOpenTwoPackets) {
  PacketHouse house;
  ReceivedAlert other = alert_of("f2", firing, "");
  other.group_key = "{}:{alertname=\"Other\"}";
  house.deliver(alert_of("f1", firing, ""));
  house.deliver(other);
  EXPECT_EQ(house.opened(), 2U);
}

TEST(AlertsDelivered, AboutFamiliesPacketsReviewsAndTheLedgerGiveNoLineUnlessAskedFor) {
  for (const char* about : {"families", "packets", "reviews", "ledger"}) {
    PacketHouse house;
    ReceivedAlert alert = alert_of("f1");
    alert.labels[AlertLabel::about] = about;
    EXPECT_TRUE(house.deliver(alert));
    EXPECT_THAT(house.lines, IsEmpty()) << about;
    house.scope.ignored_about.clear();
    EXPECT_TRUE(house.deliver(alert));
    EXPECT_THAT(house.lines, SizeIs(1)) << about;
  }
}

TEST(AlertsDelivered, SayThatTheSenderLeftSomeOut) {
  PacketHouse house;
  auto delivery = delivery_of({alert_of("f1")});
  delivery.left_out = 7;
  house.deliver(delivery);
  EXPECT_EQ(house.packet_lines().front().remaining_uncertainty,
            "The sender left 7 further alerts out of this delivery.");
}

TEST(AlertsDelivered, BeyondAllThatAreToldApartAddOneLineAMinute) {
  PacketHouse house;
  std::vector<ReceivedAlert> alerts;
  for (std::size_t i = 0; i < max_alerts_of_a_packet + 50; ++i) {
    alerts.push_back(alert_of("f" + std::to_string(i)));
  }
  const auto delivery = delivery_of(alerts);
  EXPECT_TRUE(house.deliver(delivery));
  EXPECT_THAT(only_packet(house).alerts, SizeIs(max_alerts_of_a_packet));
  EXPECT_THAT(house.lines, SizeIs(max_alerts_of_a_packet));
  house.now += still_firing_every;
  EXPECT_TRUE(house.deliver(delivery));
  EXPECT_THAT(house.lines, SizeIs(max_alerts_of_a_packet + 1));
  house.now += still_firing_every;
  EXPECT_TRUE(house.deliver(alert_of("f140")));
  EXPECT_TRUE(only_packet(house).more_alerts);
  EXPECT_TRUE(house.deliver(alert_of("f141", resolved)));
  EXPECT_THAT(house.lines, SizeIs(max_alerts_of_a_packet + 2));
}

TEST(AlertsDelivered, AreToBeSentAgainWhereTooManyPacketsAreLive) {
  PacketHouse house;
  std::vector<ReceivedAlert> alerts;
  for (std::size_t i = 0; i <= max_live_packets; ++i) {
    alerts.push_back(alert_of("f" + std::to_string(i), firing, ""));
    alerts.back().group_key = "group " + std::to_string(i);
  }
  const AlertDelivery delivery{"many", alerts};
  EXPECT_FALSE(house.deliver(delivery));
  EXPECT_EQ(house.book.live.size(), max_live_packets);
  EXPECT_FALSE(house.deliver(alerts.back()));
  EXPECT_TRUE(house.deliver(alerts.front())) << "what is known needs no room";
  house.escalates();
  EXPECT_EQ(house.settle().front().event, PacketEvent::opened) << "nor does a policy";
  house.close(1);
  house.close(2);
  EXPECT_TRUE(house.deliver(alerts.back()));
}

}  // namespace
}  // namespace smokeledger::probes::core
