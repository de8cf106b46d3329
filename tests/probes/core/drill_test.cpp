#include "probes/core/drill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/arrivals.h"

namespace smokeledger::probes::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::came_at;
using tests::seen;
using enum WithinBudget;

LogicalRequest told_by(ToldBy how, LogicalRequest request) {
  request.told_by = how;
  return request;
}

// So many logical requests of one arrival each, a millisecond apart, without any id.
std::vector<LogicalRequest> unnamed(int arrivals) {
  std::vector<LogicalRequest> requests;
  for (int i = 0; i < arrivals; ++i) {
    requests.push_back(
        told_by(ToldBy::nothing, came_at({100 + i}, "arrival-" + std::to_string(i))));
  }
  return requests;
}

std::vector<int> times(int arrivals) {
  std::vector<int> at;
  for (int i = 0; i < arrivals; ++i) at.push_back(100 + i);
  return at;
}

TEST(DrillBudget, IsOfEachLogicalRequestWhereTheyAreToldApart) {
  const DrillTerms terms{.asked = 2, .budget = 4};
  const auto within = [&](int first, int second) {
    return judge_drill(terms, seen({came_at(times(first), "a"), came_at(times(second), "b")}))
        .within_budget;
  };
  EXPECT_EQ(within(4, 4), yes);
  EXPECT_EQ(within(1, 4), yes);
  EXPECT_EQ(within(1, 5), no) << "although both together are within 2 x 4";
}

TEST(DrillBudget, IsOfAllWhereOneRequestWasAsked) {
  const DrillTerms terms{.asked = 1, .budget = 4};
  struct Row {
    const char* what;
    std::vector<LogicalRequest> requests;
    WithinBudget within;
  };
  const Row rows[] = {
      {"as many as allowed", {came_at(times(4))}, yes},
      {"one too many", {came_at(times(5))}, no},
      {"without an id", unnamed(4), yes},
      {"without an id, one too many", unnamed(5), no},
      {"a new id for every attempt",
       {came_at({1}, "a"), came_at({2}, "b"), came_at({3}, "c")},
       yes},
      {"a new id for every attempt, too many", {came_at({1, 2, 3}, "a"), came_at({4, 5}, "b")}, no},
      {"counted by the client, once more by a layer behind it",
       {told_by(ToldBy::retry_count, came_at({1, 2, 3}, "a")),
        told_by(ToldBy::retry_count, came_at({4, 5, 6}, "b"))},
       no},
  };
  for (const Row& row : rows) {
    const DrillVerdict verdict = judge_drill(terms, seen(row.requests));
    EXPECT_EQ(verdict.within_budget, row.within) << row.what;
    EXPECT_THAT(verdict.findings, IsEmpty()) << row.what;
  }
}

TEST(DrillBudget, CountsAllAgainstAskedTimesBudgetWhereTheyAreNotToldApartAndSaysSo) {
  const DrillTerms terms{.asked = 3, .budget = 4};
  for (const auto& [arrivals, within] : {std::pair{12, yes}, std::pair{13, no}}) {
    const DrillVerdict verdict = judge_drill(terms, seen(unnamed(arrivals)));
    EXPECT_EQ(verdict.within_budget, within) << arrivals;
    EXPECT_THAT(verdict.findings, ElementsAre("arrivals_not_told_apart")) << arrivals;
    EXPECT_EQ(verdict.backoff_policy_seen, Seen::not_exercised);
  }
  const std::vector<LogicalRequest> more_ids{
      came_at({1}, "a"), came_at({2}, "b"), came_at({3}, "c"), came_at({4}, "d")};
  EXPECT_THAT(judge_drill(terms, seen(more_ids)).findings, ElementsAre("arrivals_not_told_apart"));
}

