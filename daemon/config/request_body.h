// The request body of a contract file, as far as it must agree with the rest of that file.
#pragma once

#include <string>
#include <vector>

#include "probes/core/contract.h"

namespace smokeledger::daemon::config {

// What is wrong with the contract's body, or empty: it must be one JSON object that has exactly the
// members of request_members, `{model}` as its model and output_tokens_at_most as the value of a
// member that names tokens.
std::string body_problem(const probes::core::Contract&);

}  // namespace smokeledger::daemon::config
