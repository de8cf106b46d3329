#include "daemon/config/policies.h"

#include <algorithm>

#include "daemon/config/secrets.h"
#include "daemon/config/words.h"
#include "daemon/config/worst_line.h"
#include "probes/core/forecast.h"

namespace smokeledger::daemon::config {
namespace {

namespace core = probes::core;
using core::format_duration;

constexpr core::Milliseconds least_minimum_interval = std::chrono::minutes(10);

std::string choices_after(core::Reason reason) {
  std::string text;
  for (const auto action : core::every<core::AfterFailure>()) {
    if (!core::may_choose(reason, action)) continue;
    text.append(text.empty() ? "\"" : " or \"").append(word(action)).append("\"");
  }
  return text;
}

std::vector<core::QuietWindow> read_quiet(Errors& errors,
                                          const Section& in,
                                          const Named<core::QuietWindow>& windows) {
  std::vector<core::QuietWindow> quiet;
  for (const Node& item : in.get("quiet")->items) {
    const auto found = windows.find(item.text);
    if (found == windows.end()) {
      errors.add(item.at,
                 shown(item.text) + " is not a window of this file",
                 "write the NAME of a [windows.NAME] table");
    } else if (found->second) {
      quiet.push_back(*found->second);
    }
  }
  return quiet;
}

// `on = { throttled = "fall_back" }`: what differs from the documented table.
void read_class_table(Errors& errors, const Section& in, core::ClassTable& table) {
  const Node* on = in.get("on");
  if (on == nullptr) return;
  for (const auto& [name, value] : on->members) {
    const std::string path = join_path(join_path(in.path(), "on"), name);
    const auto reason = core::from_word<core::Reason>(name);
    const auto action = core::from_word<core::AfterFailure>(value.text);
    if (!reason || *reason == core::Reason::none) {
      errors.add(value.key_at, path + " is not a reason", "write a reason that `plan` lists");
    } else if (!action) {
      errors.add(value.at,
                 path + " is " + shown(value.text) + ", not a known word",
                 "write one of: " + words_of<core::AfterFailure>());
    } else if (!core::may_choose(*reason, *action)) {
      errors.add(value.at,
                 path + " is " + shown(value.text) + ", which is never done after " + name,
                 "write " + choices_after(*reason));
    } else {
      table[static_cast<std::size_t>(*reason)] = *action;
    }
  }
}

}  // namespace

core::Schedule read_schedule(Errors& errors,
                             const Section& in,
                             const Named<core::QuietWindow>& windows,
                             core::Schedule defaults) {
  core::Schedule schedule;
  schedule.interval = in.duration("interval", defaults.interval);
  schedule.jitter = in.number("jitter", defaults.jitter);
  schedule.minimum_interval = in.duration("minimum_interval", defaults.minimum_interval);
  schedule.backoff_cap = in.duration("backoff_cap", defaults.backoff_cap);
  schedule.confirm_after = in.duration("confirm_after", defaults.confirm_after);
  schedule.calls_per_day = in.integer("calls_per_day", defaults.calls_per_day);
  schedule.output_tokens_per_day =
      in.integer("output_tokens_per_day", defaults.output_tokens_per_day);
  schedule.quiet = in.get("quiet") == nullptr ? defaults.quiet : read_quiet(errors, in, windows);
  return schedule;
}

core::RetryPolicy read_retry(Errors& errors, const Section& in, core::RetryPolicy defaults) {
  core::RetryPolicy retry;
  retry.attempts_per_route = in.integer("attempts_per_route", defaults.attempts_per_route);
  retry.attempt_budget = in.integer("attempt_budget", defaults.attempt_budget);
  retry.jitter = read_word(in, "jitter", defaults.jitter);
  retry.base = in.duration("base", defaults.base);
  retry.multiplier = in.number("multiplier", defaults.multiplier);
  retry.cap = in.duration("cap", defaults.cap);
  retry.retry_after_cap = in.duration("retry_after_cap", defaults.retry_after_cap);
  retry.attempt_timeout = in.duration("attempt_timeout", defaults.attempt_timeout);
  retry.deadline = in.duration("deadline", defaults.deadline);
  retry.after = defaults.after;
  read_class_table(errors, in, retry.after);
  retry.pressure_after = in.integer("pressure_after", defaults.pressure_after);
  return retry;
}

Position Origin::of(std::string_view key) const {
  if (own_.given(key)) return own_.at(key);
  if (defaults_.given(key)) return defaults_.at(key);
  return probe_;
}

bool Origin::meant(std::string_view key, std::string_view beside) const {
  if (own_.get(key) != nullptr) return true;
  return defaults_.get(key) != nullptr && !own_.given(beside);
}

void check_schedule(Errors& errors, const core::ProbePlan& plan, const Origin& origin) {
  const core::Schedule& schedule = plan.schedule;
  const bool loopback = std::all_of(plan.routes.begin(), plan.routes.end(), [](const auto& route) {
    return route->provider->loopback;
  });
  if (schedule.minimum_interval < least_minimum_interval && !loopback) {
    errors.add(origin.of("minimum_interval"),
               "minimum_interval " + format_duration(schedule.minimum_interval) +
                   " is below 10m for a probe that calls a host that is not loopback",
               "write minimum_interval = \"10m\" or more");
  }
  if (schedule.interval < schedule.minimum_interval) {
    errors.add(origin.of("interval"),
               "interval " + format_duration(schedule.interval) + " is below minimum_interval " +
                   format_duration(schedule.minimum_interval),
               "write an interval of at least " + format_duration(schedule.minimum_interval));
  }
  const std::string interval = format_duration(schedule.interval);
  if (schedule.backoff_cap < schedule.interval && origin.meant("backoff_cap", "interval")) {
    errors.add(
        origin.of("backoff_cap"),
        "backoff_cap " + format_duration(schedule.backoff_cap) + " is below interval " + interval,
        "write a backoff_cap of at least " + interval + ", which is no backoff");
  }
  if (schedule.confirm_after > core::Milliseconds{0} &&
      schedule.confirm_after >= schedule.interval && origin.meant("confirm_after", "interval")) {
    errors.add(origin.of("confirm_after"),
               "confirm_after " + format_duration(schedule.confirm_after) +
                   " is not shorter than interval " + interval,
               "write a shorter confirm_after, or \"0s\" for no earlier run");
  }
}

void check_retry(Errors& errors,
                 const core::ProbePlan& plan,
                 const Origin& retry_origin,
                 const Origin& schedule_origin) {
  const core::RetryPolicy& retry = plan.retry;
  if (retry.base > retry.cap) {
    errors.add(
        retry_origin.of("base"),
        "base " + format_duration(retry.base) + " is above cap " + format_duration(retry.cap),
        "write a base of at most cap");
  }
  if (retry.attempt_timeout > retry.deadline) {
    errors.add(retry_origin.of("attempt_timeout"),
               "attempt_timeout " + format_duration(retry.attempt_timeout) + " is above deadline " +
                   format_duration(retry.deadline),
               "write an attempt_timeout of at most deadline");
  }
  if (retry.deadline >= plan.schedule.interval) {
    errors.add(retry_origin.of("deadline"),
               "deadline " + format_duration(retry.deadline) + " is not shorter than interval " +
                   format_duration(plan.schedule.interval),
               "write a shorter deadline or a longer interval");
  }
  const std::uint64_t run_tokens = core::output_tokens_at_most(plan);
  const std::uint32_t token_cap = plan.schedule.output_tokens_per_day;
  if (token_cap != 0 && token_cap < run_tokens) {
    errors.add(schedule_origin.of("output_tokens_per_day"),
               "output_tokens_per_day " + std::to_string(token_cap) + " is below the " +
                   std::to_string(run_tokens) +
                   " output tokens that one run may ask for, so none would ever be sent",
               "write at least " + std::to_string(run_tokens) + ", or 0 for no cap");
  }
  // In gateway mode the budget counts what the gateway sends; the calls are ours.
  if (core::sends_as(plan) != core::Mode::gateway &&
      plan.schedule.calls_per_day < retry.attempt_budget) {
    errors.add(schedule_origin.of("calls_per_day"),
               "calls_per_day " + std::to_string(plan.schedule.calls_per_day) +
                   " is below attempt_budget " + std::to_string(retry.attempt_budget),
               "write calls_per_day of at least attempt_budget, or a smaller attempt_budget");
  }
}

}  // namespace smokeledger::daemon::config
