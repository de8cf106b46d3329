// hostile_pages FIRST COUNT: pages number FIRST and on, whose every text is hostile, one a line as
// `<name> <number> <HTML as a JSON string>`; the same number gives the same page. COUNT 0: one page
// of each kind that is not hostile.
#include <array>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include "exporters/page/compose.h"
#include "probes/core/json_writer.h"
#include "tests/exporters/page/views.h"

namespace smokeledger::tests {
namespace {

constexpr std::array<std::string_view, 36> pieces{
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "javascript:alert(1)",
    "https://evil.example/?q=<b>&x=\"y\"#'z'",
    "http://user:pass@evil.example/",
    "data:text/html,<script>1</script>",
    "</title><h1>",
    "</textarea></select></option><form action=//evil>",
    "</code></pre></td></tr></table><table>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "&lt;",
    "&#x3c;b&#x3e;",
    "&amp",
    "&NotAnEntity;",
    "<style>*{display:none}</style>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content=0>",
    "<plaintext>",
    "<noscript><p title=\"</noscript><img src=x>\">",
    "`${1}`",
    "\xE2\x80\xAE\xD7\x90",
    "\xC0\xBC",
    "\xF0\x9F\x92\xA5",
    "\xED\xA0\x80",
    "\xFF\xFE",
    "\r\n\r\n<b>",
    "{{7*7}}",
    "%3Cb%3E",
    "ok"};

class Hostile {
 public:
  explicit Hostile(unsigned number) : random_(number) {}

  std::string text() {
    std::string made;
    for (auto left = random_() % 3 + 1; left > 0; --left) {
      if (random_() % 4 == 0) {
        made += noise();
      } else {
        made += pieces[random_() % pieces.size()];
      }
    }
    return made;
  }

 private:
  // Bytes of any value, with those that mean something to HTML among them.
  std::string noise() {
    constexpr std::string_view meaning = "<>\"'&/=`\0 \n;-!";
    std::string bytes;
    for (auto left = random_() % 24 + 1; left > 0; --left) {
      bytes += random_() % 2 == 0 ? meaning[random_() % meaning.size()]
                                  : static_cast<char>(random_() % 256);
    }
    return bytes;
  }

  std::minstd_rand random_;
};

void print(std::string_view name, unsigned number, const std::string& html) {
  std::string json;
  probes::core::append_json_string(json, html);
  std::cout << name << ' ' << number << ' ' << json << '\n';
}

// The overview, which is as long as all others together, less often.
void print_page(unsigned number, const Change& change) {
  if (number % 20 == 0) return print("overview", number, compose(sample_overview(change)));
  switch (number % 5) {
    case 0:
      return print("refusal", number, compose(sample_refusal(change)));
    case 1:
      return print("outcome", number, compose(outcome_page(change)));
    case 2:
      return print("attempt", number, compose(attempt_page(change)));
    case 3:
      return print("packet", number, compose(packet_page(change)));
    default:
      return print("plain", number, compose(plain_page(change)));
  }
}

}  // namespace
}  // namespace smokeledger::tests

int main(int argc, char** argv) {
  using namespace smokeledger::tests;
  if (argc != 3) return 2;
  const auto first = static_cast<unsigned>(std::atoi(argv[1]));
  const auto count = static_cast<unsigned>(std::atoi(argv[2]));
  for (unsigned number = first; number < first + count; ++number) {
    Hostile hostile(number);
    print_page(number, [&](std::string& text) { text = hostile.text(); });
  }
  // What the others are compared with: one of each, without anything hostile.
  if (count == 0) {
    for (const unsigned number : {0U, 1U, 2U, 3U, 4U, 5U}) print_page(number, {});
  }
}
