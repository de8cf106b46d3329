#include "probes/core/claims_guard.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using testing::IsEmpty;
using testing::Not;

const std::filesystem::path source = SMOKELEDGER_SOURCE_DIR;

std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto more = [&](std::uint32_t bits) { out += static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    more(code >> 6U);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    more(code >> 12U);
    more(code >> 6U);
  }
  more(code);
}

// `\n`, `\uXXXX` and `\u{XXXXX}`, so that a disguise can be read in the file.
std::string unescaped(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] != '\\') {
      text += line[i++];
    } else if (line[i + 1] == 'n') {
      text += '\n';
      i += 2;
    } else {
      const bool braced = line[i + 2] == '{';
      const std::size_t from = i + (braced ? 3 : 2);
      const std::size_t size = braced ? line.find('}', from) - from : 4;
      append_utf8(text,
                  static_cast<std::uint32_t>(std::stoul(line.substr(from, size), nullptr, 16)));
      i = from + size + (braced ? 1 : 0);
    }
  }
  return text;
}

struct Phrase {
  std::string line;
  std::string text;
  ClaimSubject subject{};
};

// A phrase a line; those that are claims have their subject in front.
std::vector<Phrase> corpus(const std::string& name, bool with_subject) {
  std::istringstream lines(file_text(source / "tests/golden/claims" / name));
  std::vector<Phrase> phrases;
  for (std::string line; std::getline(lines, line);) {
    Phrase phrase{line, unescaped(line), {}};
    if (with_subject) {
      const std::size_t colon = line.find(": ");
      const auto subject = from_word<ClaimSubject>(line.substr(0, colon));
      EXPECT_TRUE(subject) << line;
      phrase.subject = subject.value_or(ClaimSubject::uptime);
      phrase.text = unescaped(line.substr(colon + 2));
    }
    phrases.push_back(std::move(phrase));
  }
  return phrases;
}

const std::vector<Phrase>& refused() {
  static const auto phrases = corpus("claims.txt", true);
  return phrases;
}
const std::vector<Phrase>& allowed() {
  static const auto phrases = corpus("allowed.txt", false);
  return phrases;
}

std::string listed(const std::vector<Claim>& claims) {
  std::string text;
  for (const Claim& claim : claims) {
    text.append(word(claim.subject)).append(": ").append(claim.words).append("\n");
  }
  return text;
}

bool claims_about(const std::string& text, ClaimSubject subject, WordsOf whose = WordsOf::ours) {
  const auto claims = find_claims(text, whose);
  return std::any_of(
      claims.begin(), claims.end(), [&](const Claim& claim) { return claim.subject == subject; });
}

TEST(ClaimsCorpus, HoldsManyPhrasesOfBothKindsAndEverySubject) {
  EXPECT_GE(refused().size(), 100U);
  EXPECT_GE(allowed().size(), 100U);
  std::set<std::string> lines;
  std::set<ClaimSubject> subjects;
  for (const Phrase& phrase : refused()) {
    EXPECT_TRUE(lines.insert(phrase.line).second) << phrase.line;
    subjects.insert(phrase.subject);
  }
  for (const Phrase& phrase : allowed()) {
    EXPECT_TRUE(lines.insert(phrase.line).second) << phrase.line;
  }
  EXPECT_EQ(subjects.size(), every<ClaimSubject>().size());
}

TEST(ClaimsGuard, FindsEveryClaimOfTheCorpusAlsoAmongOtherWords) {
  for (const Phrase& phrase : refused()) {
    EXPECT_TRUE(claims_about(phrase.text, phrase.subject)) << phrase.line;
    EXPECT_TRUE(claims_about("A note. " + phrase.text + ". The end.", phrase.subject))
        << phrase.line;
    EXPECT_TRUE(claims_about(R"({"note":")" + phrase.text + R"(","v":1})", phrase.subject))
        << phrase.line;
  }
}

TEST(ClaimsGuard, LetsPassEveryAllowedPhraseOfTheCorpus) {
  for (const Phrase& phrase : allowed()) {
    EXPECT_EQ(listed(find_claims(phrase.text)), "") << phrase.line;
  }
}

TEST(ClaimsGuard, SaysWhichWordsAndWhere) {
  const std::string text = "The route: up\xE2\x80\x8Btime. SLA kept.";
  const auto claims = find_claims(text);
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_EQ(claims[0].words, "uptime");
  EXPECT_EQ(text.substr(claims[0].offset, claims[0].size), "up\xE2\x80\x8Btime");
  EXPECT_EQ(claims[1].words, "SLA kept");
  EXPECT_EQ(claims[1].subject, ClaimSubject::guarantee);
  EXPECT_EQ(text.substr(claims[1].offset, claims[1].size), "SLA kept");
}

