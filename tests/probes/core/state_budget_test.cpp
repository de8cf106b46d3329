// What lines add up to for the budgets of runs that come later.
#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

using tests::attempt_line;
using tests::morning;
using tests::outcome_line;

State folded(const std::vector<Line>& lines, WallTime at = morning) {
  State state;
  for (const Line& line : lines) fold(state, line, at);
  return state;
}

const ProbeState& probe_in(const State& state) {
  return state.probes.at("chat-walk");
}

AttemptLine further(std::uint32_t number, std::size_t failed_on, std::size_t route) {
  AttemptLine line = attempt_line(1, number, route);
  line.previous = tests::attempt(failed_on, Reason::overloaded);
  return line;
}

TEST(FoldRetryTokens, TakesOneForEachFurtherRequestFromTheProviderThatFailed) {
  const State state = folded({attempt_line(1, 1), further(2, 0, 0), further(3, 0, 1)});
  EXPECT_EQ(state.providers.retry_tokens.spent("one"), 2U * RetryTokens::token);
  EXPECT_EQ(state.providers.retry_tokens.spent("two"), 0U);
}

TEST(FoldRetryTokens, PaysBackForEachUsableReply) {
  const State state = folded(
      {attempt_line(1, 1),
       further(2, 0, 0),
       outcome_line(1, {tests::attempt(0, Reason::overloaded), tests::attempt(0, Reason::none)})});
  EXPECT_EQ(state.providers.retry_tokens.spent("one"),
            RetryTokens::token - RetryTokens::credit_per_success);
}

TEST(FoldReach, RemembersWhetherTheNewestAttemptWasConnected) {
  const auto reached = [](Reason reason) {
    return folded({outcome_line(1, {tests::attempt(0, reason)})}).providers.reach;
  };
  EXPECT_FALSE(reached(Reason::dns).at("one").reached);
  EXPECT_FALSE(reached(Reason::connect).at("one").reached);
  EXPECT_TRUE(reached(Reason::timeout).at("one").reached);
  EXPECT_TRUE(reached(Reason::none).at("one").reached);
  EXPECT_EQ(reached(Reason::none).at("one").tried_at, morning);
  EXPECT_TRUE(reached(Reason::unknown_crash).empty()) << "nobody knows how far that came";
}

TEST(FoldPressure, CountsRunsThatRetriedInVainUntilThePrimaryIsUsableAgain) {
  const auto vain = [](std::uint32_t run) {
    return outcome_line(
        run, {tests::attempt(0, Reason::overloaded), tests::attempt(0, Reason::overloaded)});
  };
  const auto fell_back = [](std::uint32_t run) {
    return outcome_line(run,
                        {tests::attempt(0, Reason::overloaded),
                         tests::attempt(0, Reason::overloaded),
                         tests::attempt(1, Reason::none)});
  };
  const auto count = [](const std::vector<Line>& lines) {
    return probe_in(folded(lines)).retries_without_recovery;
  };
  EXPECT_EQ(count({vain(1), fell_back(2), vain(3)}), 3U);
  EXPECT_EQ(count({vain(1), tests::kept(2), vain(3)}), 1U);
  const Line recovered =
      outcome_line(2, {tests::attempt(0, Reason::overloaded), tests::attempt(0, Reason::none)});
  EXPECT_EQ(count({vain(1), recovered}), 0U);
  EXPECT_EQ(count({vain(1), tests::failed(2)}), 1U) << "a run without retries changes nothing";
  EXPECT_EQ(count({vain(1), tests::paused(2)}), 1U);
}

// --- output tokens of the day

AttemptLine asking(std::uint32_t number, WallTime at) {
  AttemptLine line = attempt_line(1, number);
  line.output_tokens_at_most = 100;
  line.stamp.wall = at;
  return line;
}

std::uint64_t tokens_after(const std::vector<Attempt>& attempts) {
  State state;
  for (std::uint32_t i = 1; i <= attempts.size(); ++i) fold(state, asking(i, morning), morning);
  EXPECT_EQ(probe_in(state).output_tokens_today, 100U * attempts.size()) << "until it is known";
  fold(state, outcome_line(1, attempts), morning);
  return probe_in(state).output_tokens_today;
}

Attempt reporting(std::uint64_t output) {
  Attempt attempt = tests::attempt(0, Reason::none);
  attempt.tokens = Tokens{7, output};
  return attempt;
}

Attempt refused(Reason reason, int status) {
  Attempt attempt = tests::attempt(0, reason);
  attempt.http_status = status;
  return attempt;
}

TEST(FoldOutputTokens, CountsWhatTheReplyReports) {
  EXPECT_EQ(tokens_after({reporting(12)}), 12U);
  EXPECT_EQ(tokens_after({reporting(140)}), 140U) << "also what is more than was asked for";
}

TEST(FoldOutputTokens, CountsNothingForRefusalsAndAllThatWasAskedForWhereNobodyKnows) {
  EXPECT_EQ(tokens_after({refused(Reason::throttled, 429), reporting(12)}), 12U);
  EXPECT_EQ(tokens_after({tests::attempt(0, Reason::dns)}), 0U);
  EXPECT_EQ(tokens_after({tests::attempt(0, Reason::timeout)}), 100U);
  EXPECT_EQ(tokens_after({refused(Reason::truncated, 200)}), 100U);
  EXPECT_EQ(tokens_after({tests::attempt(0, Reason::unknown_crash)}), 100U);
}

TEST(FoldOutputTokens, BeginAnewEachDayAndOwnNothingOfTheDayBefore) {
  const WallTime midnight = *parse_utc("2026-11-22T00:00:00Z");
  State state;
  fold(state, asking(1, midnight - 1s), midnight - 1s);
  fold(state, asking(2, midnight), midnight);
  EXPECT_EQ(probe_in(state).output_tokens_today, 100U);
  fold(state, outcome_line(1, {reporting(40), reporting(12)}), midnight + 1s);
  EXPECT_EQ(probe_in(state).output_tokens_today, 12U);
}

TEST(CarryLines, OfProvidersRestoreWhatAllLinesAddUpTo) {
  const State state = folded(
      {attempt_line(1, 1),
       further(2, 0, 1),
       outcome_line(1, {tests::attempt(0, Reason::overloaded), tests::attempt(1, Reason::dns)})});
  State restored;
  for (const Line& line : carry_lines(state)) fold(restored, line, morning);
  EXPECT_EQ(restored.providers, state.providers);
  EXPECT_FALSE(restored.providers.reach.at("two").reached);
}

}  // namespace
}  // namespace smokeledger::probes::core
