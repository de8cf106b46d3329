#include "probes/core/claims_guard.h"

#include <algorithm>
#include <bitset>
#include <optional>

#include "probes/core/claims_text.h"

namespace smokeledger::probes::core {
namespace {

using Before = TextWord::Before;
using Texts = std::vector<TextWord>;

// The first part of `rest` up to `mark`, which is taken off with it.
std::string_view next_part(std::string_view& rest, char mark) {
  const std::size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool reads_as(char c, char letter) {
  if (c == letter) return true;
  switch (c) {
    case '0':
      return letter == 'o';
    case '1':
    case '!':
    case '|':
      return letter == 'i' || letter == 'l';
    case '3':
      return letter == 'e';
    case '4':
    case '@':
      return letter == 'a';
    case '5':
    case '$':
      return letter == 's';
    case '7':
      return letter == 't';
    default:
      return false;
  }
}

bool reads_as(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char c, char letter) {
    return reads_as(c, letter);
  });
}

// With a letter at least: a number is a number, whatever it looks like.
bool spells(std::string_view text, std::string_view word) {
  return reads_as(text, word) && std::any_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
         });
}

bool is_number(const TextWord& word) {
  return word.text.front() >= '0' && word.text.front() <= '9';
}

bool holds(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
    if (spells(text.substr(i, word.size()), word)) return true;
  }
  return false;
}

// The characters that a first word can begin with, so that most rows need not be tried at all.
using FirstLetters = std::bitset<128>;

void add_letter(FirstLetters& letters, char first) {
  for (unsigned char c = 0; c < letters.size(); ++c) {
    if (reads_as(static_cast<char>(c), first)) letters.set(c);
  }
}

void add_atom(FirstLetters& letters, std::string_view atom) {
  if (atom.starts_with('~')) {
    letters.set();
  } else if (atom.starts_with('#')) {
    for (char c = '0'; c <= '9'; ++c) letters.set(static_cast<unsigned char>(c));
  } else if (atom.starts_with('<')) {
    std::string_view words = claim_word_class(atom.substr(1, atom.size() - 2));
    while (!words.empty()) add_atom(letters, next_part(words, ' '));
  } else {
    add_letter(letters, atom[atom.starts_with('=') ? 1 : 0]);
  }
}

template <class Row>
std::vector<FirstLetters> first_letters_of(std::span<const Row> rows) {
  std::vector<FirstLetters> all;
  for (const Row& row : rows) {
    std::string_view rest = row.words;
    std::string_view alternatives = next_part(rest, ' ');
    FirstLetters& letters = all.emplace_back();
    while (!alternatives.empty()) add_atom(letters, next_part(alternatives, '|'));
  }
  return all;
}

// A place in a text at which patterns are tried. Word numbers are indices; none: no match.
class Matcher {
 public:
  explicit Matcher(const Texts& words) : words_(words) {}

  // Where the match that begins at `from` ends.
  std::optional<std::size_t> match(std::string_view pattern, std::size_t from) const {
    const std::string_view first = pattern.substr(0, pattern.find(' '));
    const auto end = element(first, from);
    if (!end) return std::nullopt;
    return rest_of(pattern.substr(std::min(first.size() + 1, pattern.size())), *end);
  }

  // Whether the word is one of the class.
  bool is(std::size_t at, std::string_view name) const { return of_class(name, at).has_value(); }

 private:
  bool goes_on(std::size_t at) const {
    return at < words_.size() && words_[at].before != Before::sentence;
  }

  std::optional<std::size_t> rest_of(std::string_view pattern, std::size_t at) const {
    if (pattern.empty()) return at;
    std::string_view rest = pattern;
    const std::string_view now = next_part(rest, ' ');
    if (now == "..") {
      for (std::size_t skipped = 0; skipped <= 3; ++skipped) {
        if (const auto end = rest_of(rest, at + skipped)) return end;
        if (!goes_on(at + skipped)) break;
      }
      return std::nullopt;
    }
    const bool optional = now.starts_with('?');
    const bool refused = now.starts_with('!');
    const auto end =
        goes_on(at) ? element(now.substr(optional || refused ? 1 : 0), at) : std::nullopt;
    if (refused) return end ? std::nullopt : rest_of(rest, at);
    if (end) {
      if (const auto whole = rest_of(rest, *end)) return whole;
    }
    return optional ? rest_of(rest, at) : std::nullopt;
  }

