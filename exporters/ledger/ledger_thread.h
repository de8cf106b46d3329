// The ledger on a thread of its own, so that a slow disk delays neither a scrape nor the watchdog.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "exporters/ledger/ledger.h"

namespace smokeledger::exporters::ledger {

class LedgerThread {
 public:
  using Done = std::function<void(Result<std::vector<LedgerRecord>>)>;

  explicit LedgerThread(std::unique_ptr<Ledger>);
  ~LedgerThread();  // finishes what is queued, then joins

  // Any thread. Whatever is queued when the thread turns to it becomes one commit (one fdatasync).
  // `done` is called on the ledger thread with this call's own records, or the error.
  void append(std::vector<core::Line>, core::WallTime now, Done done);
  // Likewise; done with no records.
  void use_policies(std::vector<core::PolicyLine>, core::WallTime now, Done done);
  // Likewise; done with the checkpoint's record, or with none where the ledger has no key.
  void checkpoint(core::WallTime now, Done done);

  // Any thread. From then on `tell` is called on the ledger thread with the checkpoints that nobody
  // asked for, in ledger order among what `done` gets.
  void tell_checkpoints(std::function<void(std::vector<LedgerRecord>)> tell);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smokeledger::exporters::ledger
