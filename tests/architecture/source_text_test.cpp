#include "tests/architecture/source_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests::architecture {
namespace {

std::vector<std::string> literals_of(std::string_view text) {
  std::vector<std::string> found;
  for (const Literal& literal : read_source(text).literals) found.push_back(literal.text);
  return found;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SourceText, FindsStringLiteralsAndLeavesCommentsOut) {
  EXPECT_THAT(literals_of(R"(f("a"); // "b"
/* "c" */ g("d" "e");)"),
              ElementsAre("a", "d", "e"));
}

TEST(SourceText, KeepsEscapedQuotesInsideALiteral) {
  EXPECT_THAT(literals_of(R"x(f("a\"b", "\\", "c");)x"), ElementsAre(R"(a\"b)", R"(\\)", "c"));
}

TEST(SourceText, ReadsRawStringsToTheirOwnEnd) {
  EXPECT_THAT(literals_of("f(R\"(a\"b)\"); g(R\"x(c)\"d)x\", \"e\");"),
              ElementsAre("a\"b", "c)\"d", "e"));
}

TEST(SourceText, TakesDigitSeparatorsAndCharactersForWhatTheyAre) {
  EXPECT_THAT(literals_of(R"(n = 1'000 + 0xFF'FFu; c = '"'; d = '\''; f("a");)"), ElementsAre("a"));
}

TEST(SourceText, BlanksCommentsAndLiteralsInTheCodeAndKeepsItsLines) {
  const SourceText text = read_source("a // getenv\nb \"getenv\"\n/* getenv\n*/ getenv(x);\n");
  EXPECT_THAT(lines_with(text.code, "getenv"), ElementsAre(4U));
}

TEST(SourceText, ReadsIncludesAndDoesNotTakeThemForLiterals) {
  const SourceText text = read_source(
      "#include <a/b.h>\n  #  include \"c/d.h\"\n// #include <e.h>\nf(\"#include <g.h>\");\n");
  ASSERT_EQ(text.includes.size(), 2U);
  EXPECT_EQ(text.includes[0].path, "a/b.h");
  EXPECT_EQ(text.includes[1].path, "c/d.h");
  EXPECT_EQ(text.includes[1].line, 2U);
  EXPECT_THAT(literals_of("#include \"c/d.h\"\n"), IsEmpty());
}

TEST(SourceText, CountsTheLinesOfLiterals) {
  const SourceText text = read_source("\n/*\n\n*/\nR\"(\n\n)\" \"x\"\n\"y\"");
  ASSERT_EQ(text.literals.size(), 3U);
  EXPECT_EQ(text.literals[0].line, 5U);
  EXPECT_EQ(text.literals[1].line, 7U);
  EXPECT_EQ(text.literals[2].line, 8U);
}

TEST(SourceText, SurvivesATextThatIsCutAnywhere) {
  const std::string whole = "#include <a>\nR\"x(b)x\" \"c\\\"\" 'd' /* e */ // f\n1'0";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_LE(read_source(whole.substr(0, length)).code.size(), length) << length;
  }
}

TEST(LinesWith, FindsWholeNamesOnly) {
  EXPECT_THAT(lines_with("getenv(a)\nstd::getenv(b)\nsecure_getenv(c)\ngetenvs(d)", "getenv"),
              ElementsAre(1U, 2U));
  EXPECT_THAT(lines_with("std::chrono::system_clock::now()", "system_clock::now"), ElementsAre(1U));
}

}  // namespace
}  // namespace smokeledger::tests::architecture
