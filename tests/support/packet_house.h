// A ledger in memory, its packets, and what is asked of them: for tests of escalation packets.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/packet_alerts.h"
#include "probes/core/packet_policy.h"

namespace smokeledger::tests {

namespace core = probes::core;

inline core::OutcomeLine decided(core::Decision decision,
                                 core::CheckResult result,
                                 const std::string& probe = "chat-walk") {
  core::Outcome outcome;
  outcome.probe = probe;
  outcome.environment = "staging";
  outcome.decision = decision;
  outcome.check_result = result;
  return {outcome};
}

inline core::ReceivedAlert alert_of(const std::string& fingerprint,
                                    core::AlertStatus status = core::AlertStatus::firing,
                                    const std::string& probe = "chat-walk",
                                    const std::string& starts_at = "2026-11-21T08:00:00Z") {
  core::ReceivedAlert alert;
  alert.status = status;
  alert.group_key = "{}:{alertname=\"Escalate\"}";
  alert.identity = {fingerprint, starts_at};
  alert.labels = {{core::AlertLabel::alertname, "Escalate"}};
  if (!probe.empty()) alert.labels.emplace(core::AlertLabel::probe, probe);
  return alert;
}

inline core::AlertDelivery delivery_of(std::vector<core::ReceivedAlert> alerts) {
  return {alerts.front().group_key, std::move(alerts)};
}

class PacketHouse {
 public:
  std::uint64_t append(const core::Line& line) {
    lines.emplace_back(line, now);
    core::fold(book, line, lines.size(), now);
    return lines.size();
  }
  void escalates(const std::string& probe = "chat-walk") {
    append(decided(core::Decision::escalate, core::CheckResult::fail, probe));
  }
  void is_usable(const std::string& probe = "chat-walk") {
    append(decided(core::Decision::keep_primary, core::CheckResult::pass, probe));
  }
  // As the service does after each durable outcome, and for each probe at its start.
  std::vector<core::PacketLine> settle(const std::string& probe = "chat-walk") {
    std::vector<core::PacketLine> said;
    while (const auto line = core::due(book, probe, policy, scope.environment)) {
      said.push_back(*line);
      if (said.size() > 100) throw std::logic_error("there is always another line due");
      append(*line);
    }
    return said;
  }
  // As the service does with a delivery. True: it would answer that it has it.
  bool deliver(const core::AlertDelivery& delivery) {
    for (int asked = 0; asked < 100; ++asked) {
      const auto due = core::lines_for(book, delivery, scope, now);
      for (const auto& line : due.lines) append(line);
      if (due.lines.empty()) return !due.full;
    }
    throw std::logic_error("there is always another line due");
  }
  bool deliver(core::ReceivedAlert alert) { return deliver(delivery_of({std::move(alert)})); }
  void close(std::uint64_t packet) {
    append(core::line_of(book, packet, core::PacketEvent::closed));
  }
  // The book of a process that read the first `count` lines.
  core::PacketBook after_crash(std::size_t count) const {
    core::PacketBook again;
    for (std::size_t i = 0; i < count; ++i) {
      core::fold(again, lines[i].first, i + 1, lines[i].second);
    }
    return again;
  }
  // The book of a process that read the last segment alone.
  core::PacketBook after_rotation() const {
    core::PacketBook again;
    for (const auto& line : core::carry_lines(book)) core::fold(again, line, lines.size() + 1, now);
    return again;
  }
  std::vector<core::PacketLine> packet_lines() const {
    std::vector<core::PacketLine> found;
    for (const auto& [line, at] : lines) {
      if (const auto* packet = std::get_if<core::PacketLine>(&line)) found.push_back(*packet);
    }
    return found;
  }
  std::size_t opened() const {
    const auto all = packet_lines();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& line) {
      return line.event == core::PacketEvent::opened;
    }));
  }

  core::PacketBook book;
  core::PacketPolicy policy;
  core::AlertScope scope{"staging", {"chat-walk", "chat-direct"}};
  core::WallTime now = *core::parse_utc("2026-11-21T08:00:00Z");
  std::vector<std::pair<core::Line, core::WallTime>> lines;  // numbered from 1
};

}  // namespace smokeledger::tests