TEST(ClaimsGuard, TakesNamesThatOthersGaveUnlessTheyStateSomething) {
  for (const auto* name : {"billing-oncall",
                           "availability-team",
                           "quota desk",
                           "https://docs.example.com/pricing",
                           "https://docs.example.com/guides/latency-optimization",
                           "https://example.com/rate-limits-and-quota"}) {
    EXPECT_THAT(find_claims(name, WordsOf::others), IsEmpty()) << name;
  }
  for (const auto* name : {"oncall, 99.9 % uptime",
                           "team of the guaranteed 100% uptime",
                           "https://example.com/99.95-percent",
                           "https://example.com/the-api-is-up",
                           "production-ready team"}) {
    EXPECT_THAT(find_claims(name, WordsOf::others), Not(IsEmpty())) << name;
  }
}

TEST(ClaimsGuard, EndsADenialWithItsSentence) {
  EXPECT_THAT(find_claims("It does not assert uptime, latency or health."), IsEmpty());
  EXPECT_TRUE(claims_about("It does not assert uptime. Latency was low.", ClaimSubject::latency));
  EXPECT_TRUE(claims_about("It does not assert uptime but latency.", ClaimSubject::latency));
  EXPECT_TRUE(claims_about("It asserts uptime.", ClaimSubject::uptime));
}

TEST(ClaimsGuard, TakesAnyBytes) {
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    bytes += static_cast<char>(state >> 24U);
  }
  for (const Claim& claim : find_claims(bytes)) {
    EXPECT_LE(claim.offset + claim.size, bytes.size());
    EXPECT_GT(claim.size, 0U);
  }
  EXPECT_THAT(find_claims(""), IsEmpty());
  EXPECT_THAT(find_claims("\xF0\x9D\x90"), IsEmpty());
}

TEST(ClaimsGuard, TakesHashesAndSignaturesForNoWords) {
  EXPECT_THAT(find_claims("hash 5b1a0c99p95c5lac0dead00ffee0123456789abcdefup99isdown0"),
              IsEmpty());
}

// Every class that a pattern names, with its angle brackets.
std::vector<std::string> classes_in(std::string_view pattern) {
  std::vector<std::string> names;
  for (auto from = pattern.find('<'); from != std::string_view::npos;
       from = pattern.find('<', from + 1)) {
    names.emplace_back(pattern.substr(from + 1, pattern.find('>', from) - from - 1));
  }
  return names;
}

TEST(ClaimsTable, NamesOnlyClassesThatExist) {
  EXPECT_EQ(claim_word_class("none such"), "");
  for (const ClaimPattern& row : claim_patterns()) {
    for (const auto& name : classes_in(row.words))
      EXPECT_NE(claim_word_class(name), "") << row.words;
    EXPECT_EQ(row.words.find("  "), std::string_view::npos) << row.words;
    EXPECT_EQ(row.words.find_first_of("?!"), row.words.find_first_of("?!", 1)) << row.words;
  }
}

TEST(ClaimsTable, GivesEveryAllowanceAReason) {
  for (const ClaimAllowance& row : allowed_claim_patterns()) EXPECT_NE(row.why, "") << row.words;
  for (const ClaimAllowance& row : allowed_claim_names()) {
    EXPECT_NE(row.why, "") << row.words;
    EXPECT_THAT(find_claims("code " + std::string(row.words) + " came"), IsEmpty()) << row.words;
  }
  EXPECT_THAT(find_claims("/-/healthyish"), Not(IsEmpty()));
  EXPECT_THAT(find_claims("insufficient_quota, so the quota is exhausted"), Not(IsEmpty()));
}

TEST(Documentation, ClaimsNothing) {
  std::vector<std::filesystem::path> files{
      source / "README.md", source / "CHANGELOG.md", source / "etc/smokeledger.toml"};
  for (const auto& entry : std::filesystem::directory_iterator(source / "docs")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  EXPECT_GT(files.size(), 10U);
  for (const auto& file : files) EXPECT_EQ(listed(find_claims(file_text(file))), "") << file;
}

TEST(GoldenLedgerLines, ClaimNothing) {
  for (const auto* name : {"kinds.jsonl", "worked-example.jsonl"}) {
    const std::string text = file_text(source / "tests/golden/ledger" / name);
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(listed(find_claims(text)), "") << name;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
