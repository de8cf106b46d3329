// A text with one part in place of another.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::tests {

// REQUIRES: `from` stands in the text; its first place counts.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace smokeledger::tests
