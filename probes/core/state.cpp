#include "probes/core/state.h"

#include <algorithm>
#include <charconv>

#include "probes/core/decision.h"

namespace smokeledger::probes::core {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

template <class... Labels>
Increment one(Counter counter, Labels&&... labels) {
  return {{counter, {std::string(labels)...}}, 1};
}

void count_attempts(const Outcome& outcome, std::vector<Increment>& out) {
  const std::string layer{word(outcome.observed_layer)};
  for (std::size_t i = 0; i < outcome.attempts.size(); ++i) {
    const Attempt& attempt = outcome.attempts[i];
    const auto family = word(attempt.family);
    out.push_back(
        one(Counter::parser_results, family, attempt.provider, word(attempt.parser_result)));
    if (i > 0 && outcome.attempts[i - 1].route == attempt.route) {
      const Reason reason = outcome.attempts[i - 1].reason;
      out.push_back(one(Counter::retries, family, attempt.provider, word(reason), layer));
    }
    if (attempt.gateway_retries.value_or(0) > 0) {
      Increment increment =
          one(Counter::retries, family, attempt.provider, gateways_reason, word(Layer::gateway));
      increment.by = *attempt.gateway_retries;
      out.push_back(increment);
    }
    if (!attempt.tokens) continue;
    for (const auto& [direction, count] :
         {std::pair{"input", attempt.tokens->input}, std::pair{"output", attempt.tokens->output}}) {
      if (count == 0) continue;
      Increment increment = one(Counter::tokens_reported, attempt.provider, direction);
      increment.by = count;
      out.push_back(increment);
    }
  }
}

std::vector<Increment> outcome_increments(const Outcome& outcome) {
  std::vector<Increment> out;
  out.push_back(one(Counter::outcomes,
                    word(outcome.family),
                    outcome.provider,
                    word(outcome.mode),
                    word(outcome.status_class)));
  out.push_back(one(Counter::decisions, outcome.probe, word(outcome.decision)));
  if (outcome.decision == Decision::paused) out.push_back(one(Counter::paused, word(outcome.gap)));
  if (outcome.fallback_taken == Tristate::yes) {
    out.push_back(one(Counter::fallback_taken,
                      word(outcome.family),
                      outcome.provider,
                      word(outcome.fallback_layer.value_or(outcome.observed_layer))));
  }
  count_attempts(outcome, out);
  if (const Attempt* silent = without_evidence(outcome)) {
    out.push_back(one(Counter::evidence_missing, word(silent->family), silent->provider));
  }
  if (outcome.mode == Mode::drill && outcome.check_result == CheckResult::fail) {
    out.push_back(one(Counter::drill_deviations, outcome.probe));
  }
  return out;
}

ProbeState& probe_of(State& state, const std::string& name) {
  ProbeState& probe = state.probes[name];
  probe.probe = name;
  return probe;
}

// A check id ends in day and number of the day, chat-walk-20261121-001. A wall clock that went back
// begins no day anew: the ids of that day are taken.
void note_check_id(ProbeState& probe, std::string_view check_id) {
  constexpr std::size_t day_size = 8;
  const std::size_t dash = check_id.find_last_of('-');
  if (dash == std::string_view::npos || dash < day_size) return;
  const auto day = check_id.substr(dash - day_size, day_size);
  const auto digits = check_id.substr(dash + 1);
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (probe.day < day) {
    probe.day = day;
    probe.runs_today = 0;
  }
  if (probe.day == day) probe.runs_today = std::max(probe.runs_today, number);
}

void add_increments(ProbeState& probe, const Line& line) {
  for (auto& increment : increments(line)) probe.tally[increment.key] += increment.by;
}

// What a reply reports replaces what was reserved; a refusal made no tokens; of anything else the
// most that was asked for stays counted.
std::uint64_t tokens_of(const Attempt& attempt, std::uint64_t reserved) {
  if (attempt.tokens) return attempt.tokens->output;
  const bool refused =
      attempt.http_status && status_class_of(*attempt.http_status) != StatusClass::s2xx;
  return refused || failed_before_connecting(attempt) ? 0 : reserved;
}

void count_tokens(ProbeState& probe, const Outcome& outcome) {
  const auto& reserved = probe.open_run->tokens_reserved;
  for (std::size_t i = 0; i < std::min(reserved.size(), outcome.attempts.size()); ++i) {
    if (!reserved[i]) continue;  // of a day that is over
    probe.output_tokens_today -= std::min(probe.output_tokens_today, *reserved[i]);
    probe.output_tokens_today += tokens_of(outcome.attempts[i], *reserved[i]);
  }
}

// Runs that recover, or need no retry, end a row of those that retried in vain.
std::uint32_t without_recovery(const ProbeState& probe, const Outcome& outcome) {
  const bool primary_usable =
      outcome.decision == Decision::keep_primary || outcome.decision == Decision::retry_primary;
  if (primary_usable) return 0;
  return probe.retries_without_recovery + (outcome.retry_count > 0 ? 1 : 0);
}

void fold_attempt(State& state, const AttemptLine& line, WallTime recorded_at) {
  ProbeState& probe = probe_of(state, line.probe);
  const bool same_day =
      probe.last_attempt && utc_day(probe.last_attempt->wall) == utc_day(recorded_at);
  probe.calls_today = same_day ? probe.calls_today + 1 : 1;
  probe.output_tokens_today =
      (same_day ? probe.output_tokens_today : 0) + line.output_tokens_at_most;
  probe.last_attempt = line.stamp;
  note_check_id(probe, line.check_id);
  if (!probe.open_run || probe.open_run->last.check_id != line.check_id) probe.open_run.emplace();
  auto& reserved = probe.open_run->tokens_reserved;
  if (!same_day) std::fill(reserved.begin(), reserved.end(), std::nullopt);
  reserved.emplace_back(line.output_tokens_at_most);
  if (line.previous) probe.open_run->judged.push_back(*line.previous);
  probe.open_run->last = line;
  probe.open_run->last.previous.reset();
  fold(state.providers, line);
  add_increments(probe, line);
}

void fold_outcome(State& state, const OutcomeLine& line, WallTime recorded_at) {
  const Outcome& outcome = line.outcome;
  ProbeState& probe = probe_of(state, outcome.probe);
  probe.last_outcome_at = recorded_at;
  note_check_id(probe, outcome.check_id);
  if (probe.open_run && probe.open_run->last.check_id == outcome.check_id) {
    count_tokens(probe, outcome);
    probe.open_run.reset();
  }
  if (outcome.decision != Decision::paused) {
    // Pauses say nothing about the route: they neither confirm nor change its last decision.
    const bool changed = probe.last_decision && *probe.last_decision != outcome.decision;
    probe.confirm_wanted = changed && outcome.trigger != Trigger::confirm;
    probe.failures_in_a_row = backs_off(outcome) ? probe.failures_in_a_row + 1 : 0;
    probe.retries_without_recovery = without_recovery(probe, outcome);
    probe.last_decision = outcome.decision;
  } else if (outcome.trigger == Trigger::confirm) {
    probe.confirm_wanted = false;
  }
  fold(state.providers, line, recorded_at);
  add_increments(probe, line);
}

// A reboot after a step forward would take the time of the step for time that passed. Whole-second
// stamps tell a step to within a second, so one more is added. A step back needs nothing: attempts
// from the future make a restart wait.
void fold_clock_step(State& state, const ClockStepLine& line) {
  if (line.step_ms <= 0) return;
  const auto step = std::chrono::ceil<std::chrono::seconds>(Milliseconds{line.step_ms});
  for (auto& [name, probe] : state.probes) {
    if (probe.last_attempt) probe.last_attempt->wall += step + std::chrono::seconds{1};
  }
}

// A line that repeats an older review at the start of a segment changes nothing.
void fold_contract_review(State& state, const ContractReview& review) {
  const auto known = state.contract_reviews.find(review.family);
  if (known == state.contract_reviews.end()) {
    state.contract_reviews.emplace(review.family, review);
  } else if (known->second.reviewed_at <= review.reviewed_at) {
    known->second = review;
  }
}

}  // namespace

