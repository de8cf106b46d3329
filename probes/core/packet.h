// An escalation packet: evidence gathered for a person or a provider's support. What is written of
// it are lines of the ledger; its id is that of the line that opened it. Values only; the fold over
// those lines is packet_lines.h. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class PacketEvent {
  opened,
  repeated,      // another escalation, a further alert, or one that still fires
  resolved,      // a usable outcome after an escalation, or an alert that ended
  acknowledged,  // a person has it
  closed,        // a person says how it ended
  handed_over,   // it went to somebody outside
  not_handed_over
};
template <>
struct Words<PacketEvent> {
  static constexpr std::array<std::string_view, 7> list{
      "opened", "repeated", "resolved", "acknowledged", "closed", "handed_over", "not_handed_over"};
};

// What opened a packet.
enum class PacketOpener { policy, alert, person };
template <>
struct Words<PacketOpener> {
  static constexpr std::array<std::string_view, 3> list{"policy", "alert", "person"};
};

// What the question of a packet is about.
enum class QuestionAbout { application, documentation, account, provider, unclear };
template <>
struct Words<QuestionAbout> {
  static constexpr std::array<std::string_view, 5> list{
      "application", "documentation", "account", "provider", "unclear"};
};

// Where a packet is handed over to.
enum class HandedTo { webhook, outbox };
template <>
struct Words<HandedTo> {
  static constexpr std::array<std::string_view, 2> list{"webhook", "outbox"};
};

enum class AlertStatus { firing, resolved };
template <>
struct Words<AlertStatus> {
  static constexpr std::array<std::string_view, 2> list{"firing", "resolved"};
};

// The labels of an alert that are kept.
enum class AlertLabel {
  alertname,
  severity,
  environment,
  probe,
  family,
  provider,
  about,  // of alerts of our own rules: what they speak of
  instance,
  job
};
template <>
struct Words<AlertLabel> {
  static constexpr std::array<std::string_view, 9> list{"alertname",
                                                        "severity",
                                                        "environment",
                                                        "probe",
                                                        "family",
                                                        "provider",
                                                        "about",
                                                        "instance",
                                                        "job"};
};

inline constexpr std::size_t max_group_key = 128;
inline constexpr std::size_t max_fingerprint = 64;
inline constexpr std::size_t max_starts_at = 40;
inline constexpr std::size_t max_label_value = 128;
inline constexpr std::size_t max_summary = 200;
inline constexpr std::size_t max_packet_text = 200;  // of what a person says on closing, each

// Which alert, whenever it is delivered.
struct AlertIdentity {
  std::string fingerprint;  // at most max_fingerprint of [0-9A-Za-z_-]
  std::string starts_at;    // a time of RFC 3339 as it was received, at most max_starts_at

  auto operator<=>(const AlertIdentity&) const = default;
};

// An alert as it was received: foreign text, made harmless() and never asserted.
struct ReceivedAlert {
  AlertStatus status{};
  std::string group_key;  // at most max_group_key
  AlertIdentity identity;
  std::map<AlertLabel, std::string> labels;  // those that it has, at most max_label_value each
  std::string summary;                       // at most max_summary; may be empty

  // Empty: it has no such label.
  std::string_view label(AlertLabel) const;
  bool operator==(const ReceivedAlert&) const = default;
};

using LooksLikeSecret = std::function<bool(std::string_view)>;
inline constexpr std::string_view secret_left_out = "[left out: looks like a secret]";

// Foreign text as it may stand in a line: printable ASCII, anything else as `?`, cut with `...`
// beyond `most` characters; secret_left_out where it looks like a secret. REQUIRES: `most` is not
// less than that text.
std::string harmless(std::string_view foreign, std::size_t most, const LooksLikeSecret&);

