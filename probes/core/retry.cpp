#include "probes/core/retry.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

// A status line of success was paid for: whatever became of the rest, it is not asked for again.
bool paid_for(const Attempt& attempt) {
  return attempt.http_status && status_class_of(*attempt.http_status) == StatusClass::s2xx;
}

std::uint32_t attempts_on(std::span<const Past> history, std::size_t route) {
  return static_cast<std::uint32_t>(std::count_if(
      history.begin(), history.end(), [&](const Past& past) { return past.route == route; }));
}

// Retries made in this run although nobody knew what the attempt before had cost.
bool retried_a_timeout(std::span<const Past> history) {
  for (std::size_t i = 1; i < history.size(); ++i) {
    if (history[i - 1].attempt.reason == Reason::timeout &&
        history[i].route == history[i - 1].route)
      return true;
  }
  return false;
}

// A wait that honours what the reply asked for, within our cap.
struct Wait {
  Milliseconds after{0};
  RetryAfterSeen seen = RetryAfterSeen::absent;
};

RetryAfterSeen unheeded(const Past& last) {
  if (last.wish.forbids) return RetryAfterSeen::forbidden;
  return last.wish.names_a_wait ? RetryAfterSeen::ignored : RetryAfterSeen::absent;
}

Wait obey(const RetryPolicy& retry, const Past& last, Milliseconds own) {
  const auto asked = last.wish.wait;
  if (!asked) return {own, unheeded(last)};
  if (*asked > retry.retry_after_cap) {
    return {std::max(own, retry.retry_after_cap), RetryAfterSeen::capped};
  }
  return {std::max(own, *asked), RetryAfterSeen::obeyed};
}

// No wait is begun that would cross the deadline; the attempt's own timeout ends with it.
std::optional<Send> within_deadline(const RetryPolicy& retry,
                                    std::size_t route,
                                    Wait wait,
                                    Milliseconds elapsed) {
  const Milliseconds left = retry.deadline - elapsed - wait.after;
  if (left <= Milliseconds{0}) return std::nullopt;
  return Send{route, wait.after, std::min(retry.attempt_timeout, left), wait.seen};
}

std::optional<Send> try_again(const ProbePlan& plan,
                              std::span<const Past> history,
                              Milliseconds elapsed,
                              Draw draw) {
  const Past& last = history.back();
  const std::uint32_t spent = attempts_on(history, last.route);
  const bool cost_unknown = last.attempt.reason == Reason::timeout;
  if (!retries(after(plan.retry.after, last.attempt.reason)) || last.wish.forbids ||
      paid_for(last.attempt) || (cost_unknown && retried_a_timeout(history)) ||
      spent >= plan.retry.attempts_per_route) {
    return std::nullopt;
  }
  const Milliseconds own = backoff(plan.retry, spent - 1, last.attempt.planned_wait, draw);
  return within_deadline(plan.retry, last.route, obey(plan.retry, last, own), elapsed);
}

std::optional<Send> fall_back(const ProbePlan& plan, const Past& last, Milliseconds elapsed) {
  const std::size_t next = last.route + 1;
  if (next >= plan.routes.size()) return std::nullopt;
  // The same provider asked us to wait: another family of it is no way around that.
  const bool same_provider =
      plan.routes[next]->provider->name == plan.routes[last.route]->provider->name;
  const Wait wait = same_provider ? obey(plan.retry, last, Milliseconds{0})
                                  : Wait{Milliseconds{0}, unheeded(last)};
  return within_deadline(plan.retry, next, wait, elapsed);
}

}  // namespace

WaitBounds backoff_bounds(const RetryPolicy& retry, std::uint32_t number, Milliseconds before) {
  const double cap = static_cast<double>(retry.cap.count());
  const double base = std::min(static_cast<double>(retry.base.count()), cap);
  const auto whole = [](double value) {
    return Milliseconds{static_cast<Milliseconds::rep>(value)};
  };
  if (retry.jitter == Jitter::decorrelated) {
    const double last = number == 0 ? base : static_cast<double>(before.count());
    return {whole(base), whole(std::min(cap, std::max(base, last) * retry.multiplier))};
  }
  double bound = base;
  for (std::uint32_t i = 0; i < number && bound < cap && retry.multiplier > 1; ++i) {
    bound *= retry.multiplier;
  }
  bound = std::min(bound, cap);
  return {whole(retry.jitter == Jitter::equal ? bound / 2 : 0), whole(bound)};
}

Milliseconds backoff(const RetryPolicy& retry,
                     std::uint32_t number,
                     Milliseconds before,
                     Draw draw) {
  const WaitBounds bounds = backoff_bounds(retry, number, before);
  const double width = static_cast<double>((bounds.most - bounds.least).count());
  return bounds.least + Milliseconds{static_cast<Milliseconds::rep>(width * draw.value)};
}

Step next_step(const ProbePlan& plan,
               std::span<const Past> history,
               Milliseconds elapsed,
               Draw draw,
               const Allowance& allowance) {
  if (history.empty()) {
    return Send{0, Milliseconds{0}, std::min(plan.retry.attempt_timeout, plan.retry.deadline)};
  }
  const Past& last = history.back();
  Stop stop{unheeded(last)};
  if (last.attempt.usable() || sends_as(plan) != Mode::walk ||
      history.size() >= plan.retry.attempt_budget) {
    return stop;
  }
  std::optional<Send> next = try_again(plan, history, elapsed, draw);
  if (!next && falls_back(after(plan.retry.after, last.attempt.reason))) {
    next = fall_back(plan, last, elapsed);
  }
  if (!next) return stop;
  // A fallback is further traffic, too: it costs what a retry costs.
  if (allowance.under_pressure) stop.held = Held::pressure;
  if (allowance.retry_tokens == 0U) stop.held = Held::retry_tokens;
  if (stop.held != Held::no) return stop;
  return *next;
}

}  // namespace smokeledger::probes::core
