#include "tests/support/recorded_runs.h"

#include <stdexcept>
#include <utility>

#include "exporters/ledger/hash.h"
#include "probes/core/policy.h"
#include "probes/core/state.h"
#include "probes/run/run.h"
#include "tests/support/ledger_fixtures.h"
#include "tests/support/run_twins.h"

namespace smokeledger::tests {
namespace {

class ListedRandom : public probes::run::Random {
 public:
  explicit ListedRandom(std::vector<double> draws) : draws_(std::move(draws)) {}
  core::Draw draw() override {
    return {draws_[next_ + 1 < draws_.size() ? next_++ : draws_.size() - 1]};
  }

 private:
  std::vector<double> draws_;
  std::size_t next_ = 0;
};

std::string check_id_of(const core::ProbePlan& plan, std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return plan.name + "-20261121-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') +
         digits;
}

probes::run::RunSetup setup_of(const core::ProbePlan& plan, const Circumstances& circumstances) {
  probes::run::RunSetup setup;
  setup.plan = std::make_shared<core::ProbePlan>(plan);
  setup.check_id = check_id_of(plan, circumstances.number);
  setup.trigger = circumstances.trigger;
  setup.ledger_tag = "1a2b3c4d";
  setup.build = "smokeledger 0.1.0";
  setup.pressure = circumstances.pressure;
  if (circumstances.trigger == core::Trigger::manual) setup.caller_uid = 1000;
  return setup;
}

}  // namespace

core::ProbePlan with_policy(core::ProbePlan plan) {
  ledger::Hasher hasher;
  plan.policy_sha256 = ledger::hex(hasher({core::policy_text(plan)}));
  return plan;
}

core::PolicyLine policy_line(const core::ProbePlan& plan) {
  return {plan.name, plan.policy_sha256, core::policy_text(plan)};
}

RecordedLines recorded_run(const core::ProbePlan& plan,
                           std::vector<core::Exchange> script,
                           const Circumstances& circumstances) {
  ManualClock clock;
  ListedRandom random(circumstances.draws);
  ScriptedTransport transport(clock, std::move(script));
  transport.each_takes = circumstances.takes;
  probes::run::Slots slots(1);
  core::RetryTokens tokens = circumstances.tokens;
  std::optional<RecordedLine> ended;
  const auto setup = setup_of(plan, circumstances);
  probes::run::Run run(
      {clock, random, transport, slots, tokens}, setup, [&](core::Outcome outcome) {
        outcome.caller_uid = setup.caller_uid;
        ended = RecordedLine{core::OutcomeLine{std::move(outcome)}, clock.stamp().wall};
      });
  if (circumstances.aborted) {
    clock.at(core::Instant{*circumstances.aborted}, [&] { run.abort(); });
  }
  if (circumstances.no_slot_from) {
    clock.at(core::Instant{*circumstances.no_slot_from},
             [&] { slots.acquire("others", 1, [] {}); });
  }
  run.start();
  clock.run_until_idle();
  if (!ended) throw std::logic_error("the run did not end");
  RecordedLines lines;
  for (auto& sent : transport.sent) lines.push_back({sent.line, sent.line.stamp.wall});
  lines.push_back(std::move(*ended));
  return lines;
}

RecordedLines crashed(RecordedLines lines, const core::ProbePlan* known) {
  lines.pop_back();
  core::State state;
  for (const auto& [line, at] : lines) core::fold(state, line, at);
  lines.push_back({core::OutcomeLine{core::close_crashed(
                       state.probes.begin()->second, known, "smokeledger 0.1.0")},
                   lines.back().at + std::chrono::minutes{5}});
  return lines;
}

RecordedLines paused_run(const core::ProbePlan& plan,
                         std::uint32_t number,
                         core::Gap gap,
                         std::vector<std::string> unresolved) {
  const core::RunFacts facts{check_id_of(plan, number),
                             core::Trigger::schedule,
                             "smokeledger 0.1.0",
                             core::RunEnd::paused,
                             gap};
  return {{core::OutcomeLine{probes::run::paused_outcome(plan, facts, std::move(unresolved))},
           at(noon)}};
}

void write_ledger(const std::filesystem::path& dir,
                  const RecordedLines& lines,
                  std::uint64_t segment_bytes) {
  auto options = options_in(dir);
  options.segment_bytes = segment_bytes;
  const auto made = ledger::Ledger::open(options).value();
  for (const auto& [line, at] : lines) made->append({&line, 1}, at).value();
}

}  // namespace smokeledger::tests
