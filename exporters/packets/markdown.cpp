#include "exporters/packets/markdown.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace smokeledger::exporters::packets {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Character {
  char32_t point = 0;  // 0: not UTF-8, or not to be shown
  std::size_t size = 1;
};

bool shows(char32_t point) {
  const auto within = [point](char32_t first, char32_t last) {
    return first <= point && point <= last;
  };
  const bool control = point < 0x20 || within(0x7F, 0x9F) || point == 0xAD;
  const bool turns =
      point == 0x61C || within(0x200E, 0x200F) || within(0x202A, 0x202E) || within(0x2066, 0x206F);
  const bool nothing = within(0x200B, 0x200D) || within(0x2028, 0x2029) || within(0x2060, 0x2065) ||
                       point == 0xFEFF || within(0xE000, 0xF8FF) || within(0xFFF0, 0xFFFF) ||
                       within(0xD800, 0xDFFF) || point >= 0xE0000;
  return !control && !turns && !nothing;
}

Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {shows(lead) ? char32_t{lead} : 0, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t point = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    point = (point << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  return {point >= smallest[size] && shows(point) ? point : 0, size};
}

// use(character, what stands behind it)
template <class Each>
void each_character(std::string_view text, Each use) {
  while (!text.empty()) {
    const Character character = first_of(text);
    const auto behind = text.substr(character.size);
    use(character.point == 0 ? replacement : text.substr(0, character.size), behind);
    text = behind;
  }
}

bool has_markup(char c) {
  return std::string_view("\\`*_{}[]()<>#!|~&@$^").find(c) != std::string_view::npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool ends_with_www(std::string_view text) {
  constexpr std::size_t size = 3;
  if (text.size() < size) return false;
  const auto end = text.substr(text.size() - size);
  return std::all_of(end.begin(), end.end(), [](char c) { return c == 'w' || c == 'W'; });
}

// Where a list, a heading's underline, an address or a picture's name could begin.
bool begins_something(char c, std::string_view before, std::string_view behind) {
  if (c == ':') return !behind.empty() && behind.front() != ' ';
  if (before.empty()) return c == '-' || c == '+' || c == '=';
  return c == '.' && (is_number(before) || ends_with_www(before));
}

bool plain(std::string_view text, std::string_view further) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           further.find(c) != std::string_view::npos;
  });
}

bool plain_address(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.starts_with(scheme)) {
      return url.find('@') == std::string_view::npos &&
             plain(url.substr(scheme.size()), "-._~:/?#!$&'*+,;=%");
    }
  }
  return false;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  each_character(text, [&](std::string_view character, std::string_view behind) {
    const char c = character.front();
    if (out.empty() && c == ' ') return;
    if (character.size() == 1 && (has_markup(c) || begins_something(c, out, behind))) out += '\\';
    out += character;
  });
  return out;
}

std::string code(std::string_view text) {
  return plain(text, "._:/+-") ? '`' + std::string(text) + '`' : escaped(text);
}

std::string own_link(std::string_view url) {
  return plain_address(url) ? '<' + std::string(url) + '>' : escaped(url);
}

std::string fenced(std::string_view language, const std::vector<std::string>& lines) {
  std::string inside;
  for (const auto& line : lines) {
    each_character(line, [&](std::string_view character, auto) { inside += character; });
    inside += '\n';
  }
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : inside) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + std::string(language) + '\n' + inside + fence + '\n';
}

}  // namespace smokeledger::exporters::packets
