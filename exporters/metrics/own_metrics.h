// What the daemon says of itself: not projections of lines. One table row each.
#pragma once

#include <array>
#include <string_view>

namespace smokeledger::exporters::metrics {

struct OwnMetric {
  std::string_view name;
  std::string_view type;   // gauge or counter
  std::string_view label;  // empty: none
  std::string_view help;
};

inline constexpr OwnMetric last_outcome{
    "smokeledger_last_outcome_timestamp_seconds",
    "gauge",
    "probe",
    "When the newest outcome line of the probe was recorded, in whole Unix seconds."};
inline constexpr OwnMetric next_due{
    "smokeledger_next_due_timestamp_seconds",
    "gauge",
    "probe",
    "When the schedule starts the next run of the probe, in Unix seconds."};
inline constexpr OwnMetric contract_reviewed{
    "smokeledger_contract_reviewed_timestamp_seconds",
    "gauge",
    "family",
    "When a person last opened the documentation behind the contract of a family in use: its "
    "accessed day or a later contract_review line, in Unix seconds."};
inline constexpr OwnMetric ledger_seq{
    "smokeledger_ledger_seq", "gauge", "", "Sequence number of the newest durable ledger line."};
inline constexpr OwnMetric reviews_outstanding{
    "smokeledger_reviews_outstanding",
    "gauge",
    "",
    "Ledger lines that wait for a person's review: outcomes other than an uneventful keep_primary, "
    "and changed policies."};
inline constexpr OwnMetric packets_open{
    "smokeledger_packets_open",
    "gauge",
    "state",
    "Escalation packets that nobody closed yet: open, acknowledged by a person, or resolved by "
    "what came after."};
inline constexpr OwnMetric packets_not_handed_over{
    "smokeledger_packets_not_handed_over",
    "gauge",
    "handed_to",
    "Escalation packets that nobody closed yet and that a configured webhook or outbox did not "
    "get: not yet, or given up."};
inline constexpr OwnMetric checkpoint_lines{
    "smokeledger_ledger_checkpoint_lines",
    "gauge",
    "ledger",
    "Ledger lines that the newest signed checkpoint covers."};
inline constexpr OwnMetric checkpoint_head_high{
    "smokeledger_ledger_checkpoint_head_high",
    "gauge",
    "ledger",
    "Bits 0 to 51 of the hash of the last of those lines, as a number."};
inline constexpr OwnMetric checkpoint_head_low{
    "smokeledger_ledger_checkpoint_head_low",
    "gauge",
    "ledger",
    "Bits 52 to 103 of that hash, as a number. Kept elsewhere, the three are an anchor."};
inline constexpr OwnMetric append_failures{
    "smokeledger_ledger_append_failures_total",
    "counter",
    "",
    "Appends to the ledger that the disk refused since the daemon started; after one of them "
    "nothing is sent."};
inline constexpr OwnMetric build_info{
    "smokeledger_build_info", "gauge", "version", "Always 1; the label names the running build."};
inline constexpr OwnMetric config_info{
    "smokeledger_config_info",
    "gauge",
    "sha256",
    "Always 1; the label holds the first 16 digits of the SHA-256 of the configuration in force."};
inline constexpr OwnMetric reload_successful{
    "smokeledger_config_last_reload_successful",
    "gauge",
    "",
    "1 when the last read of the configuration was accepted, 0 when it was refused and changed "
    "nothing."};
inline constexpr OwnMetric reload_timestamp{
    "smokeledger_config_last_reload_success_timestamp_seconds",
    "gauge",
    "",
    "When a configuration was last accepted, in Unix seconds."};

inline constexpr std::array own_metrics{last_outcome,
                                        next_due,
                                        contract_reviewed,
                                        ledger_seq,
                                        reviews_outstanding,
                                        packets_open,
                                        packets_not_handed_over,
                                        checkpoint_lines,
                                        checkpoint_head_high,
                                        checkpoint_head_low,
                                        append_failures,
                                        build_info,
                                        config_info,
                                        reload_successful,
                                        reload_timestamp};

}  // namespace smokeledger::exporters::metrics