std::string_view kind_of(const Line& line) {
  return std::visit(
      Overloaded{[](const OpenLine&) -> std::string_view { return "open"; },
                 [](const AttemptLine&) -> std::string_view { return "attempt"; },
                 [](const OutcomeLine&) -> std::string_view { return "outcome"; },
                 [](const PolicyLine&) -> std::string_view { return "policy"; },
                 [](const CarryLine&) -> std::string_view { return "carry"; },
                 [](const CarryProviderLine&) -> std::string_view { return "carry_provider"; },
                 [](const SealLine&) -> std::string_view { return "seal"; },
                 [](const ConfigLine&) -> std::string_view { return "config"; },
                 [](const RecoveredLine&) -> std::string_view { return "recovered"; },
                 [](const ClockStepLine&) -> std::string_view { return "clock_step"; },
                 [](const ContractReviewLine&) -> std::string_view { return "contract_review"; },
                 [](const ReviewLine&) -> std::string_view { return "review"; },
                 [](const DecisionLine&) -> std::string_view { return "decision"; },
                 [](const CarryReviewsLine&) -> std::string_view { return "carry_reviews"; },
                 [](const PacketLine&) -> std::string_view { return "packet"; },
                 [](const CarryPacketLine&) -> std::string_view { return "carry_packet"; },
                 [](const CarryPacketsLine&) -> std::string_view { return "carry_packets"; },
                 [](const RetiredLine&) -> std::string_view { return "retired"; },
                 [](const CheckpointLine&) -> std::string_view { return "checkpoint"; },
                 [](const OtherLine& other) -> std::string_view { return other.kind; }},
      line);
}

