// No string of the product measures or implies what the product refuses to claim.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tests/architecture/tree.h"

namespace smokeledger::tests::architecture {

std::span<const std::string_view> claim_words();   // lower case; any case is found
const std::vector<Allowance>& claim_allowances();  // `text`: what a literal of that file may hold

// Literals with a word of the list beyond what is allowed, and allowances that are not needed.
Breaches claims(const std::vector<SourceFile>&, const std::vector<Allowance>&);

}  // namespace smokeledger::tests::architecture
