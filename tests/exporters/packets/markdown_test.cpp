#include "exporters/packets/markdown.h"

#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

using exporters::packets::code;
using exporters::packets::escaped;
using exporters::packets::fenced;
using exporters::packets::own_link;

TEST(TextInMarkdown, StaysText) {
  struct Case {
    std::string_view text;
    std::string_view markdown;
  };
  const Case cases[] = {
      {"", ""},
      {"Plain words, 3.5 of them - and more.", "Plain words, 3.5 of them - and more."},
      {"[a](https://evil.example)", "\\[a\\]\\(https\\://evil.example\\)"},
      {"![x](y)", "\\!\\[x\\]\\(y\\)"},
      {"<script>", "\\<script\\>"},
      {"a|b", "a\\|b"},
      {"`tick`", "\\`tick\\`"},
      {"back\\slash", "back\\\\slash"},
      {"*bold* _it_ ~no~", "\\*bold\\* \\_it\\_ \\~no\\~"},
      {"# heading", "\\# heading"},
      {"> quote", "\\> quote"},
      {"- item", "\\- item"},
      {"+ item", "\\+ item"},
      {"===", "\\==="},
      {"1. item", "1\\. item"},
      {"12) item", "12\\) item"},
      {"    indented", "indented"},
      {"   - item", "\\- item"},
      {"said: that", "said: that"},
      {"ends with:", "ends with:"},
      {"a:rocket:b", "a\\:rocket\\:b"},
      {"&lt;b&gt;", "\\&lt;b\\&gt;"},
      {"www.evil.example", "www\\.evil.example"},
      {"someone@evil.example", "someone\\@evil.example"},
      {"line\nbreak",
       "line\xEF\xBF\xBD"
       "break"},
      {"\xE2\x80\xAE"
       "abc",
       "\xEF\xBF\xBD"
       "abc"},
      {"zero\xE2\x80\x8Bwidth", "zero\xEF\xBF\xBDwidth"},
      {"caf\xC3\xA9", "caf\xC3\xA9"},
      {"\xC3", "\xEF\xBF\xBD"},
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const auto& c : cases) EXPECT_EQ(escaped(c.text), c.markdown);
}

TEST(CodeInMarkdown, IsOfHarmlessCharactersAlone) {
  EXPECT_EQ(code("staging-0a1b2c3d-17"), "`staging-0a1b2c3d-17`");
  EXPECT_EQ(code("choices[0]"), "choices\\[0\\]");
  EXPECT_EQ(code("a`b"), "a\\`b");
  EXPECT_EQ(code("a|b"), "a\\|b");
  EXPECT_EQ(code(""), "");
}

TEST(LinksInMarkdown, AreOfAddressesThatWereConfigured) {
  EXPECT_EQ(own_link("https://apidoc.cometapi.com/api/text/chat"),
            "<https://apidoc.cometapi.com/api/text/chat>");
  EXPECT_EQ(own_link("javascript:alert(1)"), "javascript\\:alert\\(1\\)");
  EXPECT_EQ(own_link("https://user@evil.example/"), "https\\://user\\@evil.example/");
  EXPECT_EQ(own_link("https://a.example/ b"), "https\\://a.example/ b");
  EXPECT_EQ(own_link("https://a.example/>x"), "https\\://a.example/\\>x");
  EXPECT_EQ(own_link(""), "");
}

TEST(FencesInMarkdown, AreLongerThanAnythingInThem) {
  EXPECT_EQ(fenced("sh", {"echo"}), "```sh\necho\n```\n");
  EXPECT_EQ(fenced("text", {"a ``` b"}), "````text\na ``` b\n````\n");
  EXPECT_EQ(fenced("text", {"``````"}), "```````text\n``````\n```````\n");
  EXPECT_EQ(fenced("text", {"a\n```"}), "````text\na\xEF\xBF\xBD```\n````\n");
}

}  // namespace
}  // namespace smokeledger::tests