std::vector<Increment> increments(const Line& line) {
  if (const auto* attempt = std::get_if<AttemptLine>(&line)) {
    return {one(Counter::attempts, word(attempt->family), attempt->provider)};
  }
  if (const auto* outcome = std::get_if<OutcomeLine>(&line)) {
    return outcome_increments(outcome->outcome);
  }
  return {};
}

void fold(State& state, const Line& line, WallTime recorded_at) {
  if (const auto* attempt = std::get_if<AttemptLine>(&line)) {
    fold_attempt(state, *attempt, recorded_at);
  } else if (const auto* outcome = std::get_if<OutcomeLine>(&line)) {
    fold_outcome(state, *outcome, recorded_at);
  } else if (const auto* carry = std::get_if<CarryLine>(&line)) {
    state.probes[carry->state.probe] = carry->state;
  } else if (const auto* provider = std::get_if<CarryProviderLine>(&line)) {
    fold(state.providers, *provider);
  } else if (const auto* config = std::get_if<ConfigLine>(&line)) {
    state.config_sha256 = config->config_sha256;
  } else if (const auto* step = std::get_if<ClockStepLine>(&line)) {
    fold_clock_step(state, *step);
  } else if (const auto* reviewed = std::get_if<ContractReviewLine>(&line)) {
    fold_contract_review(state, reviewed->review);
  } else if (const auto* retired = std::get_if<RetiredLine>(&line)) {
    state.retired = *retired;
  }
}

Tally total(const State& state) {
  Tally sum;
  for (const auto& [name, probe] : state.probes) {
    for (const auto& [key, count] : probe.tally) sum[key] += count;
  }
  return sum;
}

std::vector<Line> carry_lines(const State& state) {
  std::vector<Line> lines;
  for (const auto& [name, probe] : state.probes) lines.emplace_back(CarryLine{probe});
  for (auto& provider : carry_lines(state.providers)) lines.emplace_back(std::move(provider));
  for (const auto& [family, review] : state.contract_reviews) {
    lines.emplace_back(ContractReviewLine{review});
  }
  if (!state.config_sha256.empty()) lines.emplace_back(ConfigLine{state.config_sha256, {}, 0});
  if (state.retired) lines.emplace_back(*state.retired);
  return lines;
}

Progress progress_of(const ProbeState& state, const Stamp& now) {
  Progress progress;
  if (state.last_attempt) progress.last_attempt = restore(*state.last_attempt, now);
  progress.last_slot = progress.last_attempt;
  if (state.last_outcome_at) {
    // A paused run sent nothing, but its slot was used.
    const Instant recorded = restore({*state.last_outcome_at, {}, {}}, now);
    progress.last_slot = std::max(progress.last_slot.value_or(recorded), recorded);
  }
  progress.failures_in_a_row = state.failures_in_a_row;
  progress.confirm_wanted = state.confirm_wanted;
  return progress;
}

Outcome close_crashed(const ProbeState& state, const ProbePlan* plan, std::string_view build) {
  const OpenRun& run = *state.open_run;
  const AttemptLine& last = run.last;
  const bool same_policy = plan != nullptr && plan->policy_sha256 == last.policy_sha256;
  ProbePlan then = same_policy ? *plan : ProbePlan{};
  then.name = last.probe;
  then.mode = last.mode;
  then.environment = last.environment;
  then.policy_sha256 = last.policy_sha256;
  then.config_sha256 = last.config_sha256;
  if (plan != nullptr) then.owner = plan->owner;

  std::vector<Attempt> attempts = run.judged;
  Attempt unknown;  // its defaults say: unknown_crash, not checked
  unknown.route = last.route;
  unknown.family = last.family;
  unknown.provider = last.provider;
  unknown.contract_version = last.contract_version;
  unknown.request_id = last.request_id;
  unknown.sent_at = last.stamp.wall;
  unknown.planned_wait = last.planned_wait;
  attempts.push_back(unknown);

  const RunFacts facts{last.check_id, last.trigger, std::string(build), RunEnd::crashed};
  Outcome outcome = summarise(then, facts, std::move(attempts));
  if (!same_policy) {
    if (last.mode != Mode::direct) outcome.attempt_budget = 0;  // not known
    outcome.within_budget = WithinBudget::unknown;
    outcome.backoff_policy_seen = Seen::not_exercised;
    outcome.jitter_seen = Seen::not_exercised;
    outcome.unresolved.emplace_back(policy_not_loaded);
  }
  outcome.caller_uid = last.caller_uid;
  return decide(then, std::move(outcome), RunEnd::crashed, Gap::none);
}

}  // namespace smokeledger::probes::core
