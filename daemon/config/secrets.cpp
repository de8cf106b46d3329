#include "daemon/config/secrets.h"

#include <algorithm>
#include <array>

namespace smokeledger::daemon::config {
namespace {

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool alphanumeric(char c) {
  return lower(c) || upper(c) || digit(c);
}
bool token_character(char c) {
  return alphanumeric(c) || c == '-' || c == '_' || c == '+';
}

constexpr std::array<std::string_view, 17> prefixes{"sk-",
                                                    "sk_",
                                                    "rk_",
                                                    "gsk_",
                                                    "hf_",
                                                    "xai-",
                                                    "ghp_",
                                                    "gho_",
                                                    "github_pat_",
                                                    "xoxb-",
                                                    "xoxp-",
                                                    "AKIA",
                                                    "AIza",
                                                    "eyJ",
                                                    "r8_",
                                                    "nvapi-",
                                                    "glpat-"};
constexpr std::size_t shortest_after_prefix = 6;

constexpr std::array<std::string_view, 3> schemes{"bearer", "basic", "token"};
constexpr std::size_t shortest_after_scheme = 8;

constexpr std::size_t longest_plain_run = 23;  // of letters and digits mixed
constexpr std::size_t shortest_random = 28;    // of a token with separators

bool known_prefix(std::string_view token) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
    return token.starts_with(prefix) && token.size() >= prefix.size() + shortest_after_prefix;
  });
}

bool digest(std::string_view token) {
  return (token.size() == 40 || token.size() == 64) &&
         token.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

int kind(char c) {
  return lower(c) ? 0 : upper(c) ? 1 : digit(c) ? 2 : 3;
}

// A run of letters and digits longer than any word or version.
bool long_run(std::string_view token) {
  std::size_t size = 0;
  bool letters = false;
  bool digits = false;
  for (const char c : token) {
    if (!alphanumeric(c)) {
      size = 0;
      letters = digits = false;
      continue;
    }
    ++size;
    (digit(c) ? digits : letters) = true;
    if (size > longest_plain_run && letters && digits) return true;
  }
  return false;
}

// Base64 and its like change between lower case, upper case and digits at more than two of five
// characters; names and versions do not.
bool looks_random(std::string_view token) {
  if (token.size() < shortest_random) return false;
  std::size_t changes = 0;
  int last = 3;
  for (const char c : token) {
    const int now = kind(c);
    if (now == 3) continue;
    if (last != 3 && now != last) ++changes;
    last = now;
  }
  return changes * 5 > token.size() * 2;
}

bool secret_token(std::string_view token, bool path, Digests digests) {
  if (known_prefix(token)) return true;
  if (path || (digests == Digests::allowed && digest(token))) return false;
  return long_run(token) || looks_random(token);
}

bool same_letters(std::string_view text, std::string_view lower_case) {
  return std::equal(
      text.begin(), text.end(), lower_case.begin(), lower_case.end(), [](char a, char b) {
        return (upper(a) ? a + 32 : a) == b;
      });
}

// `Bearer ` and its like, as a word, with something long behind it.
bool names_a_scheme(std::string_view text) {
  for (std::size_t blank = text.find(' '); blank != std::string_view::npos;
       blank = text.find(' ', blank + 1)) {
    const std::string_view rest = text.substr(blank + 1);
    const auto end = std::find_if_not(rest.begin(), rest.end(), [](char c) {
      return token_character(c) || c == '.' || c == '/';
    });
    if (static_cast<std::size_t>(end - rest.begin()) < shortest_after_scheme) continue;
    for (const std::string_view scheme : schemes) {
      if (blank < scheme.size() ||
          !same_letters(text.substr(blank - scheme.size(), scheme.size()), scheme)) {
        continue;
      }
      if (blank == scheme.size() || !alphanumeric(text[blank - scheme.size() - 1])) return true;
    }
  }
  return false;
}

// `https://user:password@host`; a user name alone is a matter of form.
bool password_in_url(std::string_view text) {
  const std::size_t start = text.find("://");
  if (start == std::string_view::npos) return false;
  const auto authority = text.substr(start + 3, text.find_first_of("/?#", start + 3) - start - 3);
  const std::size_t at = authority.find('@');
  return at != std::string_view::npos &&
         authority.substr(0, at).find(':') != std::string_view::npos;
}

}  // namespace

bool looks_like_secret(std::string_view text, Digests digests) {
  if (text.find("-----BEGIN") != std::string_view::npos) return true;
  if (names_a_scheme(text) || password_in_url(text)) return true;
  const bool path = text.starts_with('/');
  std::size_t from = 0;
  while (from < text.size()) {
    const auto start =
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), token_character);
    const auto end = std::find_if_not(start, text.end(), token_character);
    if (start == end) break;
    const auto first = static_cast<std::size_t>(start - text.begin());
    const auto size = static_cast<std::size_t>(end - start);
    if (secret_token(text.substr(first, size), path, digests)) return true;
    from = first + size;
  }
  return false;
}

std::string shown(std::string_view text) {
  if (looks_like_secret(text)) return "(not shown)";
  constexpr std::size_t longest = 60;
  std::string visible = "'";
  for (const char c : text.substr(0, longest)) {
    visible += c >= 0x20 && c < 0x7F ? c : '?';
  }
  visible += text.size() > longest ? "...'" : "'";
  return visible;
}

}  // namespace smokeledger::daemon::config
