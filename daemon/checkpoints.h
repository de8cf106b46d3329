// When the service signs its ledger: at its start, every hour, and at its end.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/log.h"
#include "exporters/ledger/ledger.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

inline constexpr core::Milliseconds checkpoint_interval = std::chrono::hours{1};

// io thread only. The journal outlives it.
class Checkpoints {
 public:
  Checkpoints(probes::run::Clock& clock, Journal& journal) : clock_(clock), journal_(journal) {}
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  // One now, then one every hour. `done` when the first is durable; not when it cannot be written.
  void start(std::function<void()> done);
  // The last one; `done` when it is durable, or cannot be written.
  void stop(std::function<void()> done);

 private:
  void wait();
  void cancel();

  probes::run::Clock& clock_;
  Journal& journal_;
  std::optional<probes::run::Clock::TimerId> timer_;
};

// Opens the key that the configuration names, for OpenOptions::open_key. Empty: it is a systemd
// credential, and this process was not given any.
std::function<exporters::ledger::Result<exporters::ledger::SignerKey>()> checkpoint_key_opener(
    const config::LedgerConfig&, const std::string& credentials_directory);

// Why the opener above is empty, and what to do.
std::string no_checkpoint_key(const config::LedgerConfig&);

// Each checkpoint among the records: its note on one line, so that the journal, and wherever that
// is forwarded to, holds anchors.
void log_checkpoints(Log&, const Records&);

}  // namespace smokeledger::daemon
