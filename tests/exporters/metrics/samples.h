// Shapes, lines and scrapes for the tests of this folder.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "exporters/ledger/ledger.h"
#include "exporters/metrics/metrics.h"

namespace smokeledger::exporters::metrics {

// A probe, chat-walk: chat_completions at cometapi, a gateway, then responses at openai. A drill of
// the same, drill-walk.
MetricsShape small_shape();

// A run of that probe: the chat attempt throttled and retried, then the fallback, 12 + 5 tokens.
core::OutcomeLine fallback_outcome();
core::AttemptLine attempt_line();
core::OutcomeLine paused_outcome(core::Gap);

// A ledger in a directory of its own, so that the records are of the real kind: durable.
class TemporaryLedger {
 public:
  TemporaryLedger();
  ~TemporaryLedger();
  std::vector<ledger::LedgerRecord> append(const std::vector<core::Line>&, core::WallTime now);
  const ledger::Ledger& get() const { return *ledger_; }

 private:
  std::filesystem::path dir_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

// `name{labels}` to value, as the text has them.
using Samples = std::map<std::string, double>;
Samples samples_of(const std::string& text);

// The same notation for a counter.
std::string sample_name(const core::CounterKey&);

}  // namespace smokeledger::exporters::metrics
