// smokeledger contract check --family F [--stream] FILE... | --manifest FILE: saved replies read by
// the contracts. Exit: 0 each is as expected (documented_shape, unless its manifest says
// otherwise), 1 one is not, 2 something cannot be read.
#pragma once

#include <string>

#include "daemon/commands/command.h"
#include "daemon/commands/contract_manifest.h"

namespace smokeledger::daemon::commands {

void add_contract_check(CLI::App& contract, Context&);

// {"file","family","verdict","parser_result","findings":[{"code","path"}],"additive"} and, where
// one was written, "expected"; never text of the reply. Without a newline.
std::string reading_json(const SavedReply&, const core::Reading&);

}  // namespace smokeledger::daemon::commands
