// The io thread's door to the ledger: appends on the ledger thread, then, when the lines are
// durable, folds the state, tells the projections, and only then the caller. No line, no action.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporters/ledger/ledger_thread.h"
#include "probes/core/packet_lines.h"
#include "probes/core/review.h"
#include "probes/core/state.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

namespace core = probes::core;
using Records = std::vector<exporters::ledger::LedgerRecord>;
using Post = std::function<void(std::function<void()>)>;  // runs it on the io thread

class Journal {
 public:
  struct Parts {
    exporters::ledger::LedgerThread& ledger;
    const probes::run::Clock& clock;
    Post post;
    // Durable lines in ledger order, with the checkpoints that nobody asked for.
    std::function<void(const Records&)> observe;
    // Once. After `no_space` runs under way can still be ended; else nothing is written any more.
    std::function<void(const std::string& message)> failed;
  };
  // What the ledger's lines so far add up to.
  struct Restored {
    core::State state;
    core::ReviewQueue reviews;
    core::PacketBook packets;
  };
  Journal(Parts, Restored);
  ~Journal();  // acknowledgements that are still on their way are dropped

  // `done` gets this call's records when they are durable, or null when they cannot be written.
  void append(std::vector<core::Line>, std::function<void(const Records*)> done);
  void use_policies(std::vector<core::PolicyLine>, std::function<void(bool ok)> done);
  // A checkpoint of all lines so far; `done` gets no record where the ledger has no key.
  void checkpoint(std::function<void(const Records*)> done);

  bool writable() const { return !failed_; }
  const core::State& state() const { return state_; }
  const core::ReviewQueue& reviews() const { return reviews_; }  // what waits for a person
  const core::PacketBook& packets() const { return packets_; }
  std::uint64_t newest_seq() const { return newest_seq_; }  // that was acknowledged here; 0: none

 private:
  using Acknowledged = exporters::ledger::Result<Records>;
  exporters::ledger::LedgerThread::Done on_io(std::function<void(const Records*)> done);
  void acknowledge(const Acknowledged&, const std::function<void(const Records*)>& done);

  Parts parts_;
  core::State state_;
  core::ReviewQueue reviews_;
  core::PacketBook packets_;
  std::uint64_t newest_seq_ = 0;
  bool failed_ = false;
  bool told_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace smokeledger::daemon
