#include "exporters/page/days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporters/page/views.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::exporters::page {
namespace {

using testing::HasSubstr;
using testing::Not;

// Escalations on two of the days, and nothing else.
Overview two_days() {
  Overview view = tests::sample_overview();
  for (auto& [day, counts] : view.days) counts = {};
  view.days[27].second.decisions[3] = 1;
  view.days[29].second.decisions[3] = 300;
  view.counted_from.reset();
  return view;
}

TEST(Days, AreReadAloudAsNumbers) {
  const std::string html = days_table(two_days()).html();
  EXPECT_THAT(html,
              HasSubstr("aria-label=\"escalate per UTC day, 2026-10-23 to 2026-11-21: "
                        "2026-11-19 1, 2026-11-21 300, else none\""));
  EXPECT_THAT(html, HasSubstr("aria-label=\"paused per UTC day, 2026-10-23 to 2026-11-21: none\""));
}

TEST(Days, ShowTheSmallestCountBesideTheLargestAndNoneAsALine) {
  const std::string html = days_table(two_days()).html();
  EXPECT_THAT(html,
              HasSubstr("<rect class=\"some\" x=\"216\" y=\"21\" width=\"6\" height=\"3\">"
                        "<title>2026-11-19: 1</title>"));
  EXPECT_THAT(html,
              HasSubstr("<rect class=\"none\" x=\"224\" y=\"23\" width=\"6\" height=\"1\">"
                        "<title>2026-11-20: 0</title>"));
  EXPECT_THAT(html, HasSubstr("<rect class=\"some\" x=\"232\" y=\"0\" width=\"6\" height=\"24\">"));
}

TEST(Days, ThatAreNotCountedWholeAreNotZero) {
  Overview view = two_days();
  view.counted_from = tests::at("2026-11-19T00:00:01Z");
  const std::string html = days_table(view).html();
  EXPECT_THAT(html, HasSubstr("<title>2026-11-19: not counted</title>"));
  EXPECT_THAT(html, HasSubstr("2026-11-21 300, else none; not counted before 2026-11-20\""));
  EXPECT_THAT(html, Not(HasSubstr("2026-11-19 1")));
  view.counted_from = tests::at("2026-11-21T11:00:00Z");
  EXPECT_THAT(days_table(view).html(), HasSubstr("<div>unknown</div>"));
}

TEST(Days, HaveNoRowForDecisionsThatAreFilteredOut) {
  Overview view = two_days();
  view.filter.decision = core::Decision::escalate;
  const std::string html = days_table(view).html();
  EXPECT_THAT(html, HasSubstr("<code>escalate</code>"));
  EXPECT_THAT(html, Not(HasSubstr("<code>paused</code>")));
}

}  // namespace
}  // namespace smokeledger::exporters::page
