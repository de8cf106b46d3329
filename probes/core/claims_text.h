// A text as the claims guard reads it: words of lower-case ASCII, whatever they are written in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace smokeledger::probes::core {

struct TextWord {
  enum class Before { space, joined, comma, sentence };  // what parts it from the word before

  std::string text;        // letters in lower case, a number ("99.9"), "percent" or "$"
  std::size_t offset = 0;  // in bytes of the text as given
  std::size_t size = 0;
  Before before = Before::space;
  bool opens_run = true;  // false: the same letters and digits go on, as in `isUp` or `p95`
  bool opaque = false;    // of a hash, a signature or the like
};

// Takes off what hides a word: case, accents, letters of other alphabets that look like Latin ones,
// full-width and mathematical forms, invisible characters. `'s` is read as `is`, `n't` as `not`.
std::vector<TextWord> words_of_text(std::string_view text);

}  // namespace smokeledger::probes::core
