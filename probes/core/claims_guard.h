// Finds what the product never claims: a statement about uptime, latency, health, availability,
// quota, capacity, price, billing, readiness or somebody's guarantee. Pure; English only.
//
// A claim is a subject of that list in a text of ours, even as a bare word, because a name such as
// `uptime-check` is read as what the figure beside it shows. It is none where the sentence denies
// or asks ("does not assert uptime", "ask the provider whether ..."), where it is a name that
// somebody else gave and we record (`insufficient_quota`), and where we speak of our own policy
// ("retry after 2 s"). Foreign text that is shown as received is not ours: do not ask about it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

enum class ClaimSubject : std::uint8_t {
  uptime,
  latency,
  health,
  availability,
  quota,
  capacity,
  price,
  billing,
  readiness,
  guarantee
};
template <>
struct Words<ClaimSubject> {
  static constexpr std::array<std::string_view, 10> list{"uptime",
                                                         "latency",
                                                         "health",
                                                         "availability",
                                                         "quota",
                                                         "capacity",
                                                         "price",
                                                         "billing",
                                                         "readiness",
                                                         "guarantee"};
};

// Whose words a text is. Names that others gave (a team, an address, a component) may hold a
// subject as a bare word, `billing-oncall`; an outright statement is a claim there as well.
enum class WordsOf : std::uint8_t { ours, others };

struct Claim {
  ClaimSubject subject{};
  std::size_t offset = 0;  // in bytes of the text
  std::size_t size = 0;
  std::string words;  // as they stand; as they read, where they are not printable ASCII
};

// In the text's order, none twice; none: the text is allowed. Any bytes are a text.
std::vector<Claim> find_claims(std::string_view text, WordsOf = WordsOf::ours);

// One row of what is looked for: elements with a blank between them, matched by words that stand
// one after the other in a sentence. An element is a list of alternatives, `a|b`, each of which is
//   word, word*   that word, or one that begins so       #, #9    a number, one of nines (99.95)
//   ~word         inside a word or spread over pieces    =word    a whole word, digits for letters
//   <class>       a word of claim_word_class()
// and may be absent (`?a`) or must not follow (`!a`); `..` is up to three words, any.
struct ClaimPattern {
  ClaimSubject subject{};
  bool outright = false;  // a statement by itself; else the name of a subject
  std::string_view words;
};
std::span<const ClaimPattern> claim_patterns();

// Sequences in which a subject is none, as patterns; and spellings that others gave, to the letter.
struct ClaimAllowance {
  std::string_view words;
  std::string_view why;
};
std::span<const ClaimAllowance> allowed_claim_patterns();
std::span<const ClaimAllowance> allowed_claim_names();

// The words of a class, with a blank between them; those that end in `*` are beginnings. Empty:
// there is no such class.
std::string_view claim_word_class(std::string_view name);

}  // namespace smokeledger::probes::core
