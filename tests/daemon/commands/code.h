// Code in Markdown: what stands in backquotes, indented or between fences, and what a shell makes
// of it. https://spec.commonmark.org/0.31.2/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/daemon/commands/names.h"

namespace smokeledger::tests {

struct CodeBlock {
  std::string language;  // empty: none said
  std::string text;
};

// Fenced ones, and lines that are indented by four blanks or more, each run of lines a block.
std::vector<CodeBlock> code_blocks(const std::string& page);

// Outside of blocks; a line break inside is a blank.
std::vector<std::string> code_spans(const std::string& page);

// What links to headings of the page are called.
NameSet headings(const std::string& page);

// Lines without their indentation, those that end with a backslash joined to the next.
std::vector<std::string> joined_lines(const std::string& code);

// Whether a shell's word ends a command: `|`, `>FILE`, `#`, the `--` before others' words, `...`.
bool ends_command(std::string_view word);

// `--fields=x`, `--file,` and `[--file` are all `--file`.
std::string flag_of(std::string_view word);

// `a_` and `(b|c)`: `a_b` and `a_c`.
std::vector<std::string> alternatives(const std::string& begin, const std::string& group);

std::string replaced_all(std::string text, std::string_view what, std::string_view with);

}  // namespace smokeledger::tests
