#include "exporters/page/pages.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "tests/support/ledger_fixtures.h"
#include "tests/support/plans.h"

namespace smokeledger::exporters::page {
namespace {

using core::Decision;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view evening = "2026-11-21T20:00:00Z";

// The part of the overview that the filter chooses.
std::string outcomes_of(const std::string& html) {
  const auto begin = html.find("id=\"outcomes\"");
  return html.substr(begin, html.find("</section>", begin) - begin);
}

// A ledger of small segments, and its pages.
class APageOfALedger : public testing::Test {
 protected:
  APageOfALedger() {
    auto options = tests::options_in(dir_.path());
    options.segment_bytes = 20'000;
    ledger_ = ledger::Ledger::open(options).value();
  }

  std::vector<ledger::LedgerRecord> append(std::string_view when,
                                           Decision decision,
                                           int number = 1) {
    core::Outcome outcome = tests::outcome_of("chat-walk", static_cast<std::uint32_t>(number));
    outcome.decision = decision;
    const std::vector<core::Line> lines{core::OutcomeLine{outcome}};
    return ledger_->append(lines, tests::at(when)).value();
  }

  std::vector<ledger::LedgerRecord> review(std::uint64_t first,
                                           std::uint64_t last,
                                           const std::string& initials) {
    core::Review said;
    said.first_seq = first;
    said.last_seq = last;
    said.decision = core::CheckResult::pass;
    said.initials = initials;
    const std::vector<core::Line> lines{core::ReviewLine{said}};
    return ledger_->append(lines, tests::at(evening)).value();
  }

  // As a service that starts now: what follows is told by observe().
  void open_pages() {
    pages_.emplace(Pages::Setup{dir_.path(),
                                ledger_->name(),
                                "smokeledger 0.1.0",
                                ledger_->next_seq() - 1,
                                ledger_->reviews(),
                                ledger_->packets()});
    auto plan = tests::walk_plan();
    pages_->use({"staging", {std::make_shared<const core::ProbePlan>(plan)}, {}});
  }
  void read_back() {
    while (pages_->read_back(tests::at(evening))) ++stretches_;
  }

  Pages::Answer overview(std::string_view query = {}, bool out_of_time = false) {
    return pages_->overview({query, tests::at(evening), [=] { return out_of_time; }});
  }
  Pages::Answer line(std::string_view id) {
    return pages_->line({id, tests::at(evening), [] { return false; }});
  }

