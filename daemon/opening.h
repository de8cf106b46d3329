// How this binary names itself and its ledgers.
#pragma once

#include <string>

namespace smokeledger::daemon {

// As lines name this binary.
std::string build_name();

// The 8 hex digits that were added to the configured name.
std::string tag_of(const std::string& ledger_name);

}  // namespace smokeledger::daemon
