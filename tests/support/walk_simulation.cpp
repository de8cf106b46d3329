#include "tests/support/walk_simulation.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "probes/core/decision.h"
#include "probes/core/retry_tokens.h"
#include "probes/core/state.h"
#include "tests/support/chance.h"

namespace smokeledger::tests {
namespace {

using core::AfterFailure;
using core::Milliseconds;
using core::Reason;

// The families and replies of a run play no part here: one contract for all routes.
const std::shared_ptr<const core::Contract>& any_contract() {
  static const auto contract = std::make_shared<const core::Contract>();
  return contract;
}

std::shared_ptr<const core::Route> random_route(Chance& chance, std::size_t number) {
  auto provider = std::make_shared<core::Provider>();
  provider->name = std::string(1, static_cast<char>('a' + chance.below(3)));
  if (chance.one_in(4)) {
    provider->retry_tokens.reset();
  } else {
    provider->retry_tokens = static_cast<std::uint32_t>(chance.below(8));
  }
  auto route = std::make_shared<core::Route>();
  route->name = "r" + std::to_string(number);
  route->provider = std::move(provider);
  route->contract = any_contract();
  return route;
}

core::ProbePlan random_plan(Chance& chance) {
  core::ProbePlan plan;
  plan.name = "p";
  plan.mode = chance.one_in(8) ? core::Mode::direct : core::Mode::walk;
  const std::int64_t routes = plan.mode == core::Mode::direct ? 1 : 1 + chance.below(4);
  for (std::int64_t i = 0; i < routes; ++i) {
    plan.routes.push_back(random_route(chance, static_cast<std::size_t>(i)));
  }
  core::RetryPolicy& retry = plan.retry;
  retry.attempts_per_route = static_cast<std::uint32_t>(1 + chance.below(6));
  retry.attempt_budget = static_cast<std::uint32_t>(1 + chance.below(12));
  retry.jitter = chance.of(core::every<core::Jitter>());
  retry.base = Milliseconds{1 + chance.below(3'600'000)};
  retry.multiplier = 1 + 9 * chance.draw();
  retry.cap = retry.base + Milliseconds{chance.below(3'600'000)};
  retry.retry_after_cap = Milliseconds{chance.below(60'000)};
  retry.attempt_timeout = Milliseconds{10 + chance.below(60'000)};
  retry.deadline = retry.attempt_timeout + Milliseconds{chance.below(7'200'000)};
  for (const core::ClassRow& row : core::class_rows()) {
    const AfterFailure action = chance.of(core::every<AfterFailure>());
    if (core::may_choose(row.reason, action)) {
      retry.after[static_cast<std::size_t>(row.reason)] = action;
    }
  }
  return plan;
}

struct Reply {
  core::Attempt attempt;
  core::RetryWish wish;
  double share_of_timeout = 0;  // how long it takes
};

// What the n-th request of a run meets, whatever came before it.
Reply random_reply(Chance& chance) {
  Reply reply;
  core::Attempt& attempt = reply.attempt;
  const bool usable = chance.one_in(5);
  attempt.reason = usable ? Reason::none : chance.of(core::every<Reason>());
  const bool paid = attempt.reason == Reason::none || attempt.reason == Reason::in_stream_error ||
                    attempt.reason == Reason::truncated ||
                    attempt.reason == Reason::shape_rejected || chance.one_in(10);
  if (paid) {
    attempt.http_status = 200;
  } else if (chance.one_in(2)) {
    attempt.http_status = 503;
  }
  attempt.failure_class = attempt.reason == Reason::none ? core::FailureClass::none
                          : core::class_rows()[static_cast<std::size_t>(attempt.reason)].may_retry
                              ? core::FailureClass::retryable
                              : core::FailureClass::terminal;
  if (!paid && chance.one_in(3)) {
    reply.wish.names_a_wait = true;
    if (!chance.one_in(4)) reply.wish.wait = Milliseconds{chance.below(120'000)};
  }
  reply.wish.forbids = !paid && chance.one_in(8);
  reply.share_of_timeout = chance.draw();
  return reply;
}

using Script = std::vector<Reply>;
constexpr std::size_t most_requests = 24;

Script random_script(Chance& chance) {
  Script script;
  script.reserve(most_requests);
  for (std::size_t i = 0; i < most_requests; ++i) script.push_back(random_reply(chance));
  return script;
}

// One run, request by request. Each check names the invariant that it holds to.
class SimulatedRun {
 public:
  SimulatedRun(const core::ProbePlan& plan,
               const Script& script,
               std::uint64_t draws,
               const Policy& policy,
               core::RetryTokens tokens,
               bool under_pressure)
      : plan_(plan),
        script_(script),
        chance_(draws),
        policy_(policy),
        tokens_(std::move(tokens)),
        folded_tokens_(tokens_),
        under_pressure_(under_pressure) {
    state_.providers.retry_tokens = folded_tokens_;
  }

  std::optional<std::string> go() {
    for (;;) {
      const core::Allowance allowance = this->allowance();
      const core::Step step = policy_(plan_, history_, elapsed_, {chance_.draw()}, allowance);
      const auto seen = std::visit([](const auto& next) { return next.retry_after; }, step);
      if (!history_.empty()) history_.back().attempt.retry_after = seen;
      const auto* send = std::get_if<core::Send>(&step);
      if (send == nullptr) break;
      if (auto broken = check_before(*send, allowance)) return broken;
      request(*send);
      if (history_.size() == most_requests) return "1: a run without end";
    }
    return close();
  }
  std::size_t requests() const { return server_; }

 private:
  core::Allowance allowance() const {
    core::Allowance allowance{.retry_tokens = {}, .under_pressure = under_pressure_};
    if (!history_.empty()) {
      const core::Provider& failed = *plan_.routes[history_.back().route]->provider;
      allowance.retry_tokens = tokens_.left(failed.name, failed.retry_tokens);
    }
    return allowance;
  }

  std::optional<std::string> check_before(const core::Send& send,
                                          const core::Allowance& allowance) const {
    if (send.route >= plan_.routes.size()) return "8: a route that is not there";
    if (elapsed_ + send.after + send.timeout > plan_.retry.deadline ||
        send.timeout <= Milliseconds{0}) {
      return "2: beyond the deadline";
    }
    if (send.timeout > plan_.retry.attempt_timeout) return "2: beyond the attempt's timeout";
    if (history_.empty()) return send.after == Milliseconds{0} ? std::nullopt : wait_broken();
    if (allowance.retry_tokens == 0U) return "5: sent without a token";
    if (under_pressure_) return "15: more than one request under pressure";
    const core::Past& last = history_.back();
    if (last.attempt.usable()) return "6: sent after a usable reply";
    if (send.route == last.route) return check_retry(send, last);
    if (send.route != last.route + 1) return "8: not the next route";
    if (!core::falls_back(core::after(plan_.retry.after, last.attempt.reason))) {
      return "6: a fallback that the table does not allow";
    }
    return check_wish(send, last);
  }

  static std::optional<std::string> wait_broken() { return "3: a wait out of bounds"; }

  std::optional<std::string> check_retry(const core::Send& send, const core::Past& last) const {
    if (!core::retries(core::after(plan_.retry.after, last.attempt.reason))) {
      return "6: a terminal failure was retried";
    }
    if (last.attempt.http_status && *last.attempt.http_status == 200) {
      return "7: retried behind a 2xx";
    }
    if (last.attempt.reason == Reason::timeout && timeouts_retried_ > 0) {
      return "7: a second timeout was retried";
    }
    if (last.wish.forbids) return "4: retried although the reply forbids it";
    const auto on_route = static_cast<std::uint32_t>(
        std::count_if(history_.begin(), history_.end(), [&](const core::Past& past) {
          return past.route == last.route;
        }));
    const auto bounds = core::backoff_bounds(plan_.retry, on_route - 1, last.attempt.planned_wait);
    const Milliseconds asked =
        std::min(last.wish.wait.value_or(Milliseconds{0}), plan_.retry.retry_after_cap);
    if (send.after < bounds.least || send.after > std::max(bounds.most, asked) ||
        bounds.most > plan_.retry.cap) {
      return wait_broken();
    }
    return check_wish(send, last);
  }

  std::optional<std::string> check_wish(const core::Send& send, const core::Past& last) const {
    const bool same_provider =
        plan_.routes[send.route]->provider->name == plan_.routes[last.route]->provider->name;
    if (!last.wish.wait || !same_provider) return std::nullopt;
    const Milliseconds least = std::min(*last.wish.wait, plan_.retry.retry_after_cap);
    return send.after >= least ? std::nullopt
                               : std::optional<std::string>("4: sooner than Retry-After asks");
  }

  void request(const core::Send& send) {
    const core::Route& route = *plan_.routes[send.route];
    core::AttemptLine line;
    line.check_id = "p-20261121-001";
    line.probe = plan_.name;
    line.route = route.name;
    line.provider = route.provider->name;
    if (!history_.empty()) {
      const core::Past& last = history_.back();
      if (send.route == last.route && last.attempt.reason == Reason::timeout) ++timeouts_retried_;
      tokens_.spend(last.attempt.provider);
      line.previous = last.attempt;
    }
    core::fold(state_, line, core::WallTime{});
    elapsed_ += send.after;

    const Reply& reply = script_[server_++];  // counted where it arrives
    core::Past past{send.route, reply.attempt, reply.wish};
    past.attempt.route = line.route;
    past.attempt.provider = line.provider;
    past.attempt.planned_wait = send.after;
    elapsed_ += Milliseconds{static_cast<Milliseconds::rep>(
        static_cast<double>(send.timeout.count()) * reply.share_of_timeout)};
    history_.push_back(std::move(past));
  }

  std::optional<std::string> close() {
    if (server_ > plan_.retry.attempt_budget && plan_.mode != core::Mode::direct) {
      return "1: the server counts more than the budget";
    }
    if (plan_.mode == core::Mode::direct && server_ != 1) return "1: a direct run sent more";
    for (const auto& route : plan_.routes) {
      const auto on_route =
          std::count_if(history_.begin(), history_.end(), [&](const core::Past& past) {
            return past.attempt.route == route->name;
          });
      if (static_cast<std::uint32_t>(on_route) > plan_.retry.attempts_per_route &&
          plan_.mode != core::Mode::direct) {
        return "1: more on a route than allowed";
      }
    }
    if (elapsed_ > plan_.retry.deadline) return "2: the run outlived its deadline";
    return close_ledger();
  }

  std::optional<std::string> close_ledger() {
    std::vector<core::Attempt> attempts;
    attempts.reserve(history_.size());
    for (const core::Past& past : history_) attempts.push_back(past.attempt);
    if (attempts.back().usable()) tokens_.credit(attempts.back().provider);
    const core::RunFacts facts{"p-20261121-001", core::Trigger::schedule, ""};
    core::Outcome outcome = core::summarise(plan_, facts, std::move(attempts));
    outcome = core::decide(plan_, std::move(outcome), core::RunEnd::finished, core::Gap::none);
    if (outcome.within_budget != core::WithinBudget::yes) return "1: the outcome says over budget";
    if (outcome.backoff_policy_seen == core::Seen::no) return "3: the outcome says out of bounds";
    const core::ProbeState& before = state_.probes.at(plan_.name);
    if (!before.open_run || before.calls_today != server_) return "9: lines and requests differ";
    core::fold(state_, core::OutcomeLine{std::move(outcome)}, core::WallTime{});
    if (state_.probes.at(plan_.name).open_run) return "9: the outcome did not close the run";
    if (state_.providers.retry_tokens != tokens_) return "5: the fold counts other tokens";
    return std::nullopt;
  }

  const core::ProbePlan& plan_;
  const Script& script_;
  Chance chance_;
  const Policy& policy_;
  core::RetryTokens tokens_;
  core::RetryTokens folded_tokens_;
  bool under_pressure_;
  core::State state_;
  std::vector<core::Past> history_;
  Milliseconds elapsed_{0};
  std::size_t server_ = 0;
  std::size_t timeouts_retried_ = 0;
};

core::RetryTokens random_tokens(Chance& chance) {
  core::RetryTokens tokens;
  for (const char* provider : {"a", "b", "c"}) {
    for (std::int64_t i = chance.below(6); i > 0; --i) tokens.spend(provider);
    if (chance.one_in(2)) tokens.credit(provider);
  }
  return tokens;
}

}  // namespace

std::optional<std::string> broken_by_run(std::uint64_t seed, const Policy& policy) {
  Chance chance(seed);
  const core::ProbePlan plan = random_plan(chance);
  const Script script = random_script(chance);
  core::RetryTokens tokens = random_tokens(chance);
  const bool under_pressure = chance.one_in(10);
  const std::uint64_t draws = chance.next();
  SimulatedRun run(plan, script, draws, policy, tokens, under_pressure);
  if (auto broken = run.go()) return broken;

  core::ProbePlan tighter = plan;
  bool pressed = under_pressure;
  switch (chance.below(3)) {
    case 0:
      tighter.retry.attempt_budget =
          static_cast<std::uint32_t>(1 + chance.below(plan.retry.attempt_budget));
      break;
    case 1:
      for (const char* provider : {"a", "b", "c"}) tokens.spend(provider);
      break;
    default:
      pressed = true;
  }
  SimulatedRun less(tighter, script, draws, policy, std::move(tokens), pressed);
  if (auto broken = less.go()) return broken;
  if (less.requests() > run.requests()) return "15: worse inputs made more requests";
  return std::nullopt;
}

}  // namespace smokeledger::tests
