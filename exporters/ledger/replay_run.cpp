#include "exporters/ledger/replay_run.h"

#include <algorithm>
#include <utility>

#include "exporters/ledger/encode.h"
#include "exporters/ledger/member_difference.h"
#include "probes/core/recompute.h"
#include "probes/core/walk_check.h"

namespace smokeledger::exporters::ledger {
namespace {

using core::Attempt;
using core::AttemptLine;
using core::Milliseconds;
using core::Outcome;

// The attempt with what its line says of it: nothing of the reply.
Attempt as_sent(Attempt attempt, const AttemptLine& line) {
  attempt.route = line.route;
  attempt.family = line.family;
  attempt.provider = line.provider;
  attempt.contract_version = line.contract_version;
  attempt.request_id = line.request_id;
  attempt.sent_at = line.stamp.wall;
  attempt.planned_wait = line.planned_wait;
  return attempt;
}

std::string json_of(const Attempt& attempt) {
  core::JsonWriter json;
  write_attempt(json, attempt);
  return json.take();
}

// Without the attempts, which are compared by themselves.
std::string json_of(Outcome outcome) {
  outcome.attempts.clear();
  core::JsonWriter json;
  json.begin_object();
  write_outcome_fields(json, outcome);
  return json.end_object().take();
}

std::string at(std::size_t attempt) {
  return "attempts[" + std::to_string(attempt) + "].";
}

// What the lines, each beside the next one, say of the attempts.
void check_attempts(Findings& findings, const RecordedRun& run, const Outcome& outcome) {
  const std::size_t both = std::min(run.lines.size(), outcome.attempts.size());
  for (std::size_t i = 0; i < both; ++i) {
    const Attempt& attempt = outcome.attempts[i];
    const std::string recorded = json_of(attempt);
    findings.add(member_differences(recorded, json_of(as_sent(attempt, run.lines[i].line))), at(i));
    if (i + 1 == run.lines.size()) continue;
    const auto& judged = run.lines[i + 1].line.previous;
    if (judged) findings.add(member_differences(recorded, json_of(*judged)), at(i));
  }
  if (outcome.attempts.size() != run.lines.size()) {
    findings.add({"attempts",
                  std::to_string(outcome.attempts.size()),
                  std::to_string(run.lines.size()) + ", as there are attempt lines"});
  }
  if (!run.lines.empty()) compare_shared(findings, outcome, run.lines.front().line);
}

std::shared_ptr<const core::Route> route_of(const core::ProbePlan& policy,
                                            const std::string& name) {
  const auto found = std::find_if(
      policy.routes.begin(), policy.routes.end(), [&](const auto& of) { return of->name == name; });
  return found == policy.routes.end() ? nullptr : *found;
}

// What an attempt line says, beside the policy.
void check_line(Findings& findings,
                const AttemptLine& line,
                const AttemptLine& first,
                const core::ProbePlan& policy,
                const Outcome& outcome) {
  const Milliseconds passed = line.stamp.boot - first.stamp.boot;
  if (passed >= policy.retry.deadline) {
    findings.add({"boot_ms",
                  std::to_string(line.stamp.boot.time_since_epoch().count()),
                  "before the run's deadline was over"});
  }
  const auto route = std::find_if(policy.routes.begin(), policy.routes.end(), [&](const auto& of) {
    return of->name == line.route;
  });
  if (route == policy.routes.end()) return;  // the walk is not allowed, and says so
  const core::Contract& contract = *(*route)->contract;
  const core::Provider& provider = *(*route)->provider;
  findings.compare(
      "endpoint_family", std::string(word(line.family)), std::string(word(contract.family)));
  findings.compare("provider", line.provider, provider.name);
  findings.compare("auth_scheme", line.auth_scheme, std::string(word(provider.auth)));
  if (!core::contract_changed(outcome, contract.family)) {
    findings.compare("request_contract_version", line.contract_version, contract.version);
  }
}

// What only a gateway can have told, and only one that tells it.
void check_gateway(Findings& findings, const core::ProbePlan& policy, const Outcome& outcome) {
  for (std::size_t i = 0; i < outcome.attempts.size(); ++i) {
    const Attempt& attempt = outcome.attempts[i];
    const auto route = route_of(policy, attempt.route);
    if (route == nullptr || !attempt.http_status) continue;
    const core::Gateway gateway = route->provider->gateway;
    const auto count = [&](std::string_view member, core::Evidence fact, const auto& counted) {
      if (!counted || core::can_tell(gateway, fact)) return;
      findings.add({at(i) + std::string(member), std::to_string(*counted), "unknown"});
    };
    count("gateway_retries", core::Evidence::retries, attempt.gateway_retries);
    count("gateway_fallbacks", core::Evidence::fallbacks, attempt.gateway_fallbacks);
  }
}

// The latest that a run can have ended, from its first request on, by the wall clock of its last
// two lines: whole seconds, so one more. A wall clock that went back says nothing.
std::optional<Milliseconds> ended(const RecordedRun& run,
                                  core::WallTime recorded_at,
                                  Milliseconds last_sent) {
  const core::WallTime sent_at = run.lines.back().line.stamp.wall;
  if (recorded_at < sent_at) return std::nullopt;
  return last_sent + (recorded_at - sent_at) + std::chrono::seconds{1};
}

void check_walk(Findings& findings,
                const RecordedRun& run,
                const CitedOutcome& cited,
                const core::ProbePlan& policy) {
  const Outcome& outcome = cited.outcome;
  if (outcome.attempts.empty() || outcome.attempts.size() != run.lines.size()) return;
  std::vector<Milliseconds> sent;
  for (const auto& [id, line] : run.lines) {
    sent.push_back(line.stamp.boot - run.lines.front().line.stamp.boot);
  }
  findings.add(
      core::walk_differences(policy,
                             {.attempts = outcome.attempts,
                              .sent = sent,
                              .ended_itself = core::end_of(outcome) == core::RunEnd::finished,
                              .ended = ended(run, cited.recorded_at, sent.back()),
                              .pressure = outcome.pressure}));
}

// As the fold of the ledger's state has it.
core::OpenRun open_run_of(const RecordedRun& run) {
  core::OpenRun open;
  for (const auto& [id, line] : run.lines) {
    if (line.previous) open.judged.push_back(*line.previous);
    open.last = line;
  }
  open.last.previous.reset();
  return open;
}

Outcome made_anew(const RecordedRun& run, const Outcome& recorded, const core::ProbePlan* policy) {
  if (core::end_of(recorded) != core::RunEnd::crashed || run.lines.empty()) {
    return core::recompute(*policy, recorded, run.retries_without_recovery);
  }
  const bool loaded = !core::closed_without_policy(recorded);
  return core::recompute_crashed(open_run_of(run), loaded ? policy : nullptr, recorded);
}

}  // namespace

std::vector<ReplayFinding> judge_run(const RecordedRun& run,
                                     CitedOutcome cited,
                                     const core::ProbePlan* policy) {
  std::vector<ReplayFinding> all = run.findings;
  Findings findings(cited.ledger_id);
  for (std::size_t i = 0; i < cited.outcome.attempts.size(); ++i) {
    keep_sane(findings, at(i) + "planned_wait_ms", cited.outcome.attempts[i].planned_wait);
  }
  check_attempts(findings, run, cited.outcome);
  findings.add(core::class_differences(cited.outcome));
  if (policy != nullptr) {
    check_walk(findings, run, cited, *policy);
    check_gateway(findings, *policy, cited.outcome);
    for (const auto& [id, line] : run.lines) {
      Findings of_line(id);
      check_line(of_line, line, run.lines.front().line, *policy, cited.outcome);
      of_line.move_to(all);
    }
  }
  const Outcome anew = made_anew(run, cited.outcome, policy);
  for (std::size_t i = 0; i < std::min(anew.attempts.size(), cited.outcome.attempts.size()); ++i) {
    findings.add(member_differences(json_of(cited.outcome.attempts[i]), json_of(anew.attempts[i])),
                 at(i));
  }
  findings.add(member_differences(json_of(cited.outcome), json_of(anew)));
  findings.move_to(all);
  return all;
}

}  // namespace smokeledger::exporters::ledger
