// Random sequences against a model that knows nothing of lines: exactly one live packet an
// incident.
#include <deque>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/chance.h"
#include "tests/support/packet_house.h"

namespace smokeledger::probes::core {
namespace {

using tests::alert_of;
using tests::Chance;
using tests::PacketHouse;

// What is known of alerts and packets, by the names of their incidents.
struct Model {
  struct Alert {
    std::string incident;
    bool fires = true;
  };
  std::set<std::string> live;
  std::map<AlertIdentity, Alert> alerts;  // of live incidents
  std::set<AlertIdentity> over;           // of closed ones
  std::size_t opened = 0;

  void begin(const std::string& incident) {
    if (live.insert(incident).second) ++opened;
  }
  void hear(const ReceivedAlert& alert, const std::string& incident) {
    if (over.contains(alert.identity)) return;
    const auto [known, first] = alerts.try_emplace(alert.identity, Alert{incident, true});
    if (first) begin(incident);
    if (alert.status == AlertStatus::resolved) known->second.fires = false;
  }
  void close(const std::string& incident) {
    live.erase(incident);
    for (auto it = alerts.begin(); it != alerts.end();) {
      if (it->second.incident != incident) {
        ++it;
        continue;
      }
      over.insert(it->first);
      it = alerts.erase(it);
    }
  }
};

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : chance_(seed) {}

  void step() {
    house_.now += std::chrono::seconds{chance_.below(90)};
    switch (chance_.below(8)) {
      case 0:
      case 1:
        return run_probe();
      case 2:
      case 3:
        return deliver(fresh());
      case 4:
      case 5:
        return deliver_again();
      case 6:
        return close_one();
      default:
        return restart();
    }
  }

  void check() const {
    std::multiset<std::string> live;
    std::map<AlertIdentity, bool> fires;
    for (const auto& [number, packet] : house_.book.live) {
      live.insert(packet.probe.empty() ? packet.group_key : packet.probe);
      for (const auto& [alert, status] : packet.alerts) {
        fires[alert] = status == AlertStatus::firing;
      }
    }
    ASSERT_EQ(live, std::multiset<std::string>(model_.live.begin(), model_.live.end()));
    std::map<AlertIdentity, bool> expected;
    for (const auto& [alert, known] : model_.alerts) expected[alert] = known.fires;
    ASSERT_EQ(fires, expected);
    ASSERT_EQ(opened_, model_.opened);
  }
  std::size_t opened() const { return opened_; }

 private:
  void run_probe() {
    const std::string probe = chance_.one_in(2) ? "chat-walk" : "chat-direct";
    const bool escalates = chance_.one_in(2);
    escalates ? house_.escalates(probe) : house_.is_usable(probe);
    if (escalates) model_.begin(probe);
    // The process ends between the outcome and its line, and asks again when it starts.
    if (chance_.one_in(5)) restart();
    house_.settle("chat-walk");
    house_.settle("chat-direct");
    count_opened();
  }

  AlertDelivery fresh() {
    AlertDelivery delivery;
    delivery.group_key = "group " + std::to_string(chance_.below(3));
    const auto size = 1 + chance_.below(3);
    for (std::int64_t i = 0; i < size; ++i) {
      const std::string names[] = {"chat-walk", "chat-direct", "somebody-else", ""};
      const auto status = chance_.one_in(3) ? AlertStatus::resolved : AlertStatus::firing;
      ReceivedAlert alert = alert_of("f" + std::to_string(chance_.below(12)),
                                     status,
                                     chance_.of(std::vector<std::string>(names, names + 4)),
                                     std::to_string(begun_ / 10));
      alert.group_key = delivery.group_key;
      delivery.alerts.push_back(std::move(alert));
      ++begun_;
    }
    return delivery;
  }

  void deliver(const AlertDelivery& delivery) {
    for (const auto& alert : delivery.alerts) {
      const std::string probe(alert.label(AlertLabel::probe));
      const bool ours = house_.scope.probes.contains(probe);
      model_.hear(alert, ours ? probe : alert.group_key);
    }
    // The process ends before all is said, and the sender tries again.
    if (chance_.one_in(4)) {
      const auto due = lines_for(house_.book, delivery, house_.scope, house_.now);
      const auto durable = static_cast<std::size_t>(chance_.below(due.lines.size() + 1));
      for (std::size_t i = 0; i < durable; ++i) house_.append(due.lines[i]);
      restart();
    }
    ASSERT_TRUE(house_.deliver(delivery));
    count_opened();
    past_.push_back(delivery);
    if (past_.size() > 30) past_.pop_front();
  }

  void deliver_again() {
    if (past_.empty()) return;
    AlertDelivery delivery = past_[static_cast<std::size_t>(chance_.below(past_.size()))];
    for (auto& alert : delivery.alerts) {
      if (chance_.one_in(3)) alert.status = AlertStatus::resolved;
    }
    deliver(delivery);
  }

  void close_one() {
    if (house_.book.live.empty()) return;
    auto packet = house_.book.live.begin();
    std::advance(packet, chance_.below(house_.book.live.size()));
    model_.close(packet->second.probe.empty() ? packet->second.group_key : packet->second.probe);
    house_.close(packet->first);
  }

  void restart() {
    const PacketBook carried = house_.after_rotation();
    ASSERT_EQ(carried, house_.book);
    house_.book = carried;
  }

  void count_opened() {
    for (; read_ < house_.lines.size(); ++read_) {
      const auto* line = std::get_if<PacketLine>(&house_.lines[read_].first);
      if (line != nullptr && line->event == PacketEvent::opened) ++opened_;
    }
  }

  Chance chance_;
  PacketHouse house_;
  Model model_;
  std::deque<AlertDelivery> past_;
  std::int64_t begun_ = 0;
  std::size_t read_ = 0;
  std::size_t opened_ = 0;
};

TEST(PacketsAtRandom, AreExactlyOneForEachIncidentThroughCrashesAndReplays) {
  Simulation simulation(20261121);
  for (int i = 0; i < 10'000; ++i) {
    simulation.step();
    simulation.check();
    if (testing::Test::HasFatalFailure()) FAIL() << "in step " << i;
  }
  EXPECT_GT(simulation.opened(), 500U) << "it went somewhere";
}

}  // namespace
}  // namespace smokeledger::probes::core
