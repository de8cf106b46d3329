#include "probes/core/walk_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "probes/core/possible_steps.h"
#include "probes/core/pressure.h"
#include "probes/core/retry.h"

namespace smokeledger::probes::core {
namespace {

std::string member_of(std::size_t attempt, std::string_view member) {
  return "attempts[" + std::to_string(attempt) + "]." + std::string(member);
}

struct WaitRange {
  Milliseconds least{0};
  Milliseconds most{0};

  void take(Milliseconds wait) {
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
};
using WaitsByRoute = std::map<std::size_t, WaitRange>;

// What was done after an attempt, and what would have been allowed instead.
class StepCheck {
 public:
  StepCheck(const ProbePlan& plan, const std::vector<Past>& history, Allowance allowance)
      : plan_(plan),
        after_(history.size() - 1),
        last_(history.back()),
        steps_(plan, history, allowance),
        held_by_tokens_(allowance.retry_tokens == 0U) {}

  // REQUIRES: elapsed_least <= elapsed_most.
  std::vector<Difference> sending(const Attempt& next,
                                  Milliseconds elapsed_least,
                                  Milliseconds elapsed_most) {
    const std::size_t route = route_of(next);
    for (const Past& past : possible_pasts(plan_.retry, last_, next.planned_wait)) {
      for (const Milliseconds elapsed : {elapsed_least, elapsed_most}) {
        const Unrecorded unrecorded{past, elapsed};
        // The longest wait is the first to cross the deadline: then a fallback may come instead.
        const Step longest = steps_.at(unrecorded, PossibleSteps::largest_draw);
        for (const Step& step : {steps_.nearest(unrecorded, route, next.planned_wait), longest}) {
          const auto* send = std::get_if<Send>(&step);
          if (send == nullptr || send->route != route || send->after != next.planned_wait) continue;
          if (matches(step)) return {};
          seen_.insert(send->retry_after);
        }
        note(steps_.at(unrecorded, 0));
        note(longest);
      }
    }
    return why_not(next, route);
  }

  // Likewise.
  std::vector<Difference> stopping(Milliseconds elapsed_least, Milliseconds elapsed_most) {
    for (const Past& past : possible_pasts(plan_.retry, last_, Milliseconds{0})) {
      // The longest wait is the first to cross the deadline.
      const Step step = steps_.at({past, elapsed_most}, PossibleSteps::largest_draw);
      if (const auto* stop = std::get_if<Stop>(&step); stop != nullptr && matches(step)) {
        if ((stop->held == Held::retry_tokens) == held_by_tokens_) return {};
        tokens_mattered_ = false;
        continue;
      }
      // A run whose turn did not come before its deadline gives up in the queue.
      const bool gave_up = elapsed_most >= plan_.retry.deadline && !held_by_tokens_;
      if (gave_up && matches(steps_.at({past, elapsed_least}, 0))) return {};
      note(step);
    }
    if (!tokens_mattered_) {
      return {{"pressure",
               std::string(pressure::tokens_short) + last_.attempt.provider,
               "nothing of the tokens: no further request was due"}};
    }
    if (!ended_.empty()) return {retry_after_difference(ended_)};
    return {{"attempts",
             std::to_string(after_ + 1),
             "more: the policy goes on with route " + routes(waits_)}};
  }

 private:
  static RetryAfterSeen seen(const Step& step) {
    return std::visit([](const auto& of) { return of.retry_after; }, step);
  }
  bool matches(const Step& step) const { return seen(step) == last_.attempt.retry_after; }
  std::size_t route_of(const Attempt& attempt) const {
    const auto found = std::find_if(plan_.routes.begin(), plan_.routes.end(), [&](const auto& of) {
      return of->name == attempt.route;
    });
    return static_cast<std::size_t>(found - plan_.routes.begin());
  }

  void note(const Step& step) {
    const auto* send = std::get_if<Send>(&step);
    if (send == nullptr) {
      ended_.insert(seen(step));
      return;
    }
    const WaitRange only{send->after, send->after};
    waits_.try_emplace(send->route, only).first->second.take(send->after);
    if (matches(step)) told_.try_emplace(send->route, only).first->second.take(send->after);
  }

