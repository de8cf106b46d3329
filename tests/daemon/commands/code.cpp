#include "tests/daemon/commands/code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

struct Parts {
  std::vector<CodeBlock> blocks;
  std::string prose;  // all that is in no block
};

Parts parted(const std::string& page) {
  Parts parts;
  bool fenced = false;
  bool indented = false;
  for (const auto& line : split_lines(page)) {
    const std::string bare = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    if (bare.starts_with("```")) {
      fenced = !fenced;
      indented = false;
      if (fenced) parts.blocks.push_back({bare.substr(3), {}});
    } else if (fenced) {
      parts.blocks.back().text += line + '\n';
    } else if (line.starts_with("    ") && !bare.empty()) {
      if (!indented) parts.blocks.emplace_back();
      indented = true;
      parts.blocks.back().text += line + '\n';
    } else {
      indented = false;
      parts.prose += line + '\n';
    }
  }
  return parts;
}

}  // namespace

std::vector<CodeBlock> code_blocks(const std::string& page) {
  return parted(page).blocks;
}

std::vector<std::string> code_spans(const std::string& page) {
  std::vector<std::string> spans;
  const std::string prose = parted(page).prose;
  for (auto from = prose.find('`'); from != std::string::npos;) {
    const auto to = prose.find('`', from + 1);
    if (to == std::string::npos) break;
    spans.push_back(replaced_all(prose.substr(from + 1, to - from - 1), "\n", " "));
    from = prose.find('`', to + 1);
  }
  return spans;
}

NameSet headings(const std::string& page) {
  NameSet found;
  for (const auto& line : split_lines(page)) {
    if (!line.starts_with("#")) continue;
    std::string name;
    for (const char c : line.substr(std::min(line.find(' ') + 1, line.size()))) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || c == '_' || c == '-') {
        name += static_cast<char>(std::tolower(byte));
      }
      if (c == ' ') name += '-';
    }
    found.insert(name);
  }
  return found;
}

std::vector<std::string> joined_lines(const std::string& code) {
  std::vector<std::string> lines;
  bool open = false;
  for (auto line : split_lines(code)) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    const bool goes_on = line.ends_with('\\');
    if (goes_on) line.back() = ' ';
    if (open) {
      lines.back() += line;
    } else {
      lines.push_back(line);
    }
    open = goes_on;
  }
  return lines;
}

bool ends_command(std::string_view word) {
  constexpr std::string_view shell = "|>#;&<";
  return word == "--" || word == "..." || shell.find(word.front()) != std::string_view::npos;
}

std::string flag_of(std::string_view word) {
  const auto begin = word.find('-');
  word.remove_prefix(std::min(begin, word.size()));
  const auto end = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz.-");
  std::string flag(word.substr(0, end));
  while (flag.ends_with('.')) flag.pop_back();
  return flag;
}

std::vector<std::string> alternatives(const std::string& begin, const std::string& group) {
  if (group.empty()) return {begin};
  std::vector<std::string> all;
  std::istringstream parts(group.substr(1, group.size() - 2));
  for (std::string part; std::getline(parts, part, '|');) all.push_back(begin + part);
  return all;
}

std::string replaced_all(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

}  // namespace smokeledger::tests
