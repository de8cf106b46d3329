// A line that is durable. Built only by Ledger::append or by reading: whoever holds a LedgerRecord
// holds evidence that its line was synced (or read back), so exporters take nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "probes/core/line.h"

namespace smokeledger::exporters::ledger {

namespace core = probes::core;

using Hash = std::array<unsigned char, 32>;
std::string hex(const Hash&);  // lower case

class LedgerRecord {
 public:
  std::uint64_t seq() const { return seq_; }
  const Hash& prev() const { return prev_; }
  const Hash& hash() const { return hash_; }
  const std::string& ledger_id() const { return ledger_id_; }  // <ledger name>-<seq>
  core::WallTime recorded_at() const { return recorded_at_; }
  const core::Line& line() const { return line_; }

 private:
  friend class RecordFactory;  // exporters/ledger only
  LedgerRecord() = default;

  std::uint64_t seq_ = 0;
  Hash prev_{};
  Hash hash_{};
  std::string ledger_id_;
  core::WallTime recorded_at_{};
  core::Line line_;
};

}  // namespace smokeledger::exporters::ledger
