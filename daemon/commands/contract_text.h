// Contracts and what was read by them, for people and as JSON.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

// One row, or one JSON line, a contract.
std::string contracts_table(const config::Contracts&);
std::string contracts_json(const config::Contracts&);

std::string contract_page(const core::Contract&);
std::string contract_json(const core::Contract&);  // without a newline

// {"file":...,"verdict":...,"findings":[{"code":...,"path":...}],"additive":n}; never text of the
// reply.
std::string reading_json(std::string_view file, const core::Reading&);

}  // namespace smokeledger::daemon::commands
