#include "probes/core/counters.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;
using tests::attempt_line;
using tests::outcome_line;
using tests::paused;

std::uint64_t count(const Line& line, Counter counter, std::vector<std::string> labels) {
  CounterKey key{counter, {}};
  std::copy(labels.begin(), labels.end(), key.labels.begin());
  std::uint64_t sum = 0;
  for (const Increment& increment : increments(line)) {
    if (increment.key == key) sum += increment.by;
  }
  return sum;
}

std::uint64_t count_all(const Line& line, Counter counter) {
  std::uint64_t sum = 0;
  for (const Increment& increment : increments(line)) {
    if (increment.key.counter == counter) sum += increment.by;
  }
  return sum;
}

TEST(Increments, OfAnAttemptLineCountTheAttempt) {
  const Line line = attempt_line(1, 1, 1);
  EXPECT_EQ(increments(line).size(), 1U);
  EXPECT_EQ(count(line, Counter::attempts, {"responses", "two"}), 1U);
}

TEST(Increments, OfAnOutcomeLineReachEveryOtherCounter) {
  Attempt usable = tests::attempt(1, Reason::none);
  usable.tokens = Tokens{7, 2};
  const Line line = outcome_line(1,
                                 {tests::attempt(0, Reason::throttled),
                                  tests::attempt(0, Reason::overloaded, 1ms),
                                  tests::attempt(0, Reason::overloaded, 1ms),
                                  usable});
  EXPECT_EQ(count(line, Counter::outcomes, {"responses", "two", "walk", "2xx"}), 1U);
  EXPECT_EQ(count(line, Counter::decisions, {"chat-walk", "use_fallback"}), 1U);
  EXPECT_EQ(count(line, Counter::fallback_taken, {"responses", "two", "client"}), 1U);
  EXPECT_EQ(count(line, Counter::retries, {"chat_completions", "one", "throttled", "client"}), 1U);
  EXPECT_EQ(count(line, Counter::retries, {"chat_completions", "one", "overloaded", "client"}), 1U);
  EXPECT_EQ(count_all(line, Counter::retries), 2U) << "the fallback is no retry";
  EXPECT_EQ(count(line, Counter::parser_results, {"chat_completions", "one", "not_checked"}), 3U);
  EXPECT_EQ(count(line, Counter::parser_results, {"responses", "two", "accepted"}), 1U);
  EXPECT_EQ(count(line, Counter::tokens_reported, {"two", "input"}), 7U);
  EXPECT_EQ(count(line, Counter::tokens_reported, {"two", "output"}), 2U);
  EXPECT_EQ(count_all(line, Counter::paused), 0U);
  EXPECT_EQ(count_all(line, Counter::attempts), 0U) << "attempt lines count those";
}

TEST(Increments, OfAGatewaysRetriesCountHowManyItTellsAndNotWhy) {
  Attempt first = tests::attempt(0, Reason::overloaded);
  first.gateway_retries = 2;
  Attempt usable = tests::attempt(0, Reason::none);
  usable.gateway_retries = 1;
  usable.gateway_fallbacks = 0;
  const Line line = outcome_line(1, {first, usable});
  EXPECT_EQ(count(line, Counter::retries, {"chat_completions", "one", "unknown", "gateway"}), 3U);
  EXPECT_EQ(count(line, Counter::retries, {"chat_completions", "one", "overloaded", "client"}), 1U);
  EXPECT_EQ(count_all(line, Counter::retries), 4U);
  EXPECT_EQ(count_all(line, Counter::fallback_taken), 0U);
}

TEST(Increments, OfAFallbackNameTheLayerThatTookIt) {
  Attempt usable = tests::attempt(0, Reason::none);
  usable.gateway_fallbacks = 2;
  const Line line = outcome_line(1, {usable});
  EXPECT_EQ(count(line, Counter::fallback_taken, {"chat_completions", "one", "gateway"}), 1U)
      << "one outcome, however many there were";
  EXPECT_EQ(count_all(line, Counter::retries), 0U) << "not known, so not counted";
}

