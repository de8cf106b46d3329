#include "exporters/ledger/replay.h"

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/policy.h"
#include "probes/core/pressure.h"
#include "tests/support/ledger_fixtures.h"
#include "tests/support/recorded_runs.h"
#include "tests/support/replaced.h"

namespace smokeledger::tests {
namespace {

using namespace std::chrono_literals;
using core::Fault;
using core::Reason;
using ledger::Replayed;
using ledger::ReplayFinding;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Replay {
  Replayed result;
  std::vector<ReplayFinding> findings;

  std::string text() const {
    std::string all;
    for (const auto& [id, difference, replayed] : findings) {
      all += id + " " + difference.field + ": " + difference.recorded + " / " +
             difference.recomputed + "\n";
    }
    return all;
  }
};

Replay replay(const std::filesystem::path& dir) {
  Replay replay;
  replay.result = ledger::replay(dir, [&](const ReplayFinding& finding) {
                    replay.findings.push_back(finding);
                  }).value();
  return replay;
}

Replay replay(const RecordedLines& lines) {
  const ScratchDir dir;
  write_ledger(dir.path(), lines);
  return replay(dir.path());
}

void add(RecordedLines& lines, RecordedLines more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

core::Exchange throttled_for(const std::string& seconds) {
  return throttled({{"retry-after", seconds}});
}

core::Exchange busy() {
  return reply(503, R"({"error":{"code":"overloaded"}})");
}

TEST(Replay, is_clean_over_every_way_a_run_ends) {
  const core::ProbePlan plan = with_policy(walk_plan());
  RecordedLines lines{{policy_line(plan), at(noon)}};
  add(lines, recorded_run(plan, {chat_ok()}, {.number = 1}));
  add(lines, recorded_run(plan, {throttled_for("2"), busy(), chat_ok()}, {.number = 2}));
  add(lines, recorded_run(plan, {busy(), busy(), busy(), responses_ok()}, {.number = 3}));
  add(lines, recorded_run(plan, {reply(401, "{}")}, {.number = 4}));
  add(lines, recorded_run(plan, {busy(), chat_ok()}, {.number = 5, .aborted = 30ms}));
  add(lines, recorded_run(plan, {chat_ok()}, {.number = 6, .aborted = 10ms}));
  add(lines, crashed(recorded_run(plan, {busy(), chat_ok()}, {.number = 7}), &plan));
  add(lines, crashed(recorded_run(plan, {busy(), chat_ok()}, {.number = 8}), nullptr));
  add(lines, paused_run(plan, 9, core::Gap::credential, {"credential_missing:one"}));
  add(lines, recorded_run(plan, {busy(), chat_ok()}, {.number = 10, .no_slot_from = 21ms}));
  const Replay found = replay(lines);
  EXPECT_THAT(found.findings, IsEmpty()) << found.text();
  EXPECT_TRUE(found.result.clean());
  EXPECT_EQ(found.result.outcomes, 10U);
  EXPECT_EQ(ledger::sentence(found.result),
            "10 outcomes replayed, 0 differ, 0 could not be replayed");
}

// Whatever the policy, the replies and chance: what the interpreter did can be replayed.
class RandomRuns {
 public:
  explicit RandomRuns(std::uint32_t seed) : engine_(seed) {}

  core::ProbePlan plan() {
    core::ProbePlan plan = walk_plan();
    const std::uint32_t mode = below(8);
    plan.mode = mode == 0 ? core::Mode::direct : mode == 1 ? core::Mode::gateway : core::Mode::walk;
    plan.expect = core::every<core::Expectation>()[below(6)];
    plan.routes = {route("primary", "one"),
                   route("second", below(2) == 0 ? "one" : "two", responses_contract()),
                   route("third", "three")};
    for (auto& of : plan.routes) of = with_tokens(*of);
    plan.routes.resize(plan.mode == core::Mode::walk ? 1 + below(3) : 1);
    plan.retry.attempts_per_route = 1 + below(4);
    plan.retry.attempt_budget = 1 + below(6);
    plan.retry.base = core::Milliseconds{1 + below(2'000)};
    plan.retry.multiplier = (1'000 + below(2'000)) / 1000.0;
    plan.retry.cap = plan.retry.base + core::Milliseconds{below(8'000)};
    plan.retry.retry_after_cap = core::Milliseconds{below(6'000)};
    plan.retry.deadline = core::Milliseconds{5'000 + below(30'000)};
    plan.retry.attempt_timeout = core::Milliseconds{1'000 + below(4'000)};
    plan.retry.jitter = core::every<core::Jitter>()[below(3)];
    plan.retry.pressure_after = below(3);
    if (below(4) == 0) plan.require_evidence = {core::Evidence::retries};
    for (const Reason reason : core::every<Reason>()) {
      const auto action = core::every<core::AfterFailure>()[below(4)];
      auto& row = plan.retry.after[static_cast<std::size_t>(reason)];
      if (below(4) == 0 && core::may_choose(reason, action)) row = action;
    }
    return with_policy(plan);
  }

  std::vector<core::Exchange> script() {
    std::vector<core::Exchange> made;
    for (std::uint32_t i = 0; i < 6; ++i) made.push_back(exchange());
    return made;
  }

  Circumstances circumstances(std::uint32_t number) {
    Circumstances made{.number = number, .draws = {}, .takes = {}};
    for (int i = 0; i < 8; ++i) {
      made.draws.push_back(below(1'000'000) / 1e6);
      made.takes.push_back(core::Milliseconds{below(below(4) == 0 ? 6'000 : 60)});
    }
    if (below(6) == 0) made.aborted = core::Milliseconds{below(8'000)};
    if (below(8) == 0) made.no_slot_from = core::Milliseconds{below(3'000)};
    if (below(3) == 0) made.trigger = core::Trigger::manual;
    return made;
  }
  std::uint32_t below(std::uint32_t end) {
    return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(engine_);
  }

 private:
  std::shared_ptr<const core::Route> with_tokens(const core::Route& of) {
    auto provider = std::make_shared<core::Provider>(*of.provider);
    if (below(2) == 0) provider->retry_tokens = below(8);
    if (below(2) == 0) provider->gateway = core::Gateway::litellm;
    auto made = std::make_shared<core::Route>(of);
    made->provider = provider;
    return made;
  }
  core::Exchange exchange() {
    switch (below(13)) {
      case 0: {
        core::Reply told = chat_ok();
        told.headers.push_back({"x-litellm-attempted-retries", std::to_string(below(3))});
        if (below(2) == 0) told.headers.push_back({"x-litellm-attempted-fallbacks", "0"});
        return told;
      }
      case 1:
        return responses_ok();
      case 2:
        return throttled();
      case 3:
        return throttled_for(std::to_string(below(9)));
      case 4:
        return throttled_for("soon");
      case 5:
        return busy();
      case 6:
        return reply(500, "no JSON");
      case 7:
        return reply(200, R"({"object":"chat.completion"})");
      case 8:
        return reply(401 + static_cast<int>(below(4)), "{}", {{"retry-after", "1"}});
      case 9:
        return Fault{.reason = below(2) == 0 ? Reason::timeout : Reason::tls};
      case 10:
        return Fault{.reason = Reason::truncated, .http_status = 200};
      case 11:
        return reply(503, "{}", {{"x-should-retry", "false"}, {"retry-after-ms", "700"}});
      default:
        return Fault{.reason = below(2) == 0 ? Reason::connect : Reason::local_network};
    }
  }

  std::mt19937 engine_;
};

TEST(Replay, is_clean_over_random_policies_replies_draws_and_interruptions) {
  constexpr std::uint32_t runs_of_each_plan = 20;
  std::set<std::string> rules;
  for (std::uint32_t seed = 0; seed < 80; ++seed) {
    RandomRuns random(seed);
    const core::ProbePlan plan = random.plan();
    RecordedLines lines{{policy_line(plan), at(noon)}};
    core::State state;
    for (std::uint32_t number = 1; number <= runs_of_each_plan; ++number) {
      auto circumstances = random.circumstances(number);
      const core::ProbeState& known = state.probes[plan.name];
      if (auto fact = core::retry_pressure(plan, &known)) circumstances.pressure = {*fact};
      circumstances.tokens = state.providers.retry_tokens;
      auto run = recorded_run(plan, random.script(), circumstances);
      if (run.size() > 1 && random.below(8) == 0) {
        run = crashed(std::move(run), random.below(2) == 0 ? &plan : nullptr);
      }
      for (const auto& [line, at] : run) core::fold(state, line, at);
      rules.insert(std::get<core::OutcomeLine>(run.back().line).outcome.rule);
      add(lines, std::move(run));
    }
    const Replay found = replay(lines);
    ASSERT_THAT(found.findings, IsEmpty()) << "seed " << seed << "\n" << found.text();
    ASSERT_EQ(found.result.outcomes, runs_of_each_plan);
  }
  EXPECT_THAT(rules,
              testing::IsSupersetOf({"run_interrupted",
                                     "first_attempt_usable",
                                     "usable_after_retry",
                                     "fallback_usable",
                                     "account_context_needed",
                                     "probe_defect",
                                     "shape_unusable",
                                     "retry_pressure",
                                     "budget_exhausted",
                                     "not_transient"}));
}

TEST(Replay, goes_on_over_segments) {
  const core::ProbePlan plan = with_policy(walk_plan());
  RecordedLines lines{{policy_line(plan), at(noon)}};
  for (std::uint32_t number = 1; number <= 12; ++number) {
    add(lines, recorded_run(plan, {busy(), chat_ok()}, {.number = number}));
  }
  const ScratchDir dir;
  write_ledger(dir.path(), lines, 8'000);
  ASSERT_GT(segment_files(dir.path()).size(), 3U);
  const Replay found = replay(dir.path());
  EXPECT_THAT(found.findings, IsEmpty()) << found.text();
  EXPECT_EQ(found.result.outcomes, 12U);
}

TEST(Replay, mentions_runs_under_way_at_the_end) {
  const core::ProbePlan plan = with_policy(walk_plan());
  RecordedLines lines{{policy_line(plan), at(noon)}};
  add(lines, recorded_run(plan, {busy(), chat_ok()}));
  lines.pop_back();
  const Replay found = replay(lines);
  EXPECT_THAT(found.findings, IsEmpty()) << found.text();
  EXPECT_TRUE(found.result.clean());
  EXPECT_EQ(ledger::sentence(found.result),
            "0 outcomes replayed, 0 differ, 0 could not be replayed; 1 run under way, without an "
            "outcome yet");
}

TEST(Replay, does_not_pass_what_it_could_not_check) {
  const core::ProbePlan plan = with_policy(walk_plan());
  const auto run = recorded_run(plan, {chat_ok()});
  RecordedLines without;
  add(without, run);
  core::PolicyLine later = policy_line(plan);
  later.policy = replaced(later.policy, R"("mode":)", R"("later":1,"mode":)");
  ledger::Hasher hasher;
  later.policy_sha256 = ledger::hex(hasher({later.policy}));
  RecordedLines of_later{{later, at(noon)}};
  add(of_later, run);
  for (auto& [line, at] : of_later) {
    if (auto* attempt = std::get_if<core::AttemptLine>(&line)) {
      attempt->policy_sha256 = later.policy_sha256;
    } else if (auto* outcome = std::get_if<core::OutcomeLine>(&line)) {
      outcome->outcome.policy_sha256 = later.policy_sha256;
    }
  }
  for (const auto& [lines, why] :
       {std::pair{without, "a policy line: there is none before it"},
        {of_later, "the policy cannot be read: its member later is not known to this build"}}) {
    const Replay found = replay(lines);
    ASSERT_THAT(found.findings, SizeIs(1)) << found.text();
    EXPECT_FALSE(found.findings[0].replayed);
    EXPECT_EQ(found.findings[0].difference.field, "policy_sha256");
    EXPECT_EQ(found.findings[0].difference.recomputed, why);
    EXPECT_FALSE(found.result.clean());
    EXPECT_EQ(ledger::sentence(found.result),
              "0 outcomes replayed, 0 differ, 1 could not be replayed");
  }
}

TEST(Replay, needs_no_policy_line_where_whoever_closed_a_crashed_run_had_none) {
  const core::ProbePlan plan = with_policy(walk_plan());
  RecordedLines lines = crashed(recorded_run(plan, {busy(), chat_ok()}), nullptr);
  const Replay found = replay(lines);
  EXPECT_THAT(found.findings, IsEmpty()) << found.text();
  EXPECT_EQ(found.result.outcomes, 1U);
}

TEST(Replay, reports_damage_and_what_stands_before_it) {
  const core::ProbePlan plan = with_policy(walk_plan());
  RecordedLines lines{{policy_line(plan), at(noon)}};
  add(lines, recorded_run(plan, {chat_ok()}, {.number = 1}));
  add(lines, recorded_run(plan, {chat_ok()}, {.number = 2}));
  const ScratchDir dir;
  write_ledger(dir.path(), lines);
  const auto file = segment_files(dir.path()).front();
  std::string bytes = read_bytes(file);
  bytes[bytes.size() - 100] ^= 1;
  write_bytes(file, bytes);
  const Replay found = replay(dir.path());
  EXPECT_EQ(found.result.outcomes, 1U);
  EXPECT_FALSE(found.result.clean());
  EXPECT_THAT(ledger::sentence(found.result),
              HasSubstr("damaged: " + file.filename().string() + ": line 5 at byte "));
}

TEST(Replay, of_what_is_no_ledger_is_an_error) {
  const ScratchDir dir;
  const auto result = ledger::replay(dir.path(), [](const ReplayFinding&) {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ledger::LedgerErrorKind::unusable);
}

}  // namespace
}  // namespace smokeledger::tests
