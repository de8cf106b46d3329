// Shows a person at a terminal how far a long reading has come.
#pragma once

#include <cstdint>
#include <ostream>

#include "daemon/commands/command.h"
#include "exporters/ledger/progress.h"

namespace smokeledger::daemon::commands {

// On stderr, one line that is drawn over; nothing where stderr is no terminal, or where the reading
// is soon done. Cleared when it goes, and by clear(), before something else is printed.
class ProgressBar {
 public:
  explicit ProgressBar(Context& context) : err_(context.err), shown_(context.err_is_terminal) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::uint64_t done, std::uint64_t all);
  void clear();
  // For a reading; it outlives that.
  exporters::ledger::Progress progress() {
    return [this](std::uint64_t done, std::uint64_t all) { show(done, all); };
  }

 private:
  std::ostream& err_;
  bool shown_;
  unsigned last_ = 0;  // percent that stand there; 0: nothing does
};

}  // namespace smokeledger::daemon::commands
