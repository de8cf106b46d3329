#include "probes/core/state.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/support/lines.h"

namespace smokeledger::probes::core {
namespace {

using namespace std::chrono_literals;

using tests::attempt_line;
using tests::check_id;
using tests::failed;
using tests::kept;
using tests::morning;
using tests::outcome_line;
using tests::paused;

State folded(const std::vector<Line>& lines, WallTime at = morning) {
  State state;
  for (const Line& line : lines) fold(state, line, at);
  return state;
}

const ProbeState& probe_in(const State& state) {
  return state.probes.at("chat-walk");
}

TEST(FoldAttempt, RemembersWhenTheProbeLastSentAndHowOften) {
  const State state = folded({attempt_line(7, 1), attempt_line(7, 2)});
  const ProbeState& probe = probe_in(state);
  EXPECT_EQ(probe.probe, "chat-walk");
  EXPECT_EQ(probe.last_attempt, attempt_line(7, 2).stamp);
  EXPECT_EQ(probe.calls_today, 2U);
  EXPECT_EQ(probe.runs_today, 7U);
  EXPECT_EQ(probe.day, "20261121");
  EXPECT_FALSE(probe.last_decision);
}

TEST(FoldAttempt, OpensARunAndCollectsWhatWasJudged) {
  AttemptLine second = attempt_line(1, 2);
  second.previous = tests::attempt(0, Reason::overloaded);
  AttemptLine third = attempt_line(1, 3);
  third.previous = tests::attempt(0, Reason::timeout);
  const State state = folded({attempt_line(1, 1), second, third});
  const auto& run = probe_in(state).open_run;
  ASSERT_TRUE(run);
  EXPECT_EQ(run->judged, (std::vector<Attempt>{*second.previous, *third.previous}));
  EXPECT_EQ(run->last.number, 3U);
  EXPECT_FALSE(run->last.previous) << "moved to the judged ones";
}

TEST(FoldAttempt, OfAnotherRunBeginsAnew) {
  AttemptLine second = attempt_line(1, 2);
  second.previous = tests::attempt(0, Reason::overloaded);
  const State state = folded({attempt_line(1, 1), second, attempt_line(2, 1)});
  EXPECT_TRUE(probe_in(state).open_run->judged.empty());
  EXPECT_EQ(probe_in(state).open_run->last.check_id, check_id(2));
}

TEST(FoldOutcome, ClosesItsOwnRunAndNoOther) {
  EXPECT_FALSE(probe_in(folded({attempt_line(1, 1), kept(1)})).open_run);
  EXPECT_TRUE(probe_in(folded({attempt_line(2, 1), kept(1)})).open_run);
}

TEST(FoldOutcome, RemembersTheDecisionAndWhenItWasRecorded) {
  const State state = folded({kept(3)});
  EXPECT_EQ(probe_in(state).last_decision, Decision::keep_primary);
  EXPECT_EQ(probe_in(state).last_outcome_at, morning);
  EXPECT_EQ(probe_in(state).runs_today, 3U);
  EXPECT_EQ(probe_in(state).calls_today, 0U);
}

TEST(FoldOutcome, CountsFailuresInARowUntilOneThatIsNot) {
  EXPECT_EQ(probe_in(folded({failed(1), failed(2)})).failures_in_a_row, 2U);
  EXPECT_EQ(probe_in(folded({failed(1), failed(2), kept(3)})).failures_in_a_row, 0U);
}

TEST(Confirm, IsWantedAfterAChangeOfDecisionUntilItsRunCame) {
  EXPECT_FALSE(probe_in(folded({failed(1)})).confirm_wanted) << "the first one changes nothing";
  EXPECT_FALSE(probe_in(folded({kept(1), kept(2)})).confirm_wanted);
  EXPECT_TRUE(probe_in(folded({kept(1), failed(2)})).confirm_wanted);
  EXPECT_FALSE(probe_in(folded({kept(1), failed(2), failed(3, Trigger::confirm)})).confirm_wanted);
  EXPECT_FALSE(probe_in(folded({kept(1), failed(2), kept(3, Trigger::confirm)})).confirm_wanted)
      << "a confirm run asks for no other";
  EXPECT_FALSE(probe_in(folded({kept(1), failed(2), failed(3)})).confirm_wanted)
      << "a scheduled run confirmed it";
}

TEST(Pause, ChangesNeitherTheDecisionNorTheFailures) {
  const State state = folded({kept(1), failed(2), paused(3)});
  EXPECT_EQ(probe_in(state).last_decision, Decision::escalate);
  EXPECT_EQ(probe_in(state).failures_in_a_row, 1U);
  EXPECT_TRUE(probe_in(state).confirm_wanted);
  EXPECT_EQ(probe_in(state).runs_today, 3U);
}

TEST(Pause, OfTheConfirmRunIsNotTriedAgain) {
  EXPECT_FALSE(probe_in(folded({kept(1), failed(2), paused(3, Trigger::confirm)})).confirm_wanted);
}

TEST(Day, BeginsItsNumbersAnewAtMidnightUtc) {
  State state = folded({attempt_line(9, 1), kept(9)}, *parse_utc("2026-11-21T23:59:59Z"));
  EXPECT_EQ(probe_in(state).calls_today, 1U);
  AttemptLine next = attempt_line(1, 1);
  next.check_id = "chat-walk-20261122-001";
  fold(state, next, *parse_utc("2026-11-22T00:00:00Z"));
  EXPECT_EQ(probe_in(state).day, "20261122");
  EXPECT_EQ(probe_in(state).calls_today, 1U);
  EXPECT_EQ(probe_in(state).runs_today, 1U);
}

TEST(FoldConfig, RemembersTheConfigurationInForce) {
  EXPECT_EQ(folded({ConfigLine{"c0ffee", {"retry.base"}, 0}}).config_sha256, "c0ffee");
}

TEST(FoldCarry, ReplacesWhatWasKnownOfTheProbe) {
  ProbeState carried = probe_in(folded({attempt_line(4, 1), kept(4)}));
  const State state = folded({attempt_line(1, 1), CarryLine{carried}});
  EXPECT_EQ(probe_in(state), carried);
}

TEST(Fold, PassesOverLinesThatAreNotOfAProbe) {
  const State state = folded({OpenLine{},
                              PolicyLine{},
                              SealLine{},
                              RecoveredLine{},
                              ClockStepLine{5000},
                              CheckpointLine{},
                              ReviewLine{},
                              DecisionLine{},
                              CarryReviewsLine{},
                              PacketLine{},
                              CarryPacketLine{},
                              CarryPacketsLine{},
                              OtherLine{"forecast"}});
  EXPECT_EQ(state, State{});
}

TEST(FoldContractReview, KeepsTheNewestOfEachFamily) {
  const auto review = [](EndpointFamily family, const char* initials, WallTime at) {
    return ContractReviewLine{{family, "any/2026-07-03+0123456789ab", initials, 1000U, at}};
  };
  const auto older = review(EndpointFamily::responses, "AB", morning);
  const auto newer = review(EndpointFamily::responses, "CD", morning + 1h);
  const auto other = review(EndpointFamily::messages, "EF", morning + 2h);
  const State state = folded({older, newer, other, older});
  EXPECT_EQ(state.contract_reviews,
            (ContractReviews{{EndpointFamily::responses, newer.review},
                             {EndpointFamily::messages, other.review}}));
  EXPECT_EQ(folded({older, review(EndpointFamily::responses, "GH", morning)})
                .contract_reviews.at(EndpointFamily::responses)
                .initials,
            "GH")
      << "of the same second, the later line";
}

TEST(FoldContractReview, IsRepeatedByWhatASegmentBeginsWith) {
  const State state =
      folded({ContractReviewLine{{EndpointFamily::messages, "v", "AB", std::nullopt, morning}},
              ContractReviewLine{{EndpointFamily::responses, "w", "CD", 7U, morning + 1h}}});
  EXPECT_EQ(carry_lines(state).size(), 2U);
  EXPECT_EQ(folded(carry_lines(state), morning + 99h), state);
  EXPECT_TRUE(increments(carry_lines(state).front()).empty());
}

TEST(FoldRetired, KeepsTheNewestAndRepeatsItAsItIs) {
  const State state =
      folded({RetiredLine{"one", 10, 1, morning}, RetiredLine{"two", 20, 1, morning}});
  EXPECT_EQ(state.retired, (RetiredLine{"two", 20, 1, morning}));
  EXPECT_EQ(folded(carry_lines(state), morning + 99h), state);
}

TEST(KindOf, NamesEveryLine) {
  const std::vector<std::pair<Line, std::string_view>> rows{
      {OpenLine{}, "open"},
      {AttemptLine{}, "attempt"},
      {OutcomeLine{}, "outcome"},
      {PolicyLine{}, "policy"},
      {CarryLine{}, "carry"},
      {CarryProviderLine{}, "carry_provider"},
      {SealLine{}, "seal"},
      {ConfigLine{}, "config"},
      {RecoveredLine{}, "recovered"},
      {ClockStepLine{}, "clock_step"},
      {ContractReviewLine{}, "contract_review"},
      {ReviewLine{}, "review"},
      {DecisionLine{}, "decision"},
      {CarryReviewsLine{}, "carry_reviews"},
      {PacketLine{}, "packet"},
      {CarryPacketLine{}, "carry_packet"},
      {CarryPacketsLine{}, "carry_packets"},
      {RetiredLine{}, "retired"},
      {CheckpointLine{}, "checkpoint"},
      {OtherLine{"forecast"}, "forecast"}};
  EXPECT_EQ(rows.size(), std::variant_size_v<Line>);
  for (const auto& [line, kind] : rows) EXPECT_EQ(kind_of(line), kind);
}

ProbeState crashed_state(std::size_t attempts) {
  State state;
  for (std::size_t i = 1; i <= attempts; ++i) {
    AttemptLine line = attempt_line(5, static_cast<std::uint32_t>(i));
    line.planned_wait = i == 1 ? 0ms : 300ms;
    line.caller_uid = 1000;
    if (i > 1) line.previous = tests::attempt(0, Reason::overloaded, i == 2 ? 0ms : 300ms);
    fold(state, line, morning);
  }
  return probe_in(state);
}

TEST(CloseCrashed, EndsTheRunAsUnknownByThePolicyItRanUnder) {
  const ProbePlan plan = tests::walk_plan();
  const Outcome outcome = close_crashed(crashed_state(2), &plan, "0.2.0");
  EXPECT_EQ(outcome.check_id, check_id(5));
  EXPECT_EQ(outcome.build, "0.2.0");
  EXPECT_EQ(outcome.caller_uid, 1000U);
  ASSERT_EQ(outcome.attempts.size(), 2U);
  EXPECT_EQ(outcome.attempts[0].reason, Reason::overloaded);
  EXPECT_EQ(outcome.attempts[1].reason, Reason::unknown_crash);
  EXPECT_EQ(outcome.attempts[1].request_id, check_id(5) + ".abc.2");
  EXPECT_EQ(outcome.attempts[1].planned_wait, 300ms);
  EXPECT_EQ(outcome.attempts[1].parser_result, ParserResult::not_checked);
  EXPECT_EQ(outcome.status_class, StatusClass::unknown);
  EXPECT_EQ(outcome.decision, Decision::paused);
  EXPECT_EQ(outcome.rule, "run_interrupted");
  EXPECT_EQ(outcome.gap, Gap::interrupted);
  EXPECT_EQ(outcome.check_result, CheckResult::investigate);
  EXPECT_EQ(outcome.caller_received, CallerReceived::unknown);
  EXPECT_EQ(outcome.retry_count, 1U);
  EXPECT_EQ(outcome.backoff_policy_seen, Seen::yes);
  EXPECT_EQ(outcome.within_budget, WithinBudget::yes);
  EXPECT_EQ(outcome.unresolved, (std::vector<std::string>{"result_of_last_attempt_unknown"}));
}

TEST(CloseCrashed, DoesNotJudgeBackoffByAnotherPolicy) {
  ProbePlan changed = tests::walk_plan();
  changed.policy_sha256 = std::string(64, 'c');
  changed.owner = "new-owner";
  for (const ProbePlan* plan :
       {static_cast<const ProbePlan*>(&changed), static_cast<const ProbePlan*>(nullptr)}) {
    const Outcome outcome = close_crashed(crashed_state(2), plan, "0.2.0");
    EXPECT_EQ(outcome.policy_sha256, tests::walk_plan().policy_sha256) << "the run's own";
    EXPECT_EQ(outcome.environment, "test");
    EXPECT_EQ(outcome.attempt_budget, 0U);
    EXPECT_EQ(outcome.within_budget, WithinBudget::unknown);
    EXPECT_EQ(outcome.backoff_policy_seen, Seen::not_exercised);
    EXPECT_EQ(outcome.jitter_seen, Seen::not_exercised);
    EXPECT_EQ(outcome.unresolved,
              (std::vector<std::string>{"result_of_last_attempt_unknown",
                                        "policy_of_the_run_not_loaded"}));
    EXPECT_EQ(outcome.follow_up_owner, plan == nullptr ? "" : "new-owner");
    EXPECT_EQ(outcome.attempts.size(), 2U);
  }
}

TEST(CloseCrashed, KnowsNothingOfTheBudgetOfAGatewayProbeThatIsGone) {
  ProbeState state = crashed_state(1);
  state.open_run->last.mode = Mode::gateway;
  const Outcome outcome = close_crashed(state, nullptr, "0.2.0");
  EXPECT_EQ(outcome.observed_layer, Layer::gateway);
  EXPECT_EQ(outcome.attempt_budget, 0U);
  EXPECT_EQ(outcome.within_budget, WithinBudget::unknown);
  EXPECT_EQ(outcome.rule, "run_interrupted");
}

TEST(CloseCrashed, LeavesNoOpenRunOnceItsLineIsFolded) {
  const ProbePlan plan = tests::walk_plan();
  State state;
  state.probes["chat-walk"] = crashed_state(1);
  fold(state, OutcomeLine{close_crashed(probe_in(state), &plan, "0.2.0")}, morning);
  EXPECT_FALSE(probe_in(state).open_run);
}

// Random lines of a few probes, as a daemon that crashes now and then would leave them.
class RandomLines {
 public:
  explicit RandomLines(unsigned seed) : random_(seed) {}