  tests::ScratchDir dir_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<Pages> pages_;
  int stretches_ = 0;
};

TEST_F(APageOfALedger, counts_the_lines_before_its_start_and_those_that_come) {
  for (int i = 0; i < 40; ++i) append("2026-11-20T12:00:00Z", Decision::keep_primary);
  append("2026-11-21T08:00:00Z", Decision::escalate);
  open_pages();
  EXPECT_THAT(overview().html, HasSubstr("not counted yet: the ledger is still being read"));
  for (const auto& record : append("2026-11-21T09:00:00Z", Decision::use_fallback)) {
    pages_->observe(record);
  }
  read_back();
  EXPECT_GT(stretches_, 1) << "a stretch each";
  const auto html = overview().html;
  EXPECT_THAT(html, Not(HasSubstr("not counted")));
  EXPECT_THAT(html, HasSubstr("2026-11-20 40, else none"));
  EXPECT_THAT(html,
              HasSubstr("escalate per UTC day, 2026-10-23 to 2026-11-21: 2026-11-21 1, else"));
  EXPECT_THAT(html, HasSubstr("use_fallback per UTC day, 2026-10-23 to 2026-11-21: 2026-11-21 1,"));
}

TEST_F(APageOfALedger, shows_the_newest_outcomes_and_leads_to_older_ones) {
  for (int i = 0; i < 120; ++i) append("2026-11-21T08:00:00Z", Decision::keep_primary, i + 1);
  open_pages();
  std::string query;
  std::size_t shown = 0;
  for (int pages = 0; pages < 3; ++pages) {
    const auto html = outcomes_of(overview(query).html);
    for (auto at = html.find("/line/"); at != std::string::npos; at = html.find("/line/", at + 1)) {
      ++shown;
    }
    const auto older = html.find("/?before_seq=");
    if (older == std::string::npos) break;
    query = html.substr(older + 2, html.find('"', older) - older - 2);
  }
  EXPECT_EQ(shown, 120U) << "each once";
}

TEST_F(APageOfALedger, finds_outcomes_by_every_filter) {
  append("2026-11-21T08:00:00Z", Decision::keep_primary);
  append("2026-11-21T09:00:00Z", Decision::escalate);
  append("2026-11-21T10:00:00Z", Decision::keep_primary);
  open_pages();
  const auto line = [&](int seq) {
    return HasSubstr("/line/" + ledger_->name() + '-' + std::to_string(seq) + '"');
  };
  const auto found = [&](std::string_view query) { return outcomes_of(overview(query).html); };
  EXPECT_THAT(found("decision=escalate"), AllOf(line(2), Not(line(1)), Not(line(3))));
  EXPECT_THAT(found("to=2026-11-21T09:00:00Z"), AllOf(line(1), Not(line(2))));
  EXPECT_THAT(found("from=-10h"), AllOf(line(3), Not(line(2))));
  EXPECT_THAT(overview("probe=other").html, HasSubstr("No outcome is as the filter asks."));
}

TEST_F(APageOfALedger, answers_a_filter_that_cannot_be_with_its_name_and_what_to_write) {
  open_pages();
  const auto answer = overview("decision=%3Cscript%3E");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(
      answer.html,
      HasSubstr("&#39;decision&#39; is &#39;&lt;script&gt;&#39;; write one of keep_primary"));
  EXPECT_LT(overview("x=" + std::string(8000, '<')).html.size(), 5000U);
}

TEST_F(APageOfALedger, stops_looking_when_its_time_is_over_and_says_so) {
  for (int i = 0; i < 60; ++i) append("2026-11-21T08:00:00Z", Decision::keep_primary);
  open_pages();
  EXPECT_THAT(overview("decision=paused", true).html,
              HasSubstr("The search ended before all of the ledger was looked at."));
}

TEST_F(APageOfALedger, shows_any_line_by_its_id) {
  append("2026-11-21T08:00:00Z", Decision::escalate);
  open_pages();
  const auto outcome = line(ledger_->name() + "-1");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_THAT(outcome.html, HasSubstr("<h2>What was decided</h2>"));
  EXPECT_THAT(outcome.html, Not(HasSubstr("Line after")));
  const auto open = line(ledger_->name() + "-0");
  EXPECT_THAT(open.html, AllOf(HasSubstr("<code>open</code>"), HasSubstr("Line after")));
}

TEST_F(APageOfALedger, shows_which_lines_wait_for_a_review_and_what_was_said_of_others) {
  append("2026-11-21T08:00:00Z", Decision::escalate);
  append("2026-11-21T09:00:00Z", Decision::use_fallback);
  review(1, 1, "AA");
  open_pages();
  const std::string first = ledger_->name() + "-1";
  EXPECT_THAT(line(first).html, HasSubstr("<dd>not read yet</dd>"));
  read_back();
  EXPECT_THAT(line(first).html,
              AllOf(HasSubstr("<dt>operator_initials</dt><dd>AA</dd>"), HasSubstr("Reviews")));
  EXPECT_THAT(overview().html,
              AllOf(HasSubstr("Lines that need a review"),
                    HasSubstr("It decided use_fallback."),
                    Not(HasSubstr("It decided escalate.")),
                    HasSubstr("reviewed pass by AA")));
  for (const auto& record : review(1, 2, "BB")) pages_->observe(record);
  EXPECT_THAT(overview().html,
              AllOf(Not(HasSubstr("Lines that need a review")), HasSubstr("pass by BB")));
  EXPECT_THAT(line(first).html,
              AllOf(HasSubstr("<dt>operator_initials</dt><dd>BB</dd>"), HasSubstr("AA")));
}

TEST_F(APageOfALedger, answers_for_a_line_that_is_not_there) {
  open_pages();
  EXPECT_EQ(line(ledger_->name() + "-77").status, 404);
  EXPECT_EQ(line("other-00000000-0").status, 404);
  for (const char* id : {"1", "-1", "a", "a-", "a-1x", "..-1", "a%20b-1", "A-1"}) {
    EXPECT_EQ(line(id).status, 400) << id;
  }
}

TEST_F(APageOfALedger, tells_a_damaged_line_from_one_that_is_not_there) {
  append("2026-11-21T08:00:00Z", Decision::escalate);
  open_pages();
  const auto file = tests::segment_files(dir_.path()).back();
  std::string bytes = tests::read_bytes(file);
  const auto word = bytes.find("\"escalate\"");
  ASSERT_NE(word, std::string::npos);
  bytes.replace(word, 10, "\"\\u0065sca\"");
  tests::write_bytes(file, bytes);
  const auto answer = line(ledger_->name() + "-1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.html, HasSubstr("its hash does not match its bytes"));
  EXPECT_EQ(overview().status, 503);
  read_back();
  EXPECT_FALSE(pages_->read_back(tests::at(evening)));
}

}  // namespace
}  // namespace smokeledger::exporters::page
