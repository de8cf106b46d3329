#include "probes/core/retry.h"

#include <algorithm>
#include <array>

namespace smokeledger::probes::core {
namespace {

struct ResponseRow {
  Reason reason;
  Response response;
};

// One row per reason. After a 2xx status line nothing is retried: the completion was paid for and
// its failure is the finding. A refusal that only a person can lift is not walked around silently.
constexpr std::array<ResponseRow, 21> responses{{
    {Reason::none, {false, false}},          {Reason::throttled, {true, true}},
    {Reason::overloaded, {true, true}},      {Reason::server_error, {true, true}},
    {Reason::timeout, {true, true}},         {Reason::dns, {true, true}},
    {Reason::connect, {true, true}},         {Reason::tls, {false, true}},
    {Reason::redirect, {false, true}},       {Reason::auth, {false, false}},
    {Reason::account_state, {false, false}}, {Reason::bad_request, {false, false}},
    {Reason::probe_defect, {false, false}},  {Reason::in_stream_error, {false, true}},
    {Reason::truncated, {false, true}},      {Reason::shape_rejected, {false, true}},
    {Reason::too_large, {false, true}},      {Reason::protocol, {false, true}},
    {Reason::local_network, {true, false}},  {Reason::aborted, {false, false}},
    {Reason::unknown_crash, {false, false}},
}};

constexpr bool responses_in_order() {
  for (std::size_t i = 0; i < responses.size(); ++i) {
    if (static_cast<std::size_t>(responses[i].reason) != i) return false;
  }
  return responses.size() == every<Reason>().size();
}
static_assert(responses_in_order(), "one row per Reason, in the enumeration's order");

struct Spent {
  std::uint32_t on_route = 0;  // attempts on the newest route
  std::uint32_t timeouts = 0;  // of those, how many timed out with their cost unknown
};

Spent spent_on(std::span<const Past> history, std::size_t route) {
  Spent spent;
  for (const Past& past : history) {
    if (past.route != route) continue;
    ++spent.on_route;
    if (past.attempt.reason == Reason::timeout) ++spent.timeouts;
  }
  return spent;
}

// A wait that honours what the reply asked for, within our cap.
struct Wait {
  Milliseconds after{0};
  RetryAfterSeen seen = RetryAfterSeen::absent;
};

RetryAfterSeen unheeded(const Past& last) {
  return last.retry_after || last.names_retry_after ? RetryAfterSeen::ignored
                                                    : RetryAfterSeen::absent;
}

Wait obey(const RetryPolicy& retry, const Past& last, Milliseconds own) {
  const auto asked = last.retry_after;
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
  const Spent spent = spent_on(history, last.route);
  const bool timed_out_before = last.attempt.reason == Reason::timeout && spent.timeouts > 1;
  if (!response_to(last.attempt.reason, plan.retry).retry || timed_out_before ||
      spent.on_route >= plan.retry.attempts_per_route) {
    return std::nullopt;
  }
  const Milliseconds own = backoff(plan.retry, spent.on_route - 1, draw);
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

Milliseconds backoff_bound(const RetryPolicy& retry, std::uint32_t number) {
  double bound = static_cast<double>(retry.base.count());
  const double cap = static_cast<double>(retry.cap.count());
  for (std::uint32_t i = 0; i < number && bound < cap && retry.multiplier > 1; ++i) {
    bound *= retry.multiplier;
  }
  return Milliseconds{static_cast<Milliseconds::rep>(std::min(bound, cap))};
}

Milliseconds backoff(const RetryPolicy& retry, std::uint32_t number, Draw draw) {
  const double bound = static_cast<double>(backoff_bound(retry, number).count());
  return Milliseconds{static_cast<Milliseconds::rep>(bound * draw.value)};
}

Response response_to(Reason reason, const RetryPolicy& retry) {
  Response response = responses[static_cast<std::size_t>(reason)].response;
  if (reason == Reason::auth || reason == Reason::account_state) {
    response.fall_back = retry.fallback_on_auth;
  }
  return response;
}

Step next_step(const ProbePlan& plan,
               std::span<const Past> history,
               Milliseconds elapsed,
               Draw draw) {
  if (history.empty()) {
    return Send{0, Milliseconds{0}, std::min(plan.retry.attempt_timeout, plan.retry.deadline)};
  }
  const Past& last = history.back();
  const Stop stop{unheeded(last)};
  if (last.attempt.usable() || plan.mode == Mode::direct ||
      history.size() >= plan.retry.attempt_budget) {
    return stop;
  }
  if (const auto again = try_again(plan, history, elapsed, draw)) return *again;
  if (response_to(last.attempt.reason, plan.retry).fall_back) {
    if (const auto next = fall_back(plan, last, elapsed)) return *next;
  }
  return stop;
}

}  // namespace smokeledger::probes::core
