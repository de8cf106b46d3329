// Attempt and outcome lines of the probe of walk_plan(), for tests of folds over lines.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/decision.h"
#include "probes/core/line.h"
#include "tests/support/plans.h"

namespace smokeledger::tests {

inline const core::WallTime morning = *core::parse_utc("2026-11-21T08:00:00Z");

inline std::string check_id(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return "chat-walk-20261121-" + std::string(3 - std::min<std::size_t>(digits.size(), 3), '0') +
         digits;
}

inline core::AttemptLine attempt_line(std::uint32_t run,
                                      std::uint32_t number,
                                      std::size_t route = 0) {
  const core::ProbePlan plan = walk_plan();
  const core::Route& on = *plan.routes[route];
  core::AttemptLine line;
  line.check_id = check_id(run);
  line.probe = plan.name;
  line.mode = plan.mode;
  line.policy_sha256 = plan.policy_sha256;
  line.config_sha256 = plan.config_sha256;
  line.environment = plan.environment;
  line.number = number;
  line.route = on.name;
  line.family = on.contract->family;
  line.provider = on.provider->name;
  line.contract_version = on.contract->version;
  line.request_id = line.check_id + ".abc." + std::to_string(number);
  line.stamp = {morning, "b0070001", core::Instant{core::Milliseconds{run * 1000 + number}}};
  return line;
}

inline core::OutcomeLine outcome_line(std::uint32_t run,
                                      std::vector<core::Attempt> attempts,
                                      core::Trigger trigger = core::Trigger::schedule,
                                      core::RunEnd end = core::RunEnd::finished) {
  const core::ProbePlan plan = walk_plan();
  const core::Gap gap = end == core::RunEnd::paused ? core::Gap::credential : core::Gap::none;
  const core::RunFacts facts{check_id(run), trigger, "0.1.0", end, gap};
  return {core::decide(plan, core::summarise(plan, facts, std::move(attempts)), end, gap)};
}

inline core::OutcomeLine kept(std::uint32_t run, core::Trigger trigger = core::Trigger::schedule) {
  return outcome_line(run, {attempt(0, core::Reason::none)}, trigger);
}
inline core::OutcomeLine failed(std::uint32_t run,
                                core::Trigger trigger = core::Trigger::schedule) {
  return outcome_line(run, {attempt(0, core::Reason::bad_request)}, trigger);
}
inline core::OutcomeLine paused(std::uint32_t run,
                                core::Trigger trigger = core::Trigger::schedule) {
  return outcome_line(run, {}, trigger, core::RunEnd::paused);
}

}  // namespace smokeledger::tests