  WallTime at() const { return at_; }

  Line next() {
    at_ += std::chrono::seconds{random_() % 20'000};
    const std::string probe = "p" + std::to_string(random_() % 3);
    switch (random_() % 8) {
      case 0:
        return ConfigLine{std::to_string(random_()), {}, 0};
      case 1:
        return ClockStepLine{static_cast<std::int64_t>(random_() % 1000)};
      case 2:
      case 3:
      case 4: {
        AttemptLine line = attempt_line(run(), run(), random_() % 2);
        line.probe = probe;
        if (random_() % 2 == 0) line.previous = attempt();
        return line;
      }
      default: {
        OutcomeLine line = random_() % 5 == 0 ? paused(run(), trigger())
                                              : outcome_line(run(), attempts(), trigger());
        line.outcome.probe = probe;
        return line;
      }
    }
  }

 private:
  std::uint32_t run() { return 1 + static_cast<std::uint32_t>(random_() % 5); }
  Trigger trigger() { return every<Trigger>()[random_() % every<Trigger>().size()]; }
  Attempt attempt() {
    Attempt made =
        tests::attempt(random_() % 2, every<Reason>()[random_() % every<Reason>().size()]);
    if (random_() % 2 == 0) made.tokens = Tokens{random_() % 3, random_() % 3};
    return made;
  }
  std::vector<Attempt> attempts() {
    std::vector<Attempt> made;
    for (auto left = 1 + random_() % 4; left > 0; --left) made.push_back(attempt());
    return made;
  }

  std::mt19937 random_;
  WallTime at_ = morning;
};

TEST(CarryLines, FoldBackIntoTheSameStateForAnyLines) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    RandomLines lines(seed);
    State state;
    for (int i = 0; i < 60; ++i) {
      const Line line = lines.next();
      fold(state, line, lines.at());
    }
    State again;
    for (const Line& line : carry_lines(state)) fold(again, line, lines.at());
    ASSERT_EQ(again, state) << "seed " << seed;
  }
}

TEST(CarryLines, InTheMiddleChangeNothingOfWhatFollows) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    RandomLines lines(seed);
    State plain;
    State carried;
    Tally summed;
    for (int i = 0; i < 60; ++i) {
      if (i % 17 == 16) {
        State next;
        for (const Line& line : carry_lines(carried)) fold(next, line, lines.at());
        carried = next;
      }
      const Line line = lines.next();
      fold(plain, line, lines.at());
      fold(carried, line, lines.at());
      for (const Increment& increment : increments(line)) summed[increment.key] += increment.by;
    }
    ASSERT_EQ(carried, plain) << "seed " << seed;
    ASSERT_EQ(total(carried), summed) << "seed " << seed;
  }
}

TEST(Total, OfRetriesEqualsTheRetryCountsOfTheOutcomes) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    RandomLines lines(seed);
    State state;
    std::uint64_t retries = 0;
    for (int i = 0; i < 60; ++i) {
      const Line line = lines.next();
      fold(state, line, lines.at());
      if (const auto* outcome = std::get_if<OutcomeLine>(&line)) {
        retries += outcome->outcome.retry_count;
      }
    }
    std::uint64_t counted = 0;
    for (const auto& [key, times] : total(state)) {
      if (key.counter == Counter::retries) counted += times;
    }
    ASSERT_EQ(counted, retries) << "seed " << seed;
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
