// The product's own claims guard over standard input, for tests in other languages: a line for each
// claim, with what stands around it. Exit code 0 always.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "probes/core/claims_guard.h"

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  for (const auto& claim : smokeledger::probes::core::find_claims(text)) {
    constexpr std::size_t around = 40;
    const std::size_t from = claim.offset - std::min(claim.offset, around);
    std::string shown = text.substr(from, claim.offset - from + claim.size + around);
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    std::cout << word(claim.subject) << ": " << claim.words << " in: " << shown << '\n';
  }
}