TEST(DrillBudget, IsUnknownWhereNothingArrived) {
  const DrillVerdict verdict = judge_drill({.asked = 3, .budget = 4}, {});
  EXPECT_EQ(verdict.arrivals, 0U);
  EXPECT_EQ(verdict.within_budget, unknown);
  EXPECT_THAT(verdict.gaps, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_EQ(verdict.backoff_policy_seen, Seen::not_exercised);
  EXPECT_EQ(verdict.jitter_seen, Seen::not_exercised);
}

TEST(DrillCount, SaysWhereFewerRequestsCameThanWereAsked) {
  const auto verdict = judge_drill({.asked = 2, .budget = 4}, seen({came_at({1, 2})}));
  EXPECT_EQ(verdict.within_budget, yes);
  EXPECT_THAT(verdict.findings, ElementsAre("fewer_requests_than_asked"));
}

TEST(DrillCount, IsComparedWithTheArrivalsDeclared) {
  const auto declared = [](std::uint32_t arrivals) {
    return judge_drill({.budget = 4, .arrivals = arrivals}, seen({came_at(times(3))}));
  };
  EXPECT_TRUE(declared(3).as_expected);
  EXPECT_THAT(declared(3).findings, IsEmpty());
  EXPECT_FALSE(declared(4).as_expected);
  EXPECT_THAT(declared(4).findings, ElementsAre("arrivals_not_as_declared"));
  EXPECT_FALSE(judge_drill({.arrivals = 1}, {}).as_expected);
}

TEST(DrillCount, OfAMillionIsAMillionWithTheFirstGaps) {
  LogicalRequest request = came_at(times(200));
  request.arrivals = 1'000'000;
  const DrillVerdict verdict = judge_drill({.budget = 4}, seen({request}));
  EXPECT_EQ(verdict.arrivals, 1'000'000U);
  EXPECT_EQ(verdict.within_budget, no);
  EXPECT_THAT(verdict.gaps, SizeIs(max_arrival_gaps));
}

TEST(DrillCount, DoesNotWrap) {
  DrillSeen huge = seen({came_at({1, 2})});
  huge.arrivals = std::uint64_t{1} << 40;
  const DrillVerdict verdict = judge_drill({.asked = 4'000'000'000, .budget = 4'000'000'000}, huge);
  EXPECT_EQ(verdict.arrivals, 0xFFFF'FFFF);
  EXPECT_EQ(verdict.within_budget, no);
}

TEST(DrillCount, SaysNothingOfGapsWhereTheStubHasForgottenSome) {
  DrillSeen part = seen({came_at({1, 1'000, 9'000})});
  part.arrivals = 5;
  const DrillVerdict verdict = judge_drill({.asked = 1, .budget = 4}, part);
  EXPECT_EQ(verdict.within_budget, no);
  EXPECT_THAT(verdict.gaps, IsEmpty());
  EXPECT_EQ(verdict.backoff_policy_seen, Seen::not_exercised);
  EXPECT_THAT(verdict.findings, ElementsAre("arrivals_not_told_apart"));
}

TEST(DrillGaps, StandInsideEachSequenceOneAfterAnother) {
  const std::vector<LogicalRequest> two{came_at({0, 10, 30}, "a"), came_at({5, 105}, "b")};
  EXPECT_THAT(judge_drill({.asked = 2, .budget = 4}, seen(two)).gaps,
              ElementsAre(Milliseconds{10}, Milliseconds{20}, Milliseconds{100}));
  EXPECT_THAT(judge_drill({.asked = 1, .budget = 9}, seen(two)).gaps,
              ElementsAre(Milliseconds{5}, Milliseconds{5}, Milliseconds{20}, Milliseconds{75}));
}

TEST(DrillGaps, AreOfOneRequestUnderWhateverScriptItCame) {
  LogicalRequest later = came_at({60, 70});
  later.script = "ok";
  EXPECT_THAT(judge_drill({.budget = 4}, seen({later, came_at({10, 20})})).gaps,
              ElementsAre(Milliseconds{10}, Milliseconds{40}, Milliseconds{10}));
}

TEST(DrillGaps, OfOneTimeAreZeroAndNeverNegative) {
  EXPECT_THAT(judge_drill({.budget = 4}, seen({came_at({7, 7, 7})})).gaps,
              ElementsAre(Milliseconds{0}, Milliseconds{0}));
}

TEST(DrillGaps, EndWhereSomeOfASequenceWereNotKept) {
  LogicalRequest many = came_at(times(200), "a");  // kept up to 228 ms
  const DrillVerdict verdict =
      judge_drill({.budget = 4}, seen({many, came_at({150, 900, 5'000}, "b")}));
  EXPECT_THAT(verdict.gaps, SizeIs(max_arrival_gaps));
  EXPECT_THAT(verdict.gaps, testing::Each(testing::Le(Milliseconds{1})));
}

TEST(DrillWaits, AreObeyedWhereNoGapIsShorter) {
  const auto findings = [](Asks asks, std::vector<int> at) {
    return judge_drill({.budget = 9}, seen({came_at(at, "a", asks)})).findings;
  };
  const Asks wait{.wait = Milliseconds{50}};
  EXPECT_THAT(findings(wait, {0, 50, 100}), IsEmpty());
  EXPECT_THAT(findings(wait, {0, 48, 300}), IsEmpty()) << "within the tolerance of timers";
  EXPECT_THAT(findings(wait, {0, 60, 107}), ElementsAre("retry_after_not_obeyed"));
  EXPECT_THAT(findings(wait, {0}), IsEmpty());
  EXPECT_THAT(findings({.wait = std::chrono::hours{1}}, {0, 8'000}),
              ElementsAre("retry_after_not_obeyed"));
}

TEST(DrillWaits, AreNotJudgedAcrossRequestsThatAreNotToldApart) {
  auto requests = unnamed(4);
  for (auto& request : requests) request.first.front().asks.wait = Milliseconds{50};
  EXPECT_THAT(judge_drill({.asked = 2, .budget = 2}, seen(requests)).findings,
              ElementsAre("arrivals_not_told_apart"));
  EXPECT_THAT(judge_drill({.asked = 1, .budget = 4}, seen(requests)).findings,
              ElementsAre("retry_after_not_obeyed"));
}

TEST(DrillWaits, AreDisobeyedByAnyRetryThatWasForbidden) {
  const Asks no_retry{.no_retry = true};
  EXPECT_THAT(judge_drill({.budget = 9}, seen({came_at({0, 9'000}, "a", no_retry)})).findings,
              ElementsAre("should_retry_not_obeyed"));
  EXPECT_THAT(judge_drill({.budget = 9}, seen({came_at({0}, "a", no_retry)})).findings, IsEmpty());
}

TEST(DrillEnd, IsWhenTheCallerHasItsAnswer) {
  DrillSeen drill = seen({came_at({10, 20, 30})});
  drill.answered_at = Milliseconds{30};
  EXPECT_TRUE(judge_drill({.budget = 4}, drill).stopped);
  drill.answered_at = Milliseconds{29};
  EXPECT_FALSE(judge_drill({.budget = 4}, drill).stopped);
  EXPECT_THAT(judge_drill({.budget = 4}, drill).findings, ElementsAre("arrivals_after_answer"));
}

TEST(DrillClient, ReceivedWhatItsExitCodeIsDeclaredToMean) {
  const DrillTerms terms{.budget = 4,
                         .exit_codes = {{0, CallerReceived::usable_response},
                                        {3, CallerReceived::controlled_failure}}};
  struct Row {
    ClientEnd end;
    int exit_code;
    CallerReceived received;
    std::vector<std::string> findings;
  };
  const Row rows[] = {
      {ClientEnd::exited, 0, CallerReceived::usable_response, {}},
      {ClientEnd::exited, 3, CallerReceived::controlled_failure, {}},
      {ClientEnd::exited, 1, CallerReceived::unknown, {"exit_code_not_declared"}},
      {ClientEnd::killed, 0, CallerReceived::unknown, {"client_killed"}},
      {ClientEnd::not_started, 0, CallerReceived::unknown, {"client_not_started"}},
      {ClientEnd::none, 0, CallerReceived::unknown, {}},
  };
  for (const Row& row : rows) {
    DrillSeen drill = seen({came_at({1})});
    drill.client = row.end;
    drill.exit_code = row.exit_code;
    const DrillVerdict verdict = judge_drill(terms, drill);
    EXPECT_EQ(verdict.caller_received, row.received) << word(row.end) << ' ' << row.exit_code;
    EXPECT_EQ(verdict.findings, row.findings) << word(row.end) << ' ' << row.exit_code;
  }
  DrillSeen drill = seen({came_at({1})});
  drill.client = ClientEnd::exited;
  EXPECT_EQ(judge_drill({.budget = 4}, drill).caller_received, CallerReceived::unknown);
  EXPECT_THAT(judge_drill({.budget = 4}, drill).findings, IsEmpty()) << "nothing was declared";
}

}  // namespace
}  // namespace smokeledger::probes::core