  std::optional<std::size_t> element(std::string_view alternatives, std::size_t at) const {
    while (!alternatives.empty()) {
      if (const auto end = atom(next_part(alternatives, '|'), at)) return end;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> atom(std::string_view atom, std::size_t at) const {
    const TextWord& word = words_[at];
    const auto if_so = [&](bool so) { return so ? std::optional(at + 1) : std::nullopt; };
    if (atom.starts_with('~')) return spread(atom.substr(1), at);
    if (word.opaque) return std::nullopt;
    if (atom.starts_with('=')) return whole(atom.substr(1), at);
    if (atom.starts_with('<')) return of_class(atom.substr(1, atom.size() - 2), at);
    if (atom == "#") return if_so(is_number(word));
    if (atom == "#9") return if_so(word.text.starts_with("99"));
    if (atom.ends_with('*')) return if_so(word.text.starts_with(atom.substr(0, atom.size() - 1)));
    return if_so(word.text == atom);
  }

  std::optional<std::size_t> of_class(std::string_view name, std::size_t at) const {
    std::string_view words = claim_word_class(name);
    while (!words.empty()) {
      if (const auto end = atom(next_part(words, ' '), at)) return end;
    }
    return std::nullopt;
  }

  // Joined to the word before by a mark, or one of a row of single letters.
  bool joined(std::size_t at) const {
    if (at >= words_.size()) return false;
    if (words_[at].before == Before::joined) return true;
    return words_[at].before != Before::sentence && words_[at].text.size() == 1 &&
           words_[at - 1].text.size() == 1;
  }

  // Inside one word, or over the pieces that begin with one.
  std::optional<std::size_t> spread(std::string_view wanted, std::size_t at) const {
    const std::string& first = words_[at].text;
    if (first.size() >= wanted.size()) {
      return holds(first, wanted) ? std::optional(at + 1) : std::nullopt;
    }
    if (!reads_as(first, wanted.substr(0, first.size()))) return std::nullopt;
    std::string pieces = first;
    for (std::size_t next = at + 1; joined(next) && pieces.size() < wanted.size(); ++next) {
      pieces += words_[next].text;
      const std::size_t common = std::min(pieces.size(), wanted.size());
      if (!reads_as(std::string_view(pieces).substr(0, common), wanted.substr(0, common))) break;
      if (pieces.size() < wanted.size()) continue;
      const bool spelt = spells(std::string_view(pieces).substr(0, wanted.size()), wanted);
      return spelt ? std::optional(next + 1) : std::nullopt;
    }
    return std::nullopt;
  }

  // All of a run of letters and digits, or of a row of pieces.
  std::optional<std::size_t> whole(std::string_view wanted, std::size_t at) const {
    if (!words_[at].opens_run) return std::nullopt;
    std::string pieces = words_[at].text;
    std::size_t next = at + 1;
    while (pieces.size() < wanted.size() && joined(next)) pieces += words_[next++].text;
    const bool ends = next >= words_.size() || words_[next].opens_run;
    return ends && spells(pieces, wanted) ? std::optional(next) : std::nullopt;
  }

  const Texts& words_;
};

struct Found {
  const ClaimPattern* row = nullptr;
  std::size_t from = 0;  // words
  std::size_t to = 0;
};

class Guard {
 public:
  Guard(std::string_view text, WordsOf whose)
      : text_(text), whose_(whose), words_(words_of_text(text)), matcher_(words_) {}

  std::vector<Claim> claims() const {
    const std::vector<bool> named = allowed_words();
    std::vector<Claim> list;
    for (std::size_t at = 0; at < words_.size();) {
      const auto found = longest_at(at, named);
      if (found) list.push_back(claim_of(*found));
      at = found ? found->to : at + 1;
    }
    return list;
  }

 private:
  // Words that a spelling of others or an allowed sequence covers.
  std::vector<bool> allowed_words() const {
    std::vector<bool> named(words_.size(), false);
    for (const ClaimAllowance& row : allowed_claim_names()) allow_spelling(row.words, named);
    static const auto first_letters = first_letters_of(allowed_claim_patterns());
    for (std::size_t at = 0; at < words_.size(); ++at) {
      std::size_t number = 0;
      for (const ClaimAllowance& row : allowed_claim_patterns()) {
        if (!first_letters[number++].test(first_of(at))) continue;
        const auto end = matcher_.match(row.words, at);
        for (std::size_t i = at; end && i < *end; ++i) named[i] = true;
      }
    }
    return named;
  }

  void allow_spelling(std::string_view spelling, std::vector<bool>& named) const {
    const auto part_of_word = [&](std::size_t at) {
      const char c = at < text_.size() ? text_[at] : ' ';
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c < 0;
    };
    for (auto at = text_.find(spelling); at != std::string_view::npos;
         at = text_.find(spelling, at + 1)) {
      const std::size_t end = at + spelling.size();
      if (part_of_word(end) || (spelling[0] != '/' && at > 0 && part_of_word(at - 1))) continue;
      for (std::size_t i = 0; i < words_.size(); ++i) {
        if (words_[i].offset >= at && words_[i].offset + words_[i].size <= end) named[i] = true;
      }
    }
  }

  std::optional<Found> longest_at(std::size_t at, const std::vector<bool>& named) const {
    static const auto first_letters = first_letters_of(claim_patterns());
    std::optional<Found> longest;
    std::size_t number = 0;
    for (const ClaimPattern& row : claim_patterns()) {
      if (!first_letters[number++].test(first_of(at))) continue;
      const auto end = matcher_.match(row.words, at);
      if (!end || (longest && *end - at <= longest->to - at)) continue;
      const auto first = named.begin() + static_cast<std::ptrdiff_t>(at);
      const auto last = named.begin() + static_cast<std::ptrdiff_t>(*end);
      const bool all_named = std::find(first, last, false) == last;
      if (all_named || (!row.outright && std::find(first, last, true) != last)) continue;
      if (whose_ == WordsOf::others && !row.outright) continue;
      if (excused(row, at, *end)) continue;
      longest = Found{&row, at, *end};
    }
    return longest;
  }

  std::size_t first_of(std::size_t at) const {
    return static_cast<unsigned char>(words_[at].text.front());  // words are ASCII
  }

  bool excused(const ClaimPattern& row, std::size_t from, std::size_t to) const {
    const bool outright = row.outright || (to < words_.size() && matcher_.is(to, "be") &&
                                           goes_on(to) && !denied_behind(to));
    return denied_before(from, outright) || asked_before(from, row.outright) ||
           denied_around(from, to) || denied_behind(to);
  }

  bool goes_on(std::size_t at) const {
    return at < words_.size() && words_[at].before != Before::sentence;
  }
  bool same_clause(std::size_t at) const {
    return goes_on(at) && words_[at].before != Before::comma;
  }
  bool negates(std::size_t at) const {
    return matcher_.is(at, "not") && !(goes_on(at + 1) && matcher_.is(at + 1, "only"));
  }

  // "does not assert", "says nothing about", up to thirty words before. What is stated outright has
  // to follow in the same clause.
  bool denied_before(std::size_t from, bool outright) const {
    constexpr std::size_t reach = 30;
    for (std::size_t at = from, steps = 0; at > 0 && steps < reach; --at, ++steps) {
      if (!goes_on(at) || (outright && !same_clause(at)) || matcher_.is(at - 1, "turn"))
        return false;
      if (matcher_.is(at - 1, "state") && negated(at - 1)) return true;
    }
    return false;
  }

  // A negation up to four words before the verb.
  bool negated(std::size_t verb) const {
    for (std::size_t at = verb, steps = 0; at > 0 && steps < 4 && same_clause(at); --at, ++steps) {
      if (negates(at - 1)) return true;
    }
    return false;
  }

  bool asked_before(std::size_t from, bool outright) const {
    constexpr std::size_t reach = 12;
    for (std::size_t at = from, steps = 0; at > 0 && steps < reach && same_clause(at);
         --at, ++steps) {
      if (words_[at - 1].text == "whether") return true;
      if (!outright && matcher_.is(at - 1, "ask")) return true;
    }
    return false;
  }

  // "no uptime is claimed", "not an outage detector".
  bool denied_around(std::size_t from, std::size_t to) const {
    bool before = false;
    for (std::size_t at = from, steps = 0; at > 0 && steps < 3 && same_clause(at); --at, ++steps) {
      before = before || negates(at - 1);
    }
    for (std::size_t at = to; before && at < to + 4 && same_clause(at); ++at) {
      if (matcher_.is(at, "state")) return true;
    }
    return false;
  }

  // "latency was not measured", "availability is unknown".
  bool denied_behind(std::size_t to) const {
    bool negation = false;
    for (std::size_t at = to; at < to + 6 && same_clause(at); ++at) {
      if (negation && matcher_.is(at, "state")) return true;
      negation = negation || negates(at);
      if (words_[at].text == "unknown" || words_[at].text == "unclear") return true;
    }
    return false;
  }

  Claim claim_of(const Found& found) const {
    Claim claim;
    claim.subject = found.row->subject;
    const TextWord& last = words_[found.to - 1];
    claim.offset = words_[found.from].offset;
    claim.size = last.offset + last.size - claim.offset;
    const std::string_view standing = text_.substr(claim.offset, claim.size);
    if (std::all_of(
            standing.begin(), standing.end(), [](char c) { return c >= ' ' && c < 0x7F; })) {
      claim.words = standing;
      return claim;
    }
    for (std::size_t i = found.from; i < found.to; ++i) {
      const bool apart = i > found.from && words_[i].before != Before::joined;
      claim.words.append(apart ? " " : "").append(words_[i].text);
    }
    return claim;
  }

  std::string_view text_;
  WordsOf whose_;
  Texts words_;
  Matcher matcher_;
};

}  // namespace

std::vector<Claim> find_claims(std::string_view text, WordsOf whose) {
  return Guard(text, whose).claims();
}

}  // namespace smokeledger::probes::core
