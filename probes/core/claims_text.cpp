#include "probes/core/claims_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace smokeledger::probes::core {
namespace {

using Before = TextWord::Before;

constexpr char32_t broken = 0xFFFD;

struct Decoded {
  char32_t code = broken;
  std::size_t size = 1;
};

// UTF-8 at `from`; one byte as U+FFFD where it is none.
Decoded decode(std::string_view text, std::size_t from) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[from + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (size == 0 || from + size > text.size()) return {};
  char32_t code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {code, size};
}

// Code points in a row, and what they are read as: one ASCII character each, '_' for any other.
struct Alike {
  char32_t first;
  std::string_view ascii;
};
constexpr std::array alikes{
    Alike{0xC0, "aaaaaa_ceeeeiiiidnooooo_ouuuuy__aaaaaa_ceeeeiiiidnooooo_ouuuuy_y"},
    Alike{0x100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii__jjkkklllll"},
    Alike{0x13E, "lllllnnnnnnn__oooooo__rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"},
    Alike{0x251, "a"},
    Alike{0x261, "g"},
    Alike{0x262, "g"},
    Alike{0x269, "ii"},
    Alike{0x274, "n"},
    Alike{0x280, "r"},
    Alike{0x28F, "y"},
    Alike{0x299, "b"},
    Alike{0x29C, "h"},
    Alike{0x29F, "l"},
    Alike{0x391, "ab__ezh_ik_mn_o_p__ty_x__iy"},
    Alike{0x3AC, "aeniuaby_e_n_ik_uv_onp_otu_x_wiuo"},
    Alike{0x401, "e__esiij"},
    Alike{0x410, "a_b__e____k_mho_pcty_x______b___"},
    Alike{0x430, "a_br_e____k_mhonpcty_x______b___"},
    Alike{0x451, "e__esiij"},
    Alike{0x4BA, "hh"},
    Alike{0x4C0, "l"},
    Alike{0x4CF, "l"},
    Alike{0x501, "d"},
    Alike{0x51A, "qqww"},
    Alike{0x561, "u"},
    Alike{0x570, "h"},
    Alike{0x578, "n"},
    Alike{0x57D, "u"},
    Alike{0x585, "o"},
    Alike{0x660, "0123456789"},
    Alike{0x1D00, "a"},
    Alike{0x1D04, "cd"},
    Alike{0x1D07, "e"},
    Alike{0x1D0A, "jk"},
    Alike{0x1D0D, "m"},
    Alike{0x1D0F, "o"},
    Alike{0x1D18, "p"},
    Alike{0x1D1B, "tu"},
    Alike{0x1D20, "vwz"},
    Alike{0x1E00,
          "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppp"
          "rrrrrrrr"
          "ssssssssssttttttttuuuuuuuuuuvvvvwwwwww"},
    Alike{0x1EA0, "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooo"},
    Alike{0x1EE4, "uuuuuuuuuuuuuuyyyyyyyy"},
    Alike{0x2070, "0i__456789"},
    Alike{0x2080, "0123456789"},
    Alike{0xB2, "23_u"},
    Alike{0xB9, "1"},
    Alike{0x2113, "l"},
    Alike{0x212F, "e"},
    Alike{0x2134, "o"},
    Alike{0x210E, "h"},
    Alike{0x2160, "i"},
    Alike{0x216C, "lcdmi"},
    Alike{0x217C, "lcdm"},
    Alike{0xA730, "fs"},
};

// Alphabets that stand in rows of letters one after the other: mathematical, full-width, circled.
struct Alphabet {
  char32_t first;
  char32_t last;
  std::string_view letters;
};
constexpr std::string_view both_cases = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view one_case = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view decimals = "0123456789";
constexpr std::array alphabets{
    Alphabet{0x1D400, 0x1D6A3, both_cases},
    Alphabet{0x1D7CE, 0x1D7FF, decimals},
    Alphabet{0xFF10, 0xFF19, decimals},
    Alphabet{0xFF21, 0xFF3A, one_case},
    Alphabet{0xFF41, 0xFF5A, one_case},
    Alphabet{0x249C, 0x24B5, one_case},
    Alphabet{0x24B6, 0x24E9, both_cases},
    Alphabet{0x1F110, 0x1F129, one_case},
    Alphabet{0x1F130, 0x1F149, one_case},
    Alphabet{0x1F150, 0x1F169, one_case},
    Alphabet{0x1F170, 0x1F189, one_case},
    Alphabet{0x1F1E6, 0x1F1FF, one_case},
};

bool invisible(char32_t c) {
  return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0xFEFF || c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE0FFF) ||
         (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x20D0 && c <= 0x20FF) || (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
         c == 0x7F;
}

char32_t mark(char32_t c) {
  if (c == 0x66A || c == 0xFF05 || c == 0x2030) return '%';
  if (c == 0x20AC || c == 0xA3 || c == 0xA5 || c == 0xFF04) return '$';
  if (c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xFF07) return '\'';
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63 || c == 0xFF0D) return '-';
  if (c == 0x3002 || c == 0xFF0E || c == 0xFF01 || c == 0xFF1F || c == 0x2026) return '.';
  if (c == 0xFF0C || c == 0x3001 || c == 0x60C) return ',';
  return c == 0x2028 || c == 0x2029 || c == 0x85 ? U'\n' : U' ';
}

// The ASCII it is read as: a letter keeps its case where it is ASCII; 0 for an invisible one.
char32_t folded(char32_t c) {
  if (invisible(c)) return 0;
  if (c < 0x80) return c;
  for (const Alphabet& row : alphabets) {
    if (c >= row.first && c <= row.last) {
      return static_cast<unsigned char>(row.letters[(c - row.first) % row.letters.size()]);
    }
  }
  for (const Alike& row : alikes) {
    if (c < row.first || c - row.first >= row.ascii.size()) continue;
    const char ascii = row.ascii[c - row.first];
    if (ascii != '_') return static_cast<unsigned char>(ascii);
  }
  return mark(c);
}

struct Glyph {
  char c = ' ';
  std::size_t offset = 0;
  std::size_t end = 0;
};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}
bool in_run(char c) {
  return is_letter(c) || is_digit(c);
}

