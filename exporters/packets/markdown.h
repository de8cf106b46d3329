// Markdown that cannot hold what nobody meant: https://spec.commonmark.org/0.30/ with the tables of
// https://github.github.com/gfm/. Whoever writes a packet puts text into it by these alone.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace smokeledger::exporters::packets {

// Any bytes as text of one line, wherever it stands: no markup, no link, no mention. What is not
// UTF-8, does not show, or turns the direction of reading is U+FFFD.
std::string escaped(std::string_view);

// As code where it is of letters, digits and `._:/+-` alone, else escaped; nothing of empty text.
std::string code(std::string_view);

// A link to an address that configuration or a contract gave; escaped where it is not plainly http
// or https without user information.
std::string own_link(std::string_view url);

// A block of lines between fences that nothing in it ends.
std::string fenced(std::string_view language, const std::vector<std::string>& lines);

// Two columns. Names are constants; values are Markdown already. Rows without a value are left out.
class FieldTable {
 public:
  void add(std::string_view name, const std::string& markdown) {
    if (!markdown.empty()) rows_ += "| " + std::string(name) + " | " + markdown + " |\n";
  }
  std::string text() const { return "| field | value |\n| --- | --- |\n" + rows_; }

 private:
  std::string rows_;
};

}  // namespace smokeledger::exporters::packets
