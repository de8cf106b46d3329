#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "probes/core/pressure.h"
#include "probes/core/state.h"
#include "tests/support/chance.h"
#include "tests/support/walk_simulation.h"

namespace smokeledger::tests {
namespace {

using core::Milliseconds;
using namespace std::chrono_literals;

// True time, of which a host sees a boot clock and a wall clock.
using True = Milliseconds;

// One probe of one host: what its ledger remembers, and its two clocks.
class Host {
 public:
  Host(std::uint64_t seed, core::Schedule schedule) : chance_(seed), schedule_(schedule) {
    plan_.name = "p";
    plan_.schedule = schedule;
    plan_.routes = {std::make_shared<const core::Route>()};
    plan_.retry.attempts_per_route = plan_.retry.attempt_budget;
    skew_ = Milliseconds{chance_.below(7'200'000) - 3'600'000};
  }

  core::Stamp stamp(True now) const {
    const core::WallTime wall =
        epoch + std::chrono::floor<std::chrono::seconds>(now + skew_ + stepped_);
    return {wall, "boot" + std::to_string(boots_), core::Instant{now - booted_at_}};
  }
  True next(True now) {
    core::Progress progress;
    if (const auto* state = known()) progress = core::progress_of(*state, stamp(now));
    if (last_slot_) progress.last_slot = core::Instant{*last_slot_ - booted_at_};
    const core::Instant at = core::next_due(schedule_, progress, stamp(now).boot, {chance_.draw()});
    return at.time_since_epoch() + booted_at_;
  }
  // One run of so many requests, unless a cap forbids it.
  bool run(True now, std::uint32_t requests) {
    last_slot_ = now;
    const bool paused = core::daily_cap_reached(plan_, known(), stamp(now).wall).has_value();
    core::Outcome outcome;
    outcome.probe = plan_.name;
    outcome.decision = paused ? core::Decision::paused : core::Decision::keep_primary;
    for (std::uint32_t i = 0; i < requests && !paused; ++i) {
      core::AttemptLine line;
      line.probe = plan_.name;
      line.stamp = stamp(now);
      core::fold(state_, line, line.stamp.wall);
      calls_by_own_day_[core::utc_day(line.stamp.wall)] += 1;
    }
    core::fold(state_, core::OutcomeLine{outcome}, stamp(now).wall);
    return !paused;
  }
  void restart() { last_slot_.reset(); }
  void reboot(True now) {
    ++boots_;
    booted_at_ = now;
    restart();
  }
  void set_clock(Milliseconds by) {
    stepped_ += by;
    core::fold(state_, core::ClockStepLine{by.count()}, core::WallTime{});
  }
  std::uint64_t most_calls_of_a_day() const {
    std::uint64_t most = 0;
    for (const auto& [day, calls] : calls_by_own_day_) most = std::max(most, calls);
    return most;
  }
  core::ProbePlan& plan() { return plan_; }
  Chance& chance() { return chance_; }

 private:
  static constexpr core::WallTime epoch{std::chrono::sys_days{std::chrono::January / 1 / 2026}};

  const core::ProbeState* known() const {
    const auto found = state_.probes.find(plan_.name);
    return found == state_.probes.end() ? nullptr : &found->second;
  }

  Chance chance_;
  core::Schedule schedule_;
  core::ProbePlan plan_;
  core::State state_;
  std::optional<True> last_slot_;
  True booted_at_{0};
  int boots_ = 0;
  Milliseconds skew_{0};
  Milliseconds stepped_{0};
  std::map<std::string, std::uint64_t> calls_by_own_day_;
};

core::Schedule random_schedule(Chance& chance) {
  core::Schedule schedule;
  schedule.minimum_interval = Milliseconds{60'000 + chance.below(3'600'000)};
  schedule.interval = schedule.minimum_interval + Milliseconds{chance.below(3'600'000)};
  schedule.jitter = chance.draw();
  schedule.backoff_cap = schedule.interval;
  schedule.calls_per_day = 100'000;
  return schedule;
}

// More starts in a span than an interval each, and one, would allow.
bool too_dense(const std::vector<True>& starts, Milliseconds interval) {
  constexpr std::size_t span = 8;
  for (std::size_t i = 0; i + span < starts.size(); ++i) {
    const auto allowed = (starts[i + span] - starts[i]) / interval + 1;
    if (static_cast<std::int64_t>(span) > allowed) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> broken_by_host(std::uint64_t seed) {
  Chance chance(seed);
  const core::Schedule schedule = random_schedule(chance);
  Host host(chance.next(), schedule);
  True now{0};
  std::vector<True> starts;
  for (int i = 0; i < 40; ++i) {
    True due = host.next(now);
    if (due < now) return "11: due in the past";
    // Something may happen before that.
    const True event =
        now + Milliseconds{chance.below(static_cast<std::uint64_t>(2 * schedule.interval.count()))};
    if (chance.one_in(4) && event < due) {
      now = event;
      switch (chance.below(3)) {
        case 0:
          host.restart();
          break;
        case 1:
          now += Milliseconds{chance.below(7'200'000)};  // off for a while
          host.reboot(now);
          break;
        default:
          host.set_clock(Milliseconds{chance.below(172'800'000) - 86'400'000});
      }
      continue;
    }
    if (chance.one_in(6)) {  // asleep: the slot passes, and is armed anew afterwards
      now = due + 2min + Milliseconds{chance.below(36'000'000)};
      due = host.next(now);
      if (due < now) return "11: due in the past";
    }
    now = due;
    if (!starts.empty() && now - starts.back() < schedule.minimum_interval) {
      return "10: sooner than the minimum interval";
    }
    starts.push_back(now);
    host.run(now, 1);
  }
  if (too_dense(starts, schedule.minimum_interval)) return "12: too many starts in a span";
  return std::nullopt;
}

std::optional<std::string> broken_by_fleet(std::uint64_t seed) {
  Chance chance(seed);
  constexpr std::size_t hosts = 1'000;
  core::Schedule schedule;
  schedule.interval = std::chrono::seconds{300 + chance.below(3'300)};
  schedule.minimum_interval = schedule.interval / 2;
  schedule.jitter = 0.1;
  const std::uint32_t cap = static_cast<std::uint32_t>(4 + chance.below(60));
  schedule.calls_per_day = cap;
  std::vector<Host> fleet;
  fleet.reserve(hosts);
  for (std::size_t i = 0; i < hosts; ++i) fleet.emplace_back(chance.next(), schedule);

  // All begin at the same moment, without a past.
  std::map<std::int64_t, int> starts_by_second;
  for (Host& host : fleet) ++starts_by_second[host.next(True{0}) / 1s];
  const double rate = static_cast<double>(hosts) / static_cast<double>(schedule.interval / 1s);
  const double most = rate + 8 * std::sqrt(rate) + 8;  // far beyond chance
  for (const auto& [second, starts] : starts_by_second) {
    if (starts > most) return "13: hosts start together";
  }

  // Some of them for a few days, with retries, clocks an hour off and restarts.
  for (std::size_t i = 0; i < 5; ++i) {
    Host& host = fleet[i];
    True now{0};
    while (now < 72h) {
      now = host.next(now);
      host.run(now, static_cast<std::uint32_t>(1 + host.chance().below(4)));
      if (host.chance().one_in(20)) host.restart();
    }
    if (host.most_calls_of_a_day() > cap) return "14: more calls a day than the cap";
  }
  return std::nullopt;
}

}  // namespace smokeledger::tests