  // What only another word for Retry-After would explain: which of the two is wrong, nobody can
  // tell.
  std::vector<Difference> why_not(const Attempt& next, std::size_t route) const {
    std::vector<Difference> differences;
    if (!seen_.empty()) {
      differences.push_back(retry_after_difference(seen_));
      if (told_.empty()) return differences;  // the word alone is wrong
    }
    const WaitsByRoute& waits = told_.empty() ? waits_ : told_;
    if (const auto range = waits.find(route); range != waits.end()) {
      differences.push_back({member_of(after_ + 1, "planned_wait_ms"),
                             std::to_string(next.planned_wait.count()),
                             std::to_string(range->second.least.count()) + " to " +
                                 std::to_string(range->second.most.count())});
    } else {
      differences.push_back({member_of(after_ + 1, "route"),
                             next.route,
                             waits.empty() ? "no further attempt" : routes(waits)});
    }
    return differences;
  }
  Difference retry_after_difference(const std::set<RetryAfterSeen>& instead) const {
    std::string words;
    for (const RetryAfterSeen of : instead) {
      words.append(words.empty() ? "" : " or ").append(word(of));
    }
    return {member_of(after_, "retry_after"), std::string(word(last_.attempt.retry_after)), words};
  }
  std::string routes(const WaitsByRoute& waits) const {
    std::string names;
    for (const auto& [route, range] : waits) {
      names.append(names.empty() ? "" : " or ").append(plan_.routes[route]->name);
    }
    return names;
  }

  const ProbePlan& plan_;
  std::size_t after_;  // index of the last attempt
  Past last_;
  PossibleSteps steps_;
  // What the policy allows, as far as it was tried.
  WaitsByRoute waits_;
  WaitsByRoute told_;               // of steps that say of Retry-After what is recorded
  std::set<RetryAfterSeen> seen_;   // of steps that send as recorded and say something else
  std::set<RetryAfterSeen> ended_;  // of steps that stop
  bool held_by_tokens_;             // so it is recorded
  bool tokens_mattered_ = true;
};

std::optional<Difference> first_attempt_difference(const ProbePlan& plan, const Attempt& first) {
  const Send begin = std::get<Send>(next_step(plan, {}, Milliseconds{0}, Draw{0}));
  const std::string& primary = plan.routes[begin.route]->name;
  if (first.route != primary) return Difference{member_of(0, "route"), first.route, primary};
  if (first.planned_wait == begin.after) return std::nullopt;
  return Difference{member_of(0, "planned_wait_ms"),
                    std::to_string(first.planned_wait.count()),
                    std::to_string(begin.after.count())};
}

Past past_of(const ProbePlan& plan, const Attempt& attempt) {
  Past past;
  past.attempt = attempt;
  while (past.route + 1 < plan.routes.size() && plan.routes[past.route]->name != attempt.route) {
    ++past.route;
  }
  return past;
}

}  // namespace

std::vector<Difference> walk_differences(const ProbePlan& plan, const RecordedWalk& walk) {
  if (walk.attempts.empty()) return {};
  if (auto first = first_attempt_difference(plan, walk.attempts.front())) return {*first};
  Allowance allowance{.retry_tokens = {},
                      .under_pressure = says(walk.pressure, pressure::without_recovery)};
  std::vector<Past> history;
  for (std::size_t i = 0; i + 1 < walk.attempts.size(); ++i) {
    history.push_back(past_of(plan, walk.attempts[i]));
    const Attempt& next = walk.attempts[i + 1];
    const Milliseconds least = walk.sent[i];
    auto differences =
        StepCheck(plan, history, allowance)
            .sending(next, least, std::max(least, walk.sent[i + 1] - next.planned_wait));
    if (!differences.empty()) return differences;
  }
  if (!walk.ended_itself) return {};
  if (says(walk.pressure, pressure::tokens_short)) {
    const std::string fact = std::string(pressure::tokens_short) + walk.attempts.back().provider;
    if (!says(walk.pressure, fact)) {
      return {{"pressure", std::string(pressure::tokens_short) + "...", fact}};
    }
    allowance.retry_tokens = 0;
  }
  history.push_back(past_of(plan, walk.attempts.back()));
  const Milliseconds least = walk.sent.back();
  return StepCheck(plan, history, allowance)
      .stopping(least, std::max(least, walk.ended.value_or(plan.retry.deadline)));
}

}  // namespace smokeledger::probes::core
