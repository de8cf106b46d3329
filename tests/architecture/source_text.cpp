#include "tests/architecture/source_text.h"

#include <algorithm>

namespace smokeledger::tests::architecture {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  SourceText read() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        skip_to("\n", 0);
      } else if (starts("/*")) {
        skip_to("*/", 2);
      } else if (text_[at_] == '#' && only_blank_before()) {
        directive();
      } else if (text_[at_] == '"') {
        previous_ == 'R' ? raw_string() : string('"');
      } else if (text_[at_] == '\'') {
        string('\'');
      } else if (is_digit(text_[at_]) && !in_name(previous_)) {
        number();
      } else {
        copy(1);
      }
    }
    return std::move(out_);
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void copy(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count) {
      previous_ = text_[at_];
      if (previous_ == '\n') ++line_;
      out_.code += text_[at_++];
    }
  }

  void blank(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      if (text_[at_] == '\n') ++line_;
      out_.code += text_[at_] == '\n' ? '\n' : ' ';
    }
    previous_ = ' ';
  }

  void skip_to(std::string_view end, std::size_t beyond) {
    const std::size_t found = text_.find(end, at_ + beyond);
    blank(found == std::string_view::npos ? text_.size() - at_ : found + beyond - at_);
  }

  bool only_blank_before() const {
    const std::size_t line_start = out_.code.find_last_of('\n') + 1;
    return out_.code.find_first_not_of(" \t", line_start) == std::string::npos;
  }

  void directive() {
    const std::string_view line = text_.substr(at_, text_.find('\n', at_) - at_);
    const std::size_t word = line.find_first_not_of("# \t");
    if (word == std::string_view::npos || !line.substr(word).starts_with("include")) {
      return copy(1);
    }
    const std::size_t open = line.find_first_of("\"<", word);
    if (open == std::string_view::npos) return copy(line.size());
    const std::size_t close = line.find_first_of("\">", open + 1);
    out_.includes.push_back({line_, std::string(line.substr(open + 1, close - open - 1))});
    blank(line.size());
  }

  void string(char quote) {
    const std::size_t line = line_;
    copy(1);
    std::size_t length = 0;
    while (at_ + length < text_.size() && text_[at_ + length] != quote) {
      length += text_[at_ + length] == '\\' ? 2 : 1;
    }
    if (quote == '"') out_.literals.push_back({line, std::string(text_.substr(at_, length))});
    blank(length);
    copy(1);
  }

  void raw_string() {
    const std::size_t line = line_;
    const std::size_t open = text_.find('(', at_);
    const std::string end = ')' + std::string(text_.substr(at_ + 1, open - at_ - 1)) + '"';
    const std::size_t close = std::min(text_.find(end, open), text_.size());
    out_.literals.push_back({line, std::string(text_.substr(open + 1, close - open - 1))});
    copy(1);
    blank(close + end.size() - at_);
  }

  // With its digit separators, which look like the start of a character.
  void number() {
    while (at_ < text_.size() && (in_name(text_[at_]) || text_[at_] == '\'' || text_[at_] == '.')) {
      copy(1);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char previous_ = '\n';
  SourceText out_;
};

}  // namespace

SourceText read_source(std::string_view text) {
  return Lexer(text).read();
}

std::vector<std::size_t> lines_with(std::string_view code, std::string_view name) {
  std::vector<std::size_t> lines;
  for (std::size_t at = code.find(name); at != std::string_view::npos;
       at = code.find(name, at + 1)) {
    const bool begins = at == 0 || !in_name(code[at - 1]);
    const bool ends = at + name.size() >= code.size() || !in_name(code[at + name.size()]);
    if (!begins || !ends) continue;
    lines.push_back(1 + static_cast<std::size_t>(std::count(
                            code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n')));
  }
  return lines;
}

}  // namespace smokeledger::tests::architecture
