// The secret-free policy of a probe as text, in both directions: what a `policy` line carries and
// policy_sha256 names.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "probes/core/plan.h"

namespace smokeledger::probes::core {

// One JSON object with a fixed member order. Pure.
std::string policy_text(const ProbePlan&);

// The plan that such a text describes: all that the policy functions (next_step, summarise, decide)
// ask for, and nothing that the text leaves out, such as credentials, headers, request bodies and
// environment. A member that is absent, as in the text of an older build, keeps its default. The
// error is a clause that names the first member that is of another kind, holds a word this build
// does not have, or is not known to it at all: a policy that is only half understood is none.
boost::system::result<ProbePlan, std::string> read_policy(std::string_view policy_json);

}  // namespace smokeledger::probes::core
