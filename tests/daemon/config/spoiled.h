// JSON documents with one thing changed, for tests of rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/core/rules.h"

namespace smokeledger::tests {

// A place in a document that a rule is about, with its indices: `choices[0].index`.
struct RulePlace {
  std::string path;
  bool is_root = false;
};
// The first such place; nothing when the document has none.
std::optional<RulePlace> first_place(std::string_view json, const probes::core::ReplyRule&);

// The document without the member or element at that place, or with `replacement` there.
std::string without(std::string_view json, const std::string& path);
std::string with(std::string_view json, const std::string& path, std::string_view replacement);

}  // namespace smokeledger::tests