// One line of a packet. What does not belong to its event is empty.
struct PacketLine {
  PacketEvent event{};
  std::optional<std::uint64_t> packet;  // number of the line that opened it; none: this one does
  PacketOpener opener{};                // of the packet
  std::string environment;              // ours
  std::string probe;                    // may be empty
  // The line that made us do it: the escalating outcome (the first of those that the policy
  // counted), the probe's newest one when an alert came, the outcome that shows it is over, or the
  // line that shows the result.
  std::optional<std::uint64_t> cited_seq;
  std::optional<ReceivedAlert> alert;
  std::string initials;                     // of the person
  std::optional<std::uint32_t> caller_uid;  // the kernel's user number of who asked
  std::string note;                         // at most max_note_characters
  std::string follow_up_owner;
  std::optional<QuestionAbout> question_about;
  // Of closed, each at most max_packet_text characters.
  std::string result;
  std::string changed;                // route or files, or `none`
  std::string remaining_uncertainty;  // also of a delivery that did not hold all its alerts
  // Of handed_over and not_handed_over.
  std::optional<HandedTo> to;
  std::uint32_t attempts = 0;

  bool operator==(const PacketLine&) const = default;
};

enum class PacketState { open, resolved };
template <>
struct Words<PacketState> {
  static constexpr std::array<std::string_view, 2> list{"open", "resolved"};
};

// When the outcomes of a probe open a packet: so many unexpected escalations among its newest ones,
// pauses left out.
struct PacketPolicy {
  std::uint32_t after = 1;    // 0: never
  std::uint32_t of_last = 1;  // 1 to max_policy_outcomes, not less than `after`

  bool operator==(const PacketPolicy&) const = default;
};

// How many alerts of one packet are told apart.
inline constexpr std::size_t max_alerts_of_a_packet = 100;

// A packet that was opened and not closed: what its lines add up to.
struct LivePacket {
  PacketOpener opener{};
  WallTime opened_at{};
  std::string environment;
  std::string probe;
  std::string group_key;  // of the alert that opened it
  std::string alertname;  // likewise
  WallTime last_line_at{};
  std::uint32_t repeats = 0;
  std::uint32_t resolutions = 0;
  std::optional<std::uint64_t> first_cited_seq;
  std::optional<std::uint64_t> last_cited_seq;
  std::optional<std::uint64_t> escalated_seq;  // the newest escalation that it accounts for
  std::optional<std::uint64_t> over_seq;       // the usable outcome after it
  std::optional<WallTime> acknowledged_at;
  std::string acknowledged_by;  // initials
  std::string follow_up_owner;  // as a person said last
  std::optional<QuestionAbout> question_about;
  std::map<HandedTo, bool> handed;  // false: tried, and given up
  std::map<AlertIdentity, AlertStatus> alerts;
  bool more_alerts = false;  // than max_alerts_of_a_packet

  // Resolved: something said that it is over, and nothing says otherwise.
  PacketState state() const;
  bool operator==(const LivePacket&) const = default;
};

// Segment start: a live packet, or more of its alerts where one line does not hold them.
struct CarryPacketLine {
  std::uint64_t packet = 0;  // number of the line that opened it
  LivePacket live;

  bool operator==(const CarryPacketLine&) const = default;
};

// The newest outcomes of a probe, pauses left out.
struct ProbeOutcomes {
  struct One {
    std::uint64_t seq = 0;
    bool escalated = false;  // and it was not expected to

    bool operator==(const One&) const = default;
  };
  std::string environment;
  std::vector<One> newest;        // the oldest first, at most max_policy_outcomes
  std::uint64_t covered_seq = 0;  // packets account for the escalations up to this line

  bool operator==(const ProbeOutcomes&) const = default;
};

inline constexpr std::size_t max_policy_outcomes = 16;

// Segment start: what else packets are decided by, in one or more lines.
struct CarryPacketsLine {
  std::vector<AlertIdentity> closed;            // of closed packets, the oldest first
  std::map<std::string, ProbeOutcomes> probes;  // by name

  bool operator==(const CarryPacketsLine&) const = default;
};

}  // namespace smokeledger::probes::core
