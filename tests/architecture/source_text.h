// A C++ source file taken apart: code without comments and literals, its string literals, and what
// it includes. A lexer, not a parser: macros are not expanded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace smokeledger::tests::architecture {

struct Literal {
  std::size_t line = 1;
  std::string text;  // between the quotes, escapes as written
};

struct Include {
  std::size_t line = 1;
  std::string path;  // between the quotes or brackets
};

struct SourceText {
  std::string code;  // line breaks kept; comments and the insides of literals are blank
  std::vector<Literal> literals;
  std::vector<Include> includes;  // their paths are no literals
};

SourceText read_source(std::string_view text);

// Lines, counted from 1, on which `code` holds `name` as a whole name, such as `getenv`.
std::vector<std::size_t> lines_with(std::string_view code, std::string_view name);

}  // namespace smokeledger::tests::architecture
