// No string of the product measures or implies what the product refuses to claim.
//
// A denial list of words, beside the product's own guard (probes/core/claims_guard.h), because the
// two see different things: the guard reads whole texts and understands a denial; this reads
// literals in sources, pieces such as "_duration_seconds" or "histogram" among them, which no run
// may ever print, and allows each by file and reason. It links nothing of the product that it
// judges.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tests/architecture/tree.h"

namespace smokeledger::tests::architecture {

std::span<const std::string_view> claim_words();  // lower case; any case is found
const std::vector<Allowance>&
claim_allowances();  // `text`: what a literal of that file may hold; empty: anything

// Literals with a word of the list beyond what is allowed, and allowances that are not needed.
Breaches claims(const std::vector<SourceFile>&, const std::vector<Allowance>&);

}  // namespace smokeledger::tests::architecture