std::vector<Glyph> glyphs_of(std::string_view text) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode(text, at);
    const char32_t c = folded(decoded.code);
    if (c != 0) glyphs.push_back({static_cast<char>(c), at, at + decoded.size});
    at += decoded.size;
  }
  return glyphs;
}

// What stands between two words, told by its characters.
class Gap {
 public:
  explicit Gap(const std::vector<Glyph>& glyphs) : glyphs_(glyphs) {}

  Before between(std::size_t from, std::size_t to) const {
    if (from == to) return Before::joined;
    std::size_t lines = 0;
    bool space = false;
    bool comma = false;
    for (std::size_t i = from; i < to; ++i) {
      const char c = glyphs_[i].c;
      if (ends_sentence(i)) return Before::sentence;
      lines += c == '\n';
      space = space || c == ' ' || c == '\t' || c == '|' || c == '"' || c == '`';
      comma = comma || c == ',' || c == ':' || c == '(' || c == ')';
    }
    if (lines > 1) return Before::sentence;
    if (comma) return Before::comma;
    return !space && to - from <= 2 ? Before::joined : Before::space;
  }

 private:
  char at(std::size_t i) const { return i < glyphs_.size() ? glyphs_[i].c : '\n'; }
  bool blank(std::size_t i) const { return at(i) == ' ' || at(i) == '\n' || at(i) == '"'; }

  bool ends_sentence(std::size_t i) const {
    const char c = at(i);
    if (c == ';' || c == '|' || c == '{' || c == '}') return true;
    if (c == '.' || c == '!' || c == '?') return blank(i + 1) || at(i + 1) == ')';
    if (c == '"') return at(i + 1) == ',' || at(i + 1) == '}' || at(i + 1) == ']';
    const bool item = at(i + 1) == '-' || at(i + 1) == '*' || at(i + 1) == '#' || at(i + 1) == '|';
    return c == '\n' && item && at(i + 2) != '\n';
  }

