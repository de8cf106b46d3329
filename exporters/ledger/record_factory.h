// The only maker of LedgerRecords. For exporters/ledger alone: after a sync, or after reading.
#pragma once

#include <string>
#include <utility>

#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

class RecordFactory {
 public:
  struct Parts {
    std::uint64_t seq = 0;
    Hash prev{};
    Hash hash{};
    std::string ledger_id;
    core::WallTime recorded_at{};
    core::Line line;
  };

  static LedgerRecord make(Parts parts) {
    LedgerRecord record;
    record.seq_ = parts.seq;
    record.prev_ = parts.prev;
    record.hash_ = parts.hash;
    record.ledger_id_ = std::move(parts.ledger_id);
    record.recorded_at_ = parts.recorded_at;
    record.line_ = std::move(parts.line);
    return record;
  }
};

}  // namespace smokeledger::exporters::ledger
