#include "probes/core/possible_steps.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

bool sends_before(const Step& step, std::size_t route, Milliseconds wait) {
  const auto* send = std::get_if<Send>(&step);
  return send != nullptr && send->route == route && send->after < wait;
}

}  // namespace

std::vector<Past> possible_pasts(const RetryPolicy& retry, const Past& last, Milliseconds wait) {
  std::vector<Past> all{last};
  const auto status = last.attempt.http_status;
  // Without a reply nothing was asked, and a 2xx wishes nothing.
  if (!status || status_class_of(*status) == StatusClass::s2xx) return all;
  std::vector<RetryWish> wishes{{}, {.wait = {}, .names_a_wait = true}};
  for (const Milliseconds asked : {Milliseconds{0},
                                   std::min(wait, retry.retry_after_cap),
                                   retry.retry_after_cap,
                                   retry.retry_after_cap + Milliseconds{1}}) {
    wishes.push_back({.wait = asked, .names_a_wait = true});
  }
  for (RetryWish wish : wishes) {
    for (const bool forbids : {false, true}) {
      wish.forbids = forbids;
      all.push_back(last);
      all.back().wish = wish;
    }
  }
  return all;
}

Step PossibleSteps::at(const Unrecorded& unrecorded, double draw) {
  history_.back() = unrecorded.last;
  return next_step(plan_, history_, unrecorded.elapsed, Draw{draw}, allowance_);
}

Step PossibleSteps::nearest(const Unrecorded& unrecorded, std::size_t route, Milliseconds wait) {
  const Step shortest = at(unrecorded, 0);
  if (!sends_before(shortest, route, wait)) return shortest;
  Step found = at(unrecorded, largest_draw);
  if (sends_before(found, route, wait)) return found;
  double low = 0;
  double high = largest_draw;
  for (int halvings = 0; halvings < 64; ++halvings) {
    const double middle = (low + high) / 2;
    const Step step = at(unrecorded, middle);
    if (sends_before(step, route, wait)) {
      low = middle;
    } else {
      high = middle;
      found = step;
    }
  }
  return found;
}

}  // namespace smokeledger::probes::core
