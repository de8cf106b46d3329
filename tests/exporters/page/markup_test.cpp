#include "exporters/page/markup.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::exporters::page {
namespace {

using testing::HasSubstr;

TEST(Text, EscapesWhatHtmlWouldReadAsAnythingElse) {
  EXPECT_EQ(text("a < b & \"c\" 'd' > e").html(),
            "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt; e");
  EXPECT_EQ(text("&lt;").html(), "&amp;lt;");
  EXPECT_EQ(text("").html(), "");
  EXPECT_EQ(text("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA5").html(),
            "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA5");
}

TEST(Text, ShowsWhatCannotBeSeenOrReadAsAReplacement) {
  struct Row {
    const char* what;
    std::string_view bytes;
    std::size_t replaced;
  };
  const std::vector<Row> rows{{"a control character", "\x1B", 1},
                              {"NUL", std::string_view("\0", 1), 1},
                              {"a line end", "\r\n", 2},
                              {"delete", "\x7F", 1},
                              {"right-to-left override", "\xE2\x80\xAE", 1},
                              {"a zero-width space", "\xE2\x80\x8B", 1},
                              {"an isolate", "\xE2\x81\xA6", 1},
                              {"a byte order mark", "\xEF\xBB\xBF", 1},
                              {"a tag character", "\xF3\xA0\x81\x81", 1},
                              {"a lone continuation", "\x80", 1},
                              {"an overlong <", "\xC0\xBC", 2},
                              {"an overlong three-byte form", "\xE0\x80\xBC", 3},
                              {"a surrogate", "\xED\xA0\x80", 3},
                              {"beyond Unicode", "\xF4\x90\x80\x80", 4},
                              {"cut short", "\xE2\x82", 2}};
  for (const Row& row : rows) {
    std::string expected;
    for (std::size_t i = 0; i < row.replaced; ++i) expected += "\xEF\xBF\xBD";
    EXPECT_EQ(text(row.bytes).html(), expected) << row.what;
  }
}

TEST(Text, HoldsNothingThatEndsItWhateverTheBytes) {
  std::minstd_rand random(7);
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes;
    for (auto left = random() % 12; left > 0; --left) bytes += static_cast<char>(random() % 256);
    const std::string html = text(bytes).html();
    ASSERT_EQ(html.find_first_of("<>\"'"), std::string::npos) << html;
    for (auto at = html.find('&'); at != std::string::npos; at = html.find('&', at + 1)) {
      const auto entity = html.substr(at, html.find(';', at) + 1 - at);
      ASSERT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;" ||
                  entity == "&#39;")
          << html;
    }
  }
}

TEST(Element, EscapesTheValuesOfItsAttributes) {
  EXPECT_EQ(element("p", {{"title", "a\" onload=\"b"}}, text("<c>")).html(),
            "<p title=\"a&quot; onload=&quot;b\">&lt;c&gt;</p>");
  EXPECT_EQ(lone("input", {{"value", "'>"}}).html(), "<input value=\"&#39;&gt;\">");
}

TEST(Link, WithinTheSiteKeepsItsPathWhateverTheName) {
  EXPECT_EQ(Link::ours("/line/", "staging-0a-1").address(), "/line/staging-0a-1");
  EXPECT_EQ(Link::ours("/line/", "../x?y#z/&\"").address(), "/line/..%2Fx%3Fy%23z%2F%26%22");
  EXPECT_EQ(Link::ours("/", {{"from", "-24h"}, {"probe", "a b&c=d"}}).address(),
            "/?from=-24h&probe=a%20b%26c%3Dd");
  EXPECT_EQ(link(Link::ours("/", {{"a", "1"}, {"b", "2"}}), {}, text("x")).html(),
            "<a href=\"/?a=1&amp;b=2\">x</a>");
}

TEST(Link, OutsideLosesItsQueryAndDoesNotTellWhereItCameFrom) {
  const auto to = Link::outside("https://docs.example/a/b?key=secret#part");
  ASSERT_TRUE(to);
  EXPECT_EQ(link(*to, {}, text("x")).html(),
            "<a href=\"https://docs.example/a/b\" rel=\"noopener noreferrer\">x</a>");
  EXPECT_TRUE(Link::outside("http://docs.example"));
}

TEST(Link, OutsideIsOnlyWhatIsPlainlyAPageOfSomebodyElse) {
  for (const char* url : {"",
                          "docs.example",
                          "//docs.example/",
                          "javascript:alert(1)",
                          "JavaScript://x/%0aalert(1)",
                          "data:text/html,x",
                          "ftp://docs.example/",
                          "https:///path",
                          "https://?x",
                          "https://user@docs.example/",
                          "https://user:pass@docs.example/",
                          " https://docs.example/",
                          "https://docs.example/a b",
                          "https://docs.example/\"x",
                          "https://docs.example/<x>",
                          "https://docs.example\\@evil.example/",
                          "https://docs.example/\n",
                          "https://d\xC3\xB6mo.example/"}) {
    EXPECT_FALSE(Link::outside(url)) << url;
  }
  EXPECT_FALSE(Link::outside("https://docs.example/" + std::string(3000, 'a')));
}

}  // namespace
}  // namespace smokeledger::exporters::page
