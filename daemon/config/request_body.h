// The request body of a contract file, as far as it must agree with the rest of that file.
#pragma once

#include <cstdint>
#include <string>

#include "probes/core/contract.h"

namespace smokeledger::daemon::config {

// What is wrong with the body, or empty: it must be one JSON object that has exactly the members
// that the request lists, `{model}` as its model where the path does not have it, and `tokens` as
// the value of a member, at any depth, that names tokens. With 0 tokens nothing is asked of those.
std::string body_problem(const probes::core::RequestTemplate&, std::uint32_t tokens);

}  // namespace smokeledger::daemon::config