  const std::vector<Glyph>& glyphs_;
};

// Base64, hex digests and the like: long, and of more than letters or digits.
bool looks_opaque(std::string_view run) {
  constexpr std::size_t shortest = 24;
  if (run.size() < shortest) return false;
  const auto has = [&](auto is) { return std::any_of(run.begin(), run.end(), is); };
  return has(is_digit) && has([](char c) { return c >= 'a' && c <= 'z'; });
}

class Reader {
 public:
  explicit Reader(std::string_view text) : glyphs_(glyphs_of(text)), gap_(glyphs_) {
    while (at_ < glyphs_.size()) read_one();
  }

  std::vector<TextWord> take() { return std::move(words_); }

 private:
  char peek(std::size_t i) const { return i < glyphs_.size() ? glyphs_[i].c : ' '; }

  // `$`, `@`, `!` and `|` pass for letters only among letters.
  bool stands_for_a_letter(std::size_t i) const {
    const char c = peek(i);
    if (c != '!' && c != '|' && c != '@' && c != '$') return false;
    const bool after = i > 0 && is_letter(peek(i - 1));
    return is_letter(peek(i + 1)) && (after || c == '@' || c == '$');
  }

  void read_one() {
    const char c = peek(at_);
    if (in_run(c) || stands_for_a_letter(at_)) {
      read_run();
    } else if (c == '%') {
      add("percent", at_, at_ + 1);
    } else if (c == '$') {
      add("$", at_, at_ + 1);
    } else if (c == '\'' && in_run(peek(at_ + 1)) && !words_.empty()) {
      read_contraction();
    } else {
      ++at_;
    }
  }

  void read_contraction() {
    const char next = peek(at_ + 1);
    const bool alone = !in_run(peek(at_ + 2));
    if (next == 's' && alone) {
      add("is", at_, at_ + 2);
    } else if (next == 't' && alone && words_.back().text.ends_with('n')) {
      words_.back().text.pop_back();
      add("not", at_, at_ + 2);
    } else {
      ++at_;
    }
  }

  void add(std::string text, std::size_t from, std::size_t to) {
    TextWord word;
    word.text = std::move(text);
    word.offset = glyphs_[from].offset;
    word.size = glyphs_[to - 1].end - word.offset;
    word.before = words_.empty() ? Before::sentence : gap_.between(last_, from);
    words_.push_back(std::move(word));
    at_ = last_ = to;
  }

  void read_run() {
    std::size_t end = at_;
    std::string run;
    while (end < glyphs_.size() && (in_run(peek(end)) || stands_for_a_letter(end))) {
      run += peek(end++);
    }
    const bool opaque = looks_opaque(run);
    for (bool first = true; at_ < end; first = false) {
      const std::size_t from = at_;
      std::size_t to = piece_end(from, end);
      std::string piece;
      for (std::size_t i = from; i < to; ++i) {
        piece += is_upper(peek(i)) ? static_cast<char>(peek(i) + 32) : peek(i);
      }
      add(std::move(piece), from, to);
      words_.back().opens_run = first;
      words_.back().opaque = opaque;
      end = std::max(end, to);
    }
  }

  // A piece ends where digits and letters meet and where a capital follows a small letter; a number
  // goes on behind its point.
  std::size_t piece_end(std::size_t from, std::size_t end) const {
    std::size_t to = from + 1;
    if (is_digit(peek(from))) {
      while (is_digit(peek(to)) ||
             ((peek(to) == '.' || peek(to) == ',') && is_digit(peek(to + 1)))) {
        ++to;
      }
      return to;
    }
    while (to < end && !is_digit(peek(to)) && !(is_upper(peek(to)) && !is_upper(peek(to - 1)))) {
      ++to;
    }
    return to;
  }

  std::vector<Glyph> glyphs_;
  Gap gap_;
  std::vector<TextWord> words_;
  std::size_t at_ = 0;
  std::size_t last_ = 0;
};

}  // namespace

std::vector<TextWord> words_of_text(std::string_view text) {
  return Reader(text).take();
}

}  // namespace smokeledger::probes::core
