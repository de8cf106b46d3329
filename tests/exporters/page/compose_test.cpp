#include "exporters/page/compose.h"

#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/page/markup.h"
#include "probes/core/claims_guard.h"
#include "probes/core/disclaimer.h"
#include "tests/exporters/page/views.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::exporters::page {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Sample {
  std::string name;
  std::string html;
};

std::vector<Sample> samples() {
  return {{"overview", compose(tests::sample_overview())},
          {"outcome", compose(tests::outcome_page())},
          {"attempt", compose(tests::attempt_page())},
          {"packet", compose(tests::packet_page())},
          {"plain", compose(tests::plain_page())},
          {"refusal", compose(tests::sample_refusal())}};
}

std::size_t count(const std::string& html, std::string_view what) {
  std::size_t found = 0;
  for (auto at = html.find(what); at != std::string::npos; at = html.find(what, at + 1)) ++found;
  return found;
}

TEST(Pages, AreTheGoldenFiles) {
  for (const Sample& sample : samples()) {
    const std::string path =
        std::string(SMOKELEDGER_SOURCE_DIR) + "/tests/golden/page/" + sample.name + ".html";
    EXPECT_EQ(sample.html, tests::read_bytes(path)) << "the page that differs is " << path;
  }
}

TEST(Pages, SayWhatTheyDoNotAssert) {
  for (const Sample& sample : samples()) {
    EXPECT_THAT(sample.html, HasSubstr(text(core::disclaimer).html())) << sample.name;
  }
}

// As a person reads it: elements apart from each other, nothing escaped.
std::string as_read(std::string html) {
  html = std::regex_replace(html, std::regex("<[^>]*>"), "\n");
  for (const auto& [entity, character] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    html = std::regex_replace(html, std::regex(entity), character);
  }
  return html;
}

TEST(Pages, ClaimNothing) {
  for (const Sample& sample : samples()) {
    for (const auto& claim : core::find_claims(as_read(sample.html))) {
      ADD_FAILURE() << sample.name << ": " << claim.words;
    }
  }
}

TEST(Pages, HaveOneHeadingLandmarksAndAWayPastThem) {
  for (const Sample& sample : samples()) {
    for (const char* once : {"<h1>",
                             "<header>",
                             "<main id=\"main\"",
                             "<footer>",
                             "<nav aria-label=",
                             "<a class=\"skip\" href=\"#main\">",
                             "<html lang=\"en\">"}) {
      EXPECT_EQ(count(sample.html, once), 1U) << sample.name << ": " << once;
    }
    EXPECT_EQ(count(sample.html, "<table"), count(sample.html, "<caption>")) << sample.name;
    EXPECT_EQ(count(sample.html, "<th "), count(sample.html, "<th scope=\"")) << sample.name;
    EXPECT_EQ(count(sample.html, "<label "),
              count(sample.html, "<select ") + count(sample.html, "<input "))
        << sample.name;
  }
}

TEST(Pages, HaveNeitherScriptNorStyleNorHandlerOfTheirOwn) {
  const std::regex forbidden("<script|<style|<iframe|<img| style=| on[a-z]+=|javascript:");
  for (const Sample& sample : samples()) {
    EXPECT_FALSE(std::regex_search(sample.html, forbidden)) << sample.name;
  }
}

TEST(Overview, ShowsNothingOfWhatWaitsForNobody) {
  Overview view = tests::sample_overview();
  view.needs_review.clear();
  view.open_packets.clear();
  const std::string html = compose(view);
  EXPECT_THAT(html, Not(HasSubstr("review\"")));
  EXPECT_THAT(html, Not(HasSubstr("packets")));
}

TEST(Overview, LeadsToTheNextOlderOutcomesByTheSameFilter) {
  EXPECT_THAT(
      compose(tests::sample_overview()),
      HasSubstr("<a href=\"/?family=responses&amp;from=-24h&amp;before_seq=50\">Older outcomes"));
  Overview view = tests::sample_overview();
  view.more = false;
  EXPECT_THAT(compose(view), Not(HasSubstr("Older outcomes")));
}

TEST(Overview, TellsAnEmptyAnswerFromASearchThatWasCutShort) {
  Overview view = tests::sample_overview();
  view.outcomes.clear();
  EXPECT_THAT(compose(view), HasSubstr("The search ended before all of the ledger was looked at."));
  view.out_of_time = view.more = false;
  EXPECT_THAT(compose(view), HasSubstr("No outcome is as the filter asks."));
}

TEST(Line, WithoutAReviewIsUnreviewed) {
  LineView view = tests::outcome_page();
  EXPECT_THAT(compose(view), Not(HasSubstr("unreviewed")));
  view.reviews.clear();
  EXPECT_THAT(compose(view), HasSubstr("<dt>operator_decision</dt><dd>unreviewed</dd>"));
  EXPECT_THAT(compose(view), Not(HasSubstr("<h2>Reviews</h2>")));
}

TEST(Line, LeadsToItsNeighboursWhereThereAreAny) {
  LineView view = tests::plain_page();
  view.newest = false;
  EXPECT_THAT(compose(view), HasSubstr("/line/staging-0a1b2c3d-56\">Line before"));
  EXPECT_THAT(compose(view), HasSubstr("/line/staging-0a1b2c3d-58\">Line after"));
  view.newest = true;
  EXPECT_THAT(compose(view), Not(HasSubstr("Line after")));
  view.seq = 0;
  EXPECT_THAT(compose(view), Not(HasSubstr("Line before")));
}

TEST(Line, ShowsALinkThatCannotBeOneAsText) {
  LineView view = tests::outcome_page();
  auto& outcome = std::get<core::OutcomeLine>(view.line).outcome;
  outcome.evidence_links = {"javascript:alert(1)"};
  EXPECT_THAT(compose(view), HasSubstr("<li>javascript:alert(1)</li>"));
}

TEST(Style, IsOneFileWithoutAnythingFromElsewhere) {
  EXPECT_GT(style().size(), 1000U);
  for (const char* from : {"url(", "@import", "expression("}) {
    EXPECT_EQ(style().find(from), std::string_view::npos) << from;
  }
}

}  // namespace
}  // namespace smokeledger::exporters::page
