// A year of restarts, reboots, reloads, manual runs, failures and steps of the wall clock, in
// virtual time: what must hold whatever happens.
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.h"
#include "daemon/supervision.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/verify.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using core::Milliseconds;
using tests::ServiceHouse;

constexpr Milliseconds minimum_interval = 1h;

// Sanitizers make a day several times as dear: with them a season stands for the year.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif
constexpr int days = sanitized ? 90 : 365;
constexpr std::size_t runs_at_least = 5U * days;

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  Milliseconds up_to(Milliseconds most) {
    return Milliseconds{
        static_cast<Milliseconds::rep>(below(static_cast<std::uint64_t>(most.count()) + 1))};
  }
  std::vector<double> draws(std::size_t count) {
    std::vector<double> values(count);
    for (auto& value : values) value = std::uniform_real_distribution<double>(0.0, 1.0)(engine_);
    return values;
  }

 private:
  std::mt19937_64 engine_;
};

core::Exchange some_exchange(Chance& chance) {
  switch (chance.below(8)) {
    case 0:
      return tests::throttled();
    case 1:
      return tests::throttled({{"retry-after", "7"}});
    case 2:
      return tests::service::refused();
    case 3:
      return core::Fault{.reason = core::Reason::connect};
    default:
      return tests::chat_ok();
  }
}

std::vector<core::Exchange> some_script(Chance& chance) {
  std::vector<core::Exchange> script(10'000);
  for (auto& exchange : script) exchange = some_exchange(chance);
  return script;
}

core::ProbePlan some_plan(const std::string& name, Chance& chance) {
  core::ProbePlan plan =
      chance.one_in(2) ? tests::service::hourly_walk(name) : tests::service::hourly(name);
  plan.schedule.interval = minimum_interval + chance.up_to(6h);
  plan.schedule.minimum_interval = minimum_interval;
  plan.schedule.jitter = 0.2;
  plan.schedule.backoff_cap = 12h;
  plan.schedule.confirm_after = chance.one_in(2) ? 5min : 0min;
  plan.schedule.calls_per_day = 40;
  plan.policy_sha256 = std::string(64, "0123456789abcdef"[chance.below(16)]);
  return plan;
}

std::vector<core::ProbePlan> some_plans(Chance& chance) {
  std::vector<core::ProbePlan> plans;
  for (const char* name : {"a", "b", "c"}) {
    if (!chance.one_in(8)) plans.push_back(some_plan(name, chance));
  }
  return plans;
}

struct Year {
  explicit Year(unsigned seed) : chance(seed), house(some_plans(chance), some_script(chance)) {
    house.transport.each_takes.resize(10'000);
    for (auto& time : house.transport.each_takes) {
      time = chance.up_to(chance.one_in(20) ? 40s : 2s);
    }
    house.random = tests::ListedDraws(chance.draws(50'000));
    house.segment_bytes = 200'000;
  }

  void live();
  void some_hours();
  void something_happens();
  void step_the_wall_clock();
  void look_at_what_was_sent();
  void check_the_ledger();

  Chance chance;
  ServiceHouse house;
  std::size_t looked_at = 0;
  std::map<std::string, Milliseconds> last_sent;  // by probe, true time
  std::map<std::string, std::string> last_run;
};

void Year::live() {
  house.start();
  while (house.clock.passed() < days * 24h && !testing::Test::HasFailure()) {
    some_hours();
    something_happens();
    look_at_what_was_sent();
  }
  house.stop();
  house.settle();
  house.crash();
  check_the_ledger();
}

void Year::some_hours() {
  house.advance(chance.up_to(40h));
  // Not always at rest: in the middle of whatever comes next, acknowledgements on their way.
  for (auto ticks = chance.below(4); ticks > 0; --ticks) house.tick();
  look_at_what_was_sent();
}

void Year::something_happens() {
  switch (chance.below(6)) {
    case 0:
      return house.restart();
    case 1:
      house.crash();
      house.clock.move_to(house.clock.now() + chance.up_to(5h));
      return house.start();
    case 2:
      house.crash();
      house.clock.reboot(chance.up_to(3h));
      return house.start();
    case 3:
      return house.use(some_plans(chance));
    case 4:
      return house.service().run_now({}, std::nullopt, [](const auto&) {});
    default:
      step_the_wall_clock();
  }
}

// As the supervision does: within a minute a step is seen and recorded.
void Year::step_the_wall_clock() {
  const core::Stamp before = house.clock.stamp();
  const Milliseconds by = chance.up_to(50h);
  house.clock.step_wall(chance.one_in(2) ? by : -by);
  house.advance(chance.up_to(1min));
  if (chance.one_in(3)) house.restart();
  const Milliseconds step = clock_step(before, house.clock.stamp());
  if (step == 0ms) return;
  house.journal().append({core::ClockStepLine{step.count()}}, [](const Records*) {});
  house.settle();
}

void Year::look_at_what_was_sent() {
  for (; looked_at < house.transport.sent.size(); ++looked_at) {
    const core::AttemptLine& line = house.transport.sent[looked_at].line;
    const Milliseconds at = house.clock.passed_at(line.stamp.boot);
    const auto last = last_sent.find(line.probe);
    if (last != last_sent.end() && last_run[line.probe] != line.check_id) {
      EXPECT_GE(at - last->second, minimum_interval)
          << line.check_id << " after " << last_run[line.probe];
    }
    last_sent[line.probe] = at;
    last_run[line.probe] = line.check_id;
  }
}

void Year::check_the_ledger() {
  const auto verified = exporters::ledger::verify(house.dir.path());
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem) << verified->problem->text();
  EXPECT_GT(verified->segments, 3U) << "carry lines were folded, too";
  std::set<std::string> attempted;
  std::set<std::string> ended;
  auto reader = exporters::ledger::Reader::open(house.dir.path()).value();
  while (const auto item = reader.next().value()) {
    const core::Line line = reader.decode(*item).value();
    if (const auto* attempt = std::get_if<core::AttemptLine>(&line)) {
      attempted.insert(attempt->check_id);
      EXPECT_FALSE(ended.contains(attempt->check_id)) << attempt->check_id << " is used again";
    } else if (const auto* outcome = std::get_if<core::OutcomeLine>(&line)) {
      EXPECT_TRUE(ended.insert(outcome->outcome.check_id).second) << outcome->outcome.check_id;
    }
  }
  for (const auto& id : attempted) EXPECT_TRUE(ended.contains(id)) << id << " has no outcome";
  EXPECT_GT(ended.size(), runs_at_least) << "a year in which something ran";
  EXPECT_GT(looked_at, runs_at_least);
}

class AYear : public testing::TestWithParam<unsigned> {};

TEST_P(AYear, HoldsTheMinimumIntervalAndOneOutcomeARunWhateverHappens) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Year year(GetParam());
  year.live();
}
INSTANTIATE_TEST_SUITE_P(Seeds, AYear, testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace smokeledger::daemon