TEST(Increments, OfARunWithoutTheEvidenceThatItRequiresCountItOnce) {
  Attempt silent = tests::attempt(1, Reason::none);
  silent.findings = {{FindingCode::gateway_evidence_missing, "gateway.retries"},
                     {FindingCode::gateway_evidence_missing, "gateway.fallbacks"}};
  const Line line = outcome_line(1, {tests::attempt(0, Reason::timeout), silent, silent});
  EXPECT_EQ(count(line, Counter::evidence_missing, {"responses", "two"}), 1U);
  EXPECT_EQ(count_all(line, Counter::evidence_missing), 1U);
  const Line told = outcome_line(1, {tests::attempt(0, Reason::none)});
  EXPECT_EQ(count_all(told, Counter::evidence_missing), 0U);
}

TEST(Increments, OfADrillCountWhatDidNotGoAsItDeclaresWhateverWasDecided) {
  for (const Mode mode : every<Mode>()) {
    for (const Decision decision : every<Decision>()) {
      for (const CheckResult result : every<CheckResult>()) {
        OutcomeLine line = outcome_line(1, {tests::attempt(0, Reason::none)});
        line.outcome.mode = mode;
        line.outcome.decision = decision;
        line.outcome.check_result = result;
        const bool deviated = mode == Mode::drill && result == CheckResult::fail;
        EXPECT_EQ(count(line, Counter::drill_deviations, {"chat-walk"}), deviated ? 1U : 0U)
            << word(mode) << ' ' << word(decision) << ' ' << word(result);
      }
    }
  }
}

TEST(Increments, OfAPauseNameItsGap) {
  const Line line = paused(1);
  EXPECT_EQ(count(line, Counter::paused, {"credential"}), 1U);
  EXPECT_EQ(count(line, Counter::outcomes, {"chat_completions", "one", "walk", "not_sent"}), 1U);
  EXPECT_EQ(count(line, Counter::decisions, {"chat-walk", "paused"}), 1U);
  EXPECT_EQ(increments(line).size(), 3U);
}

TEST(Increments, OfOtherLinesAreNone) {
  ProbeState carried;
  carried.probe = "chat-walk";
  carried.tally[{Counter::paused, {"credential"}}] = 1;
  for (const Line& line : std::vector<Line>{OpenLine{},
                                            PolicyLine{},
                                            CarryLine{carried},
                                            SealLine{},
                                            ConfigLine{},
                                            RecoveredLine{},
                                            ClockStepLine{},
                                            CheckpointLine{},
                                            ReviewLine{},
                                            DecisionLine{},
                                            CarryReviewsLine{},
                                            PacketLine{},
                                            CarryPacketLine{},
                                            CarryPacketsLine{},
                                            OtherLine{"forecast"}}) {
    EXPECT_TRUE(increments(line).empty()) << kind_of(line);
  }
}

TEST(Increments, FillExactlyTheLabelsOfTheirCounter) {
  Attempt usable = tests::attempt(1, Reason::none);
  usable.tokens = Tokens{1, 1};
  usable.findings = {{FindingCode::gateway_evidence_missing, "gateway.retries"}};
  OutcomeLine drill = outcome_line(3, {usable});
  drill.outcome.mode = Mode::drill;
  drill.outcome.check_result = CheckResult::fail;
  std::set<Counter> reached;
  for (const Line& line : std::vector<Line>{attempt_line(1, 1),
                                            paused(2),
                                            drill,
                                            outcome_line(1,
                                                         {tests::attempt(0, Reason::timeout),
                                                          tests::attempt(0, Reason::timeout, 1ms),
                                                          usable})}) {
    for (const Increment& increment : increments(line)) {
      reached.insert(increment.key.counter);
      for (std::size_t i = 0; i < max_labels; ++i) {
        EXPECT_EQ(increment.key.labels[i].empty(), i >= info(increment.key.counter).label_count())
            << word(increment.key.counter);
      }
    }
  }
  EXPECT_EQ(reached.size(), every<Counter>().size())
      << "a counter that no line of this test adds to";
}

}  // namespace
}  // namespace smokeledger::probes::core
