#include "daemon/commands/ledger_state.h"

#include <filesystem>

#include "exporters/ledger/reader.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;
using exporters::ledger::Reader;

core::State read_state(const std::string& dir, std::string& problem) {
  core::State state;
  std::error_code ignored;
  if (!std::filesystem::exists(dir, ignored)) return state;
  auto reader = Reader::open(dir, Reader::From::last_segment);
  while (reader) {
    auto item = reader->next();
    if (!item || !*item) {
      if (!item) problem = "the ledger could not be read: " + item.error().message;
      return state;
    }
    auto line = reader->decode(**item);
    if (line) core::fold(state, *line, (*item)->frame.recorded_at);
  }
  problem = "the ledger could not be read: " + reader.error().message;
  return state;
}

}  // namespace smokeledger::daemon::commands
